"""An update on trial: it comes into the index, is looked at there, and stays whole, in part, or not at all."""

from collections.abc import Iterator, Mapping, Sequence

from crdt.gate.arrivals import Arrivals
from crdt.gate.causality import Causality
from crdt.gate.homes import COLLECTED
from crdt.gate.inserted import in_document_order
from crdt.gate.locks import AS_IT_CAME, Locks, Reach, reach_of
from crdt.gate.verdict import Reason, Refusal
from crdt.index import Changes, Piece, TextIndex
from crdt.sequence import head_of
from crdt.update import CLOCKS, GC, STRING, Range, Struct, joined


class Trial:
    def __init__(self, index: TextIndex, arrivals: Arrivals, locks: Locks) -> None:
        self.structs: tuple[Struct, ...] = ()
        self.deletes: dict[int, list[Range]] = {}
        """What it deletes in the end."""
        self.refusal: Refusal | None = None
        """What was not taken, when the rest stays."""
        self.changed: dict[str, None] = {}
        """Locked paragraphs that it would have changed."""
        self._index = index
        self._arrivals = arrivals
        self._locks = locks
        self._total = arrivals.total
        self._inserted = Changes()
        self._deleted = Changes()
        self._pieces: list[Piece] = []
        """What lives of what it would delete …"""
        self._own: list[Piece] = []
        """… but for these, which it inserted itself."""
        self._first: Piece | None = None
        """Among these, the newline that the document begins with."""

    def insert(self, structs: tuple[Struct, ...], participant: str, owners: Mapping[int, str]) -> Reason | None:
        """Its structs come in, up to one that is flawed; Malformed when an origin cuts a surrogate pair."""
        self.structs = structs
        causality = Causality(self._index, self._arrivals)
        for struct in structs:
            self._inserted.ends.setdefault(struct.client, struct.clock)
            self._arrivals.take(struct, participant, owners)
            if struct.kind != GC and (flaw := causality.flaw(struct)):
                return flaw
            self._index.integrate((struct,), {}, self._inserted)
            if struct.kind == STRING and self._stands_before_all(struct):
                return Reason.SCHEMA
        return None

    def _stands_before_all(self, struct: Struct) -> bool:
        """T1: no character stands before the first newline. (It can only when the text begins with something else.)"""
        first = self._index.text.first
        exposed = first is not None and not first.head
        return exposed and self._index.paragraph_of((struct.client, struct.clock)) is None

    def aim(self, deletes: Mapping[int, Sequence[Range]]) -> None:
        """See what it would delete; Malformed when a range cuts a surrogate pair."""
        for client, ranges in deletes.items():
            end = self._inserted.ends.get(client, CLOCKS)
            for clock, size in ranges:
                for piece in self._index.pieces(client, clock, size):
                    (self._own if piece.clock >= end else self._pieces).append(piece)
                    if piece.text[:1] == "\n" and self._is_first(piece):
                        self._first = piece

    def _is_first(self, piece: Piece) -> bool:
        return head_of(self._index.items.at((piece.client, piece.clock)).left) is None

    def settle(self, struck: Sequence[str]) -> Reason | None:
        """Delete as much as locked paragraphs allow; LOCKED when nothing of it can stay.

        `struck`: keys to which `structs` no longer writes.
        """
        if not (self._locks or self._pieces or self._own or struck):
            return None
        self.changed.update((key, None) for key in struck if key != COLLECTED)
        reach = self._reach() if self._locks else Reach()
        self.changed.update(reach.paragraphs)
        for extent in reach.extents:
            self._delete(extent, reach)
            changed = self._locks.changed(self._index) if reach.touches else []
            if not changed:
                self._say(extent, reach, bool(struck))
                return None
            self.changed.update(dict.fromkeys(changed))
            self._index.revert(self._deleted)
        return Reason.LOCKED

    def _reach(self) -> Reach:
        """What it does to locked paragraphs, when it has deleted what it inserted itself."""
        for piece in self._own:
            if piece is not self._first:
                self._index.integrate((), {piece.client: [(piece.clock, piece.size)]}, self._inserted)
        return reach_of(self._index, self._locks, self._inserted, self._pieces)

    def _delete(self, extent: int, reach: Reach) -> None:
        ranges: dict[int, list[Range]] = {}
        for client, clock, size in self._ranges(extent, reach):
            ranges.setdefault(client, []).append((clock, size))
        self.deletes = {client: joined(found) for client, found in ranges.items()}
        self._deleted = Changes()
        if self.deletes:
            self._index.integrate((), self.deletes, self._deleted)

    def _ranges(self, extent: int, reach: Reach) -> Iterator[tuple[int, int, int]]:
        spared = reach.spared(extent)
        for piece in (*self._pieces, *self._own):
            # T1: the first character of the text stays, and with it the paragraph that others may be typing into.
            skip = max(spared.get(piece, 0), piece is self._first)
            if skip < piece.size:
                yield piece.client, piece.clock + skip, piece.size - skip
        for item in reach.buried_at(extent):
            yield item.client, item.clock, item.size

    def _say(self, extent: int, reach: Reach, struck: bool) -> None:
        if extent != AS_IT_CAME or struck:
            self.refusal = Refusal(Reason.LOCKED, tuple(self.changed), tuple(reach.text))
        elif self._first is not None:
            self.refusal = Refusal(Reason.SCHEMA, (f"{self._first.client}-{self._first.clock}",))

    def give_back(self) -> Reason | None:
        """What was deleted lives again; why not all could be."""
        self._index.revert(self._deleted)
        return None if self.refusal is None else self.refusal.reason

    @property
    def only_tidies(self) -> bool:
        """W4: Yjs clients delete redundant formatting marks by themselves, readers' too."""
        return not self.structs and not any(piece.text or piece.key is not None for piece in self._pieces)

    def text(self) -> tuple[str, ...]:
        """The strings that it would have inserted, in the order of the document."""
        self._delete(AS_IT_CAME, Reach())
        return in_document_order(self._index, self._inserted)

    def undo(self) -> None:
        """Take it out again."""
        self._index.revert(self._deleted)
        self._index.revert(self._inserted)
        self._arrivals.revert(self._total, self._inserted.ends)
