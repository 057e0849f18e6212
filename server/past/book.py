"""A document's chronicle, and the moments of its record."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any, Final, NamedTuple

from crdt.chronicle import Chronicle, Past
from crdt.redline import Compared, compare

MOMENTS: Final = frozenset({"lock", "unlock", "freeze", "resolution", "snapshot", "restore"})
"""Kinds of entries that a timeline marks. What is said in comments is never read here."""

COMPARISONS = 16  # that are kept
MINUTE: Final = len("2026-11-26T02:11")  # what times of the same minute have in common


class Line(NamedTuple):
    """An entry of a record, as far as its text and its moments are concerned. `said`: what one of `MOMENTS` says."""

    seq: int
    kind: str
    participant: str
    at: str
    update: bytes | None
    said: Mapping[str, Any]


class Acts(dict[int, Hashable]):
    """Changes that one participant made within a minute make one span."""

    def __init__(self, chronicle: Chronicle) -> None:
        super().__init__()
        self._made = chronicle.made

    def __missing__(self, seq: int) -> Hashable:
        made = self._made[seq]
        act = self[seq] = (made.participant, made.at[:MINUTE])
        return act


class Book:
    """`read`: seq of the last entry that was read."""

    def __init__(self) -> None:
        self.chronicle = Chronicle()
        self.read = 0
        self.moments: list[Line] = []
        self._compared: OrderedDict[tuple[int, int], list[Compared]] = OrderedDict()

    def take(self, line: Line) -> None:
        """Raises Diverged when the record is broken."""
        if line.kind in MOMENTS:
            self.moments.append(line._replace(update=None))
        if line.update is not None:
            restores = line.said["seq"] if line.kind == "restore" else None
            self.chronicle.take(line.seq, line.participant, line.at, line.update, restores)
        self.read = line.seq

    def at(self, seq: int) -> list[Past]:
        return self.chronicle.at(seq)

    def compare(self, old: int, new: int) -> list[Compared]:
        found = self._compared.get((old, new))
        if found is None:
            found = compare(self.at(old), self.at(new), (old, new), Acts(self.chronicle))
            self._compared[old, new] = found
            if len(self._compared) > COMPARISONS:
                self._compared.popitem(last=False)
        return found
