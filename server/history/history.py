"""The past of documents, for a server: asked here, read in a process beside."""

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from server.aside import Aside
from server.history.model import Redline
from server.history.redlines import redline
from server.history.shelf import Shelf, at_desk
from server.store import Store

P = ParamSpec("P")
R = TypeVar("R")


class History:
    """With a process of its own: whoever drags a slider does not wait for a paper to be made."""

    def __init__(self, store: Store) -> None:
        self._url = store.url
        self._aside = Aside()

    async def redline(self, document: str, old: int, new: int) -> Redline:
        """What changed between two entries of the record, which are there. Raises AsideDied, Unavailable, Diverged."""
        return await self.ask(redline, document, old, new)

    async def ask(
        self, work: Callable[Concatenate[Shelf, P], Coroutine[Any, Any, R]], *arguments: P.args, **named: P.kwargs
    ) -> R:
        """What a coroutine function of a module gives there. (Named arguments cannot be given.)"""
        result: R = await self._aside.run(at_desk, self._url, work, *arguments)
        return result

    async def close(self) -> None:
        await self._aside.close()
