"""One document: pycrdt's engine, which holds, encodes and serves it, and the index, which knows its characters.

An update passes the gate into the index (what was judged), is written to the record by the room, and only then goes
to pycrdt (what is committed), so that nobody can read what is not yet on disk (W3). Between batches both are equal.
"""

import gc
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Self, TypeVar

import pycrdt

from crdt.brackets.watch import Watch
from crdt.comparison import difference, difference_from
from crdt.errors import Diverged, Malformed
from crdt.gate import NO_LOCKS, Arrivals, Locks, Reason, Verdict, admit, judge
from crdt.index import PARAGRAPHS, TEXT, TextIndex
from crdt.overtaking import Mark, Written, mark, overtake
from crdt.paragraphs import Paragraph
from crdt.update import OWN, decode
from crdt.varint import read_uint, write_uint

T = TypeVar("T")

LARGE = 16 * 1024
"""Bytes of a state that is kept until it changes: a smaller one is encoded in no time, and most are at rest."""


class Document:
    def __init__(self) -> None:
        self.index = TextIndex()
        self.brackets = Watch(self.index)
        self.arrivals = Arrivals()
        self.owners: dict[int, str] = {}  # Yjs client id: the participant who used it first (W5)
        self._locks = NO_LOCKS
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self._doc.get(TEXT, type=pycrdt.Text)  # neither is kept: what pycrdt makes of them takes 2 kB
        self._doc.get(PARAGRAPHS, type=pycrdt.Map)
        self._state: bytes | None = None

    @classmethod
    def new(cls) -> Self:
        return cls()

    @classmethod
    def load(cls, state: bytes, index_dump: bytes | None, owners: Mapping[int, str]) -> Self:
        """A document from what `dump` gave; Diverged when they do not fit. Without a dump the index is made anew."""
        document = cls()
        document.owners.update(owners)
        collecting = gc.isenabled()
        gc.disable()  # nothing here is garbage, and looking for some doubles the time
        try:
            document._take(state, index_dump)
        except Malformed as fault:  # our own bytes, so nobody's fault but ours
            raise Diverged(str(fault)) from fault
        finally:
            if collecting:
                gc.enable()
        return document

    def _take(self, state: bytes, index_dump: bytes | None) -> None:
        _native(self._doc.apply_update, state)
        if index_dump is None:
            self.index.apply(decode(state, OWN))
        else:
            self.index, self.arrivals = _unpack(index_dump, state)
            self.brackets = Watch(self.index)
        self._state = state if len(state) >= LARGE else None

    def dump(self) -> tuple[bytes, bytes, dict[int, str]]:
        """State, index and owners, between batches, when both engines are found equal (else Diverged)."""
        self.check()
        state, arrivals = self.state(), self.arrivals.dump()
        parts = (sha256(state).digest(), write_uint(len(arrivals)), arrivals, self.index.dump())
        return state, b"".join(parts), dict(self.owners)

    # -- what was judged

    def judge(
        self,
        update: bytes,
        participant: str,
        refuse: Reason | None = None,
        locked: frozenset[str] = frozenset(),
        *,
        entire: bool = False,
    ) -> Verdict:
        """What the gate makes of an update; what it accepts stands in the index at once. `locked`: paragraph ids;
        `entire`: all of it or nothing."""
        if locked is not self._locks.ids and locked != self._locks.ids:
            self._locks = Locks(locked, self.index)
        return judge(
            self.index, self.arrivals, self.owners, update, participant, refuse, self._locks, entire=entire,
            before=self.brackets.before,
        )  # fmt: skip

    def admit(self, update: bytes, participant: str) -> None:
        """Take an update of the record into the index: it was judged when it came. Diverged when it does not fit."""
        self._locks = NO_LOCKS  # whatever was locked may have been unlocked, edited and locked again meanwhile
        admit(self.index, self.arrivals, self.owners, decode(update, OWN), participant)

    def mark(self) -> Mark:
        """What has been judged so far, for `overtake`."""
        return mark(self.index, self.arrivals)

    def overtake(self, since: Mark, others: Written, own: Written, locked: frozenset[str] = frozenset()) -> Mark | None:
        """Take updates of the record in before `own`, which is all that was judged since the mark. `locked`: the same
        paragraphs for both. None where own updates must be judged again; then nothing is done. Diverged, before
        anything of `own` is written, if locked paragraphs do not read as they did."""
        if locked != self._locks.ids:
            self._locks = Locks(locked, self.index)
        between = overtake(self.index, self.arrivals, self.owners, since, others, own, locked=bool(locked))
        if between is not None and (changed := self._locks.changed(self.index)):
            raise Diverged(f"locked paragraphs changed by what came before others: {changed}")
        return between

    def paragraphs(self) -> tuple[Paragraph, ...]:
        return self.index.paragraphs()

    def text(self) -> str:
        return str(self.index)

    # -- what is committed

    def commit(self, updates: Sequence[bytes]) -> bytes:
        """Take a batch of judged updates into the state; the one update that receivers get for it."""
        merged = updates[0] if len(updates) == 1 else _native(pycrdt.merge_updates, *updates)
        _native(self._doc.apply_update, merged)
        self._state = None
        return merged

    def state(self) -> bytes:
        """All of it, as one update."""
        if self._state is not None:
            return self._state
        state = _native(self._doc.get_update)
        if len(state) >= LARGE:
            self._state = state
        return state

    def state_vector(self) -> bytes:
        return _native(self._doc.get_state)

    def missing(self, state_vector: bytes) -> bytes:
        """What somebody who has this much lacks; Malformed when it is no state vector."""
        theirs = _read_vector(state_vector)
        if not theirs:
            return self.state()
        ours = _read_vector(self.state_vector())
        common = {client: min(clock, ours[client]) for client, clock in theirs.items() if client in ours}
        for client, clock in common.items():
            if 0 < clock < ours[client] and self.index.splits_pair((client, clock)):
                common[client] = clock - 1
        return _native(self._doc.get_update, _write_vector(common))

    def check(self) -> None:
        """Compare index and pycrdt, between batches: ids, text, marks and attributes; Diverged when they differ."""
        ends = _read_vector(self.state_vector())
        found = difference(self.index, ends, *self._committed())
        if found is not None:
            raise Diverged(f"index and state differ in {found}")

    def check_against(self, paragraphs: Sequence[Paragraph]) -> None:
        """Compare pycrdt with paragraphs that are known without the index: text, marks and attributes; Diverged."""
        found = difference_from(paragraphs, *self._committed())
        if found is not None:
            raise Diverged(f"paragraphs and state differ in {found}")

    def _committed(self) -> tuple[list[tuple[str, dict[str, Any] | None]], dict[str, Any]]:
        """The text with its marks, and the attributes, as pycrdt reads them."""
        chunks = _native(self._doc.get(TEXT, type=pycrdt.Text).diff)
        return chunks, _native(self._doc.get(PARAGRAPHS, type=pycrdt.Map).to_py) or {}


