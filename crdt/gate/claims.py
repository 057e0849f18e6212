"""What an update says of itself, looked at before anything is touched: authors, gaps, homes and contents."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import Final

from crdt.errors import Malformed
from crdt.gate.homes import COLLECTED, Homes
from crdt.gate.schema import fits, paragraph_id, plain
from crdt.gate.verdict import Reason
from crdt.index import TextIndex
from crdt.update import Struct, Update, collected

AT_ONCE: Final = 50_000
"""Structs, and lines in them, that one update may bring: a thousand pages, which take about a second to look at."""


class Claims:
    def __init__(
        self, index: TextIndex, owners: Mapping[int, str], participant: str, update: Update, locked: Set[str]
    ) -> None:
        self.structs: tuple[Struct, ...] = ()
        """What is new of it, each struct after those it names; without flaw: as everyone reads it alike."""
        self.struck: list[str] = []
        """Keys of locked paragraphs to which it writes: of those structs only the ids are left."""
        self._index = index
        self._owners = owners
        self._participant = participant
        self._update = update
        self._locked = locked

    def flaw(self) -> Reason | None:
        """What is wrong with it, whatever would come of it."""
        try:
            fresh = self._index.fresh(self._update)
        except Malformed:  # what is known of a struct ends inside a surrogate pair
            return Reason.SCHEMA
        if fresh is None:
            return Reason.GAP
        self.structs = fresh
        if is_too_much(fresh):
            return Reason.TOO_LARGE
        for struct in fresh:
            if not self._owns(struct.client):
                return Reason.FOREIGN_AUTHOR
        homes = Homes(self._index)
        settled = [(struct, homes.settle(struct)) for struct in fresh]
        for struct, home in settled:
            if not fits(struct, home):
                return Reason.SCHEMA
        if (self._update.deletes or homes.keys) and not self._exist(homes.keys):
            return Reason.GAP
        if homes.keys:
            self.structs = tuple([one for struct, home in settled for one in self._read_alike(struct, home or "")])
        return None

    def _owns(self, client: int) -> bool:
        """W5: a client id belongs to the first participant who used it."""
        owner = self._owners.get(client)
        return owner == self._participant if owner is not None else self._index.end(client) == 0

    def _exist(self, keys: Iterable[str]) -> bool:
        """Whether everything exists that it deletes or sets the attributes of: or it would reach into the future."""
        ends = {struct.client: struct.clock + struct.size for struct in self.structs}
        named = [paragraph_id(key) for key in keys if key != COLLECTED]
        for client, ranges in self._update.deletes.items():
            named.extend((client, clock + size - 1) for clock, size in ranges[-1:])  # they are sorted
        return all(ident and (self._index.knows(ident) or ident[1] < ends.get(ident[0], 0)) for ident in named)

    def _read_alike(self, struct: Struct, home: str) -> Iterator[Struct]:
        if home == COLLECTED or home in self._locked:
            self.struck.append(home)
            yield collected(struct)
        else:
            yield from plain(struct)


def is_too_much(structs: Collection[Struct]) -> bool:
    """Whether it is more than is looked at at once."""
    return len(structs) > AT_ONCE or sum(map(_lines, structs)) > AT_ONCE


def _lines(struct: Struct) -> int:
    return struct.value.count("\n") if isinstance(struct.value, str) else 0
