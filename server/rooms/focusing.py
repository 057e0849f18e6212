"""Where the chair is: in no record, for it changes nothing, but known in every process that has the document open."""

from collections.abc import Callable

from server.fanout import Asking, Fanout, Focus


class Focusing:
    """Of one document. `on_move` is called whenever the chair has gone elsewhere, here or in another process."""

    def __init__(self, document: str, fanout: Fanout, on_move: Callable[[Focus], None]) -> None:
        self._document = document
        self._fanout = fanout
        self._on_move = on_move
        self._focus: Focus | None = None
        fanout.watch(Focus, document, self._hear)
        fanout.watch(Asking, document, self._tell)

    @property
    def paragraph(self) -> str | None:
        return None if self._focus is None else self._focus.paragraph

    def move(self, focus: Focus) -> None:
        self._hear(focus)
        self._fanout.tell(focus)

    def close(self) -> None:
        self._fanout.unwatch(Focus, self._document, self._hear)
        self._fanout.unwatch(Asking, self._document, self._tell)

    def _hear(self, focus: Focus) -> None:
        """It may be told again because somebody asked, and late."""
        if self._focus is None or focus.at > self._focus.at:
            self._focus = focus
            self._on_move(focus)

    def _tell(self, _: Asking) -> None:
        if self._focus is not None:
            self._fanout.tell(self._focus)