def _unpack(index_dump: bytes, state: bytes) -> tuple[TextIndex, Arrivals]:
    if index_dump[:32] != sha256(state).digest():
        raise Diverged("the index was dumped with another state")
    size, at = read_uint(index_dump, 32)
    return TextIndex.load(index_dump[at + size :]), Arrivals.load(index_dump[at : at + size])


def _read_vector(data: bytes) -> dict[int, int]:
    """A state vector: how many pairs, then client and next clock of each."""
    count, at = read_uint(data, 0)
    if count > len(data):
        raise Malformed("a state vector is cut off")
    vector: dict[int, int] = {}
    for _ in range(count):
        client, at = read_uint(data, at)
        vector[client], at = read_uint(data, at)
    if at != len(data):
        raise Malformed("bytes after the end of the state vector")
    return vector


def _write_vector(vector: Mapping[int, int]) -> bytes:
    pairs = (write_uint(client) + write_uint(clock) for client, clock in vector.items())
    return write_uint(len(vector)) + b"".join(pairs)


def _native(call: Callable[..., T], *arguments: Any) -> T:
    """Call into pycrdt. Whatever it raises, its panics included, means that the gate let through what it cannot hold:
    the document has to be opened anew from the record."""
    try:
        return call(*arguments)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # pycrdt's panics derive from BaseException and have no name
        raise Diverged(f"pycrdt failed: {fault}") from fault
