"""From the bytes of an update to a verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from crdt.errors import Diverged, Malformed
from crdt.gate.arrivals import Arrivals
from crdt.gate.causality import plausible
from crdt.gate.homes import Homes
from crdt.gate.inserted import concerned, in_document_order, in_order_of_clocks
from crdt.gate.schema import fits, paragraph_id, plain
from crdt.gate.verdict import Accepted, Reason, Refusal, Refused, Trimmed, Verdict
from crdt.index import Changes, Piece, TextIndex
from crdt.sequence import head_of
from crdt.update import PEER, STRING, Range, Struct, Update, decode, encode, joined

NOTHING_NEW: Final = Accepted(b"\x00\x00", fresh=False)


def judge(
    index: TextIndex,
    arrivals: Arrivals,
    owners: dict[int, str],
    data: bytes,
    participant: str,
    refuse: Reason | None = None,
) -> Verdict:
    """The verdict on an update of a participant, who may not write if there is a reason to `refuse`.

    What is accepted has come into `index`, `arrivals` and `owners`; otherwise they stay as they were.
    """
    if len(data) > PEER.size:
        return Refused(Refusal(Reason.TOO_LARGE))
    try:
        update = decode(data)
    except Malformed:
        return Refused(Refusal(Reason.MALFORMED))
    return _Case(index, arrivals, owners, data, update, participant).verdict(refuse)


def admit(index: TextIndex, arrivals: Arrivals, owners: dict[int, str], update: Update, participant: str) -> None:
    """Take an update that the record holds: it was judged when it came. Diverged when it leaves a gap."""
    structs = index.fresh(update)
    if structs is None:
        raise Diverged("an update of the record leaves a gap")
    index.integrate(structs, update.deletes)
    arrivals.take(structs, participant, owners)
    for struct in structs:
        owners.setdefault(struct.client, participant)


@dataclass(slots=True)
class _Case:
    """One update before the gate."""

    index: TextIndex
    arrivals: Arrivals
    owners: dict[int, str]
    data: bytes
    update: Update
    participant: str
    structs: tuple[Struct, ...] = ()
    """What is new of it, each struct after those it names."""
    deletes: dict[int, list[Range]] = field(default_factory=dict)
    """Of what it deletes: what lives."""
    first: str | None = None
    """The paragraph that the document begins with, if it would delete that newline."""

    def verdict(self, refuse: Reason | None) -> Verdict:
        flaw = self._flaw()
        if flaw is not None:
            return self._refused(refuse or flaw, in_order_of_clocks(self.structs or self.update.structs))
        changes, total = Changes(), self.arrivals.total
        try:
            self._stage(changes)
            flaw = refuse or self._flaw_of_outcome()
        except Malformed:  # an origin or a delete range cuts a surrogate pair
            flaw = refuse or Reason.SCHEMA
        if flaw is None and (self.structs or self.deletes):
            return self._taken()
        text = in_document_order(self.index, changes) if flaw else ()
        harmless = flaw is None or (refuse is not None and self._tidies(changes))
        self.index.revert(changes)
        self.arrivals.revert(total, changes.ends)
        if harmless and not self.structs and self.first is None:
            return NOTHING_NEW
        return self._refused(flaw or Reason.SCHEMA, text)

    # -- before it touches anything

    def _flaw(self) -> Reason | None:
        """What is wrong with it, whatever would come of it."""
        try:
            fresh = self.index.fresh(self.update)
        except Malformed:  # what is known of a struct ends inside a surrogate pair
            return Reason.SCHEMA
        if fresh is None:
            return Reason.GAP
        self.structs = fresh
        for struct in fresh:
            if not self._owns(struct.client):
                return Reason.FOREIGN_AUTHOR
        homes = Homes(self.index)
        for struct in fresh:
            if not fits(struct, homes.settle(struct)):
                return Reason.SCHEMA
        if (self.update.deletes or homes.keys) and not self._exist(homes.keys):
            return Reason.GAP
        if homes.keys:
            self.structs = tuple([one for struct in fresh for one in plain(struct)])
        return None

    def _owns(self, client: int) -> bool:
        """W5: a client id belongs to the first participant who used it."""
        owner = self.owners.get(client)
        return owner == self.participant if owner is not None else self.index.end(client) == 0

    def _exist(self, keys: Iterable[str]) -> bool:
        """Whether everything exists that it deletes or sets the attributes of: or it would reach into the future."""
        ends = {struct.client: struct.clock + struct.size for struct in self.structs}
        named = [paragraph_id(key) for key in keys]
        for client, ranges in self.update.deletes.items():
            named.extend((client, clock + size - 1) for clock, size in ranges[-1:])  # they are sorted
        return all(ident and (self.index.knows(ident) or ident[1] < ends.get(ident[0], 0)) for ident in named)

    # -- as the document would be

    def _stage(self, changes: Changes) -> None:
        """Integrate it, without what it may not delete; Malformed inside a surrogate pair."""
        if self.structs:
            self.index.integrate(self.structs, {}, changes)
            self.arrivals.take(self.structs, self.participant, self.owners)
        if not self.update.deletes:
            return
        for client, ranges in self.update.deletes.items():
            living = joined(
                self._allowed(piece for at, size in ranges for piece in self.index.pieces(client, at, size))
            )
            if living:
                self.deletes[client] = living
        self.index.integrate((), self.deletes, changes)

    def _allowed(self, pieces: Iterable[Piece]) -> Iterator[Range]:
        """T1: the first character of the text stays, and with it the paragraph that others may be typing into."""
        for piece in pieces:
            skip = 0
            if piece.text[:1] == "\n" and head_of(self.index.items.at((piece.client, piece.clock)).left) is None:
                self.first = f"{piece.client}-{piece.clock}"
                skip = 1
            if piece.size > skip:
                yield piece.clock + skip, piece.size - skip

    def _flaw_of_outcome(self) -> Reason | None:
        begins_well = self.index.text.first is None or self.index.text.first.head
        for struct in self.structs:
            exposed = struct.kind == STRING and (struct.origin is None or not begins_well)
            if exposed and self.index.paragraph_of((struct.client, struct.clock)) is None:
                return Reason.SCHEMA  # T1: characters before the first newline
            if not plausible(self.index, self.arrivals, struct):
                return Reason.SCHEMA  # W3
        return None

    def _tidies(self, changes: Changes) -> bool:
        """W4: Yjs clients delete redundant formatting marks by themselves, readers' too."""
        return all(isinstance(item.value, list) for item in changes.killed)

    # -- the verdict

    def _taken(self) -> Verdict:
        for struct in self.structs:
            self.owners.setdefault(struct.client, self.participant)
        if self.update.tidy and self.deletes == self.update.deletes and self._came_so():
            return Accepted(self.data)
        update = encode(Update(self.structs, self.deletes))
        if self.first is None:
            return Accepted(update)
        return Trimmed(update, Refusal(Reason.SCHEMA, (self.first,)))

    def _came_so(self) -> bool:
        """Whether its structs are all new, and to be passed on as they are."""
        return len(self.structs) == len(self.update.structs) and all(struct.source for struct in self.structs)

    def _refused(self, reason: Reason, text: tuple[str, ...]) -> Refused:
        return Refused(Refusal(reason, concerned(self.index, self.update), text))
