"""Where the structs of an update would stand, before any of them does."""

from bisect import bisect_right
from typing import Final

from crdt.index import PARAGRAPHS, TEXT, TextIndex
from crdt.update import Id, Struct

Home = str | None
"""IN_TEXT, a key of `paragraphs`, COLLECTED, or None: nowhere that T1 knows."""

IN_TEXT: Final = ""

COLLECTED: Final = "gone"
"""Behind an entry of which only the ids were taken: its author was told, or will have to begin anew."""


class Homes:
    """The homes of an update's structs, told in the order in which they integrate."""

    def __init__(self, index: TextIndex) -> None:
        self.keys: set[str] = set()
        """Every home but the text that was met."""
        self._index = index
        self._new: dict[int, tuple[list[int], list[Home]]] = {}  # client: first clocks, homes

    def settle(self, struct: Struct) -> Home:
        """A struct's home: its origins' (they stand in the same, or they are not in order), or what it names."""
        home = self._of_struct(struct)
        clocks, homes = self._new.setdefault(struct.client, ([], []))
        clocks.append(struct.clock)
        homes.append(home)
        if home:
            self.keys.add(home)
        return home

    def _of_struct(self, struct: Struct) -> Home:
        neighbour = struct.origin or struct.right_origin
        if neighbour is not None:
            return self._of_id(neighbour)
        if struct.parent == TEXT and struct.key is None:
            return IN_TEXT
        return struct.key or None if struct.parent == PARAGRAPHS else None

    def _of_id(self, ident: Id) -> Home:
        if self._index.knows(ident):
            sequence = self._index.home(ident)
            return COLLECTED if sequence is None else sequence.key or IN_TEXT
        clocks, homes = self._new[ident[0]]
        return homes[bisect_right(clocks, ident[1]) - 1]
