"""When ids came, went, and were written first: by client and clock, to the seq of an entry of the record."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from typing import Final

from crdt.update import Id

FOREVER: Final = 1 << 53
"""No entry of any record."""


class Births:
    """A client's ids come in their order, so where each entry began is enough."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[list[int], list[int]]] = {}  # client: first clocks, seqs

    def note(self, client: int, clock: int, seq: int) -> None:
        """From this clock on a client's ids came with entry `seq`."""
        clocks, seqs = self.known.setdefault(client, ([], []))
        clocks.append(clock)
        seqs.append(seq)

    def of(self, ident: Id) -> int:
        clocks, seqs = self.known[ident[0]]
        return seqs[bisect_right(clocks, ident[1]) - 1]

    def within(self, client: int, clock: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Stretches of known ids that came together: clock, stop and seq."""
        clocks, seqs = self.known[client]
        place = bisect_right(clocks, clock) - 1
        while clock < stop:
            end = min(stop, clocks[place + 1]) if place + 1 < len(clocks) else stop
            yield clock, end, seqs[place]
            clock, place = end, place + 1


class Stretches:
    """Ranges of ids, none of them twice, each with a seq."""

    def __init__(self) -> None:
        self.known: dict[int, list[tuple[int, int, int]]] = {}  # client: clock, stop, seq; sorted

    def note(self, client: int, clock: int, stop: int, seq: int) -> None:
        insort(self.known.setdefault(client, []), (clock, stop, seq))

    def of(self, ident: Id) -> int | None:
        """None when no range holds it."""
        found = self.known.get(ident[0], [])
        place = bisect_right(found, (ident[1], FOREVER, 0)) - 1
        return found[place][2] if place >= 0 and ident[1] < found[place][1] else None

    def within(self, client: int, clock: int, stop: int) -> list[tuple[int, int, int]]:
        """Those that hold any id from `clock` to before `stop`."""
        found = self.known.get(client)
        if found is None:
            return []
        first = bisect_right(found, (clock, FOREVER, 0)) - 1
        first += first < 0 or found[first][1] <= clock
        return found[first : bisect_left(found, (stop, 0, 0))]
