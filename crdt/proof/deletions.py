"""What was deleted of a revision since, by whom and when: character by character, told in stretches."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from crdt.items import Item
from crdt.proof.entries import Recorded
from crdt.proof.replay import Death, Replay
from crdt.units import cut_utf16

HOUR: Final = len("2026-11-26T02")


@dataclass(slots=True)
class Deletion:
    """Text of one paragraph, as it stood there, that one participant deleted in the course of an hour. A newline at its
    beginning: the paragraph was joined to the one before, or is gone."""

    paragraph: str
    text: str
    first: Recorded  # of the entries that did it
    last: Recorded


@dataclass(slots=True)
class _Walk:
    """Goes through the text in its order, dead characters too."""

    ends: Mapping[int, int]
    deaths: Mapping[int, Sequence[Death]]
    paragraph: str = ""  # of the revision
    open: bool = False  # whether the last deletion may go on
    found: list[Deletion] = field(default_factory=list)

    def pass_(self, item: Item) -> None:
        if not item.text or item.clock >= self.ends.get(item.client, 0):
            return  # not there then
        death = None if item.alive else self._death(item)
        if death is None and not item.alive:
            return  # gone before
        if item.text[0] == "\n":
            self.paragraph = item.id
            self.open = False
        if death is None:
            self.open = False
            return
        self._note(cut_utf16(item.text, min(item.size, death.stop - item.clock))[0], death.entry)

    def _death(self, item: Item) -> Death | None:
        known = self.deaths.get(item.client, ())
        at = bisect_right(known, item.clock, key=attrgetter("clock"))
        return known[at - 1] if at and item.clock < known[at - 1].stop else None

    def _note(self, text: str, entry: Recorded) -> None:
        last = self.found[-1] if self.open else None
        if last is not None and last.last.by == entry.by and last.last.at[:HOUR] == entry.at[:HOUR]:
            last.text += text
            last.first = min(last.first, entry, key=attrgetter("seq"))
            last.last = max(last.last, entry, key=attrgetter("seq"))
            return
        self.found.append(Deletion(self.paragraph, text, entry, entry))
        self.open = True


def deletions(replay: Replay) -> Iterator[Deletion]:
    """Of the revision before, in the order of its text."""
    deaths = {client: sorted(found, key=attrgetter("clock")) for client, found in replay.deaths.items()}
    walk = _Walk(replay.ends, deaths)
    for item in replay.index.text:
        walk.pass_(item)
    yield from walk.found
