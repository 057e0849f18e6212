"""The progress of a document over time: the counts of B6 from the whole record, and what each resolution did to them.

The record is replayed once and followed from there. There is a point after every entry that decided something, after
so many changes of the text, and after the last change of ten minutes: which there are follows from the record alone.
"""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from crdt.brackets import Counts, Register
from crdt.brackets.live import Live
from crdt.index import TextIndex
from crdt.update import OWN, decode
from server.api.parties import Parties, register_of
from server.api.readings import parties as parties_of
from server.rooms.updates import CHANGES, update_of
from server.store import Entry, Store, record
from server.tables import EntryKind

KEPT = 16  # documents that are followed
AT_ONCE = 2_000  # entries that are read from the database in one go
REST_ENTRIES, REST_S = 50, 0.0005  # how often, and how long, a long replay leaves the interpreter to others
EVERY = 250  # changes of the text
TEN_MINUTES = len("2026-11-25T22:1")  # what times of the same ten minutes have in common
DECISIONS = frozenset({EntryKind.LOCK, EntryKind.UNLOCK, EntryKind.RESTORE, EntryKind.RESOLUTION})
COUNTED = CHANGES | DECISIONS


@dataclass(frozen=True, slots=True)
class Point:
    """`brackets`: ids and outcomes of those that were resolved here; `before`: the counts before that."""

    seq: int
    at: str
    kind: str
    counts: Counts
    before: Counts | None = None
    brackets: tuple[tuple[str, str], ...] = ()


class Pass:
    """One pass over a record, as far as it has come."""

    def __init__(self, register: Register) -> None:
        self.seq = 0
        self.points: list[Point] = []
        self._live = Live(register)
        self._index = TextIndex()
        self._agreed: frozenset[str] = frozenset()
        self._changes = 0  # of the text since the last point
        self._last: Entry | None = None  # the latest change of the text, if no point stands after it

    def take(self, entries: Sequence[Entry]) -> None:
        """The next ones; those that follow from one change of the text are all among them."""
        for number, group in enumerate(_grouped(entries)):
            if number % REST_ENTRIES == 0:
                time.sleep(REST_S)
            self._take(group)
            self.seq = group[-1].seq

    def series(self) -> list[Point]:
        """All points, and where the text is now."""
        return self.points if self._last is None else [*self.points, self._after(self._last)]

    def _take(self, group: Sequence[Entry]) -> None:
        first, last = group[0], group[-1]
        if self._last is not None and self._last.at[:TEN_MINUTES] != first.at[:TEN_MINUTES]:
            self._note(self._after(self._last))
        resolved = tuple(_resolved(group))
        before = self._counts() if resolved else None
        update = update_of(first)
        if update is not None:
            self._index.apply(decode(update, OWN))
            self._last, self._changes = first, self._changes + 1
        if first.kind in (EntryKind.LOCK, EntryKind.UNLOCK) and first.payload is not None:
            paragraph = frozenset({json.loads(first.payload)["paragraph"]})
            self._agreed = self._agreed | paragraph if first.kind == EntryKind.LOCK else self._agreed - paragraph
        if resolved or first.kind in DECISIONS:
            self._note(Point(last.seq, last.at, last.kind, self._counts(), before, resolved))
        elif self._changes >= EVERY:
            self._note(self._after(first))

    def _after(self, entry: Entry) -> Point:
        return Point(entry.seq, entry.at, entry.kind, self._counts())

    def _note(self, point: Point) -> None:
        self.points.append(point)
        self._last, self._changes = None, 0

    def _counts(self) -> Counts:
        return self._live.read(self._index.paragraphs(), self._agreed)[1]


def _grouped(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """A change of the text with the resolutions that follow from it, or any other entry by itself."""
    group: list[Entry] = []
    for entry in entries:
        if group and not _follows(entry):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _follows(entry: Entry) -> bool:
    return entry.kind == EntryKind.RESOLUTION and update_of(entry) is None


def _resolved(group: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    for entry in group:
        if entry.kind == EntryKind.RESOLUTION and entry.payload is not None:
            said = json.loads(entry.payload)
            for each in (said, *said.get("others", ())):
                yield each.get("as", each["bracket"]), each["outcome"]


@dataclass(slots=True)
class _Followed:
    parties: Parties
    progress: Pass
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Progress:
    """Follows the records of the documents that are asked about. A process begins anew with each after its start."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._followed: OrderedDict[str, _Followed] = OrderedDict()

    async def of(self, document: str, meeting: str, until: int) -> list[Point]:
        """The series up to entry `until`, or beyond it."""
        named = await self._store.read(lambda connection: parties_of(connection, meeting))
        followed = self._followed.get(document)
        if followed is None or followed.parties != named:
            followed = self._followed[document] = _Followed(named, Pass(register_of(named)))
        self._followed.move_to_end(document)
        if len(self._followed) > KEPT:
            self._followed.popitem(last=False)
        async with followed.turn:
            return await self._go_on(document, followed.progress, until)

    async def _go_on(self, document: str, progress: Pass, until: int) -> list[Point]:
        while progress.seq < until:
            part = await self._store.read(lambda connection: _following(connection, document, progress.seq, until))
            await asyncio.to_thread(progress.take, _whole(part))
            if len(part) < AT_ONCE:
                progress.seq = until
        return await asyncio.to_thread(progress.series)


def _following(connection: Connection, document: str, after: int, until: int) -> list[Entry]:
    return record.entries(connection, document, after, until, AT_ONCE, COUNTED)


def _whole(part: list[Entry]) -> list[Entry]:
    """Without its last group, which may go on, if more is to come."""
    if len(part) < AT_ONCE:
        return part
    end = len(part) - 1
    while end > 1 and _follows(part[end]):
        end -= 1
    return part[:end]
