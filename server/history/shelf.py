"""The chronicles of the documents that are asked about, in the process that reads them, and what they are asked.

A chronicle is made once of a whole record and follows it from there: any point of it, whoever wrote it, and any two
points side by side are then a matter of milliseconds.
"""

import asyncio
import gc
import json
from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection

from crdt.chronicle import Chronicle, Past
from crdt.errors import Diverged
from crdt.redline import Compared, compare
from server.rooms.standing import Author, author_of
from server.rooms.updates import CHANGES, update_of
from server.store import Entry, Store, people, record
from server.tables import EntryKind

MOMENTS = frozenset(
    {EntryKind.LOCK, EntryKind.UNLOCK, EntryKind.FREEZE, EntryKind.RESOLUTION, EntryKind.SNAPSHOT, EntryKind.RESTORE}
)
"""Kinds of entries that a timeline marks. What is said in comments is never read here."""

AT_ONCE = 5_000  # entries that are read from the database in one go
ROOM = 500_000  # entries of all chronicles that are kept, some 300 MB
COMPARISONS = 16  # that are kept of each document
MINUTE = len("2026-11-26T02:11")  # what times of the same minute have in common

Point = tuple[int, str, str]
"""Seq, participant and time of an entry."""


class Acts(dict[int, Hashable]):
    """Changes that one participant made within a minute make one span."""

    def __init__(self, chronicle: Chronicle) -> None:
        super().__init__()
        self._made = chronicle.made

    def __missing__(self, seq: int) -> Hashable:
        made = self._made[seq]
        act = self[seq] = (made.participant, made.at[:MINUTE])
        return act


@dataclass
class Book:
    """A document's chronicle, and the moments of its record."""

    chronicle: Chronicle = field(default_factory=Chronicle)
    read: int = 0  # seq of the last entry that was read
    moments: list[tuple[Point, str, dict[str, Any]]] = field(default_factory=list)  # with kind and payload
    compared: OrderedDict[tuple[int, int], list[Compared]] = field(default_factory=OrderedDict)

    def take(self, entry: Entry) -> None:
        """Raises Diverged when the record is broken."""
        said = _said(entry)
        if entry.kind in MOMENTS:
            self.moments.append(((entry.seq, entry.participant, entry.at), entry.kind, said))
        update = update_of(entry)
        if update is not None:
            restores = said["seq"] if entry.kind == EntryKind.RESTORE else None
            self.chronicle.take(entry.seq, entry.participant, entry.at, update, restores)
        self.read = entry.seq

    def at(self, seq: int) -> list[Past]:
        return self.chronicle.at(seq)

    def compare(self, old: int, new: int) -> list[Compared]:
        found = self.compared.get((old, new))
        if found is None:
            found = compare(self.at(old), self.at(new), (old, new), Acts(self.chronicle))
            self.compared[old, new] = found
            if len(self.compared) > COMPARISONS:
                self.compared.popitem(last=False)
        return found


class Shelf:
    """The books of one database. The latest that were asked for are kept."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._books: OrderedDict[str, Book] = OrderedDict()

    async def book(self, document: str, until: int) -> Book:
        """Read up to entry `until`, which is there. Raises Unavailable, Diverged."""
        book = self._books.pop(document, None) or Book()
        if book.read < until:
            await self._read(book, document, until)
        self._books[document] = book
        while len(self._books) > 1 and sum(each.read for each in self._books.values()) > ROOM:
            self._books.popitem(last=False)
            gc.unfreeze()
        return book

    async def _read(self, book: Book, document: str, until: int) -> None:
        """Without a search for garbage, which doubles the time; nor is there any in what has been read, so it is not
        looked through again: a million objects take longer than most questions."""
        gc.disable()
        try:
            while book.read < until:
                part = await self.store.read(partial(_following, document=document, after=book.read, until=until))
                for entry in part:
                    book.take(entry)
                if len(part) < AT_ONCE:
                    book.read = until
            book.chronicle.rows()
        finally:
            gc.freeze()
            gc.enable()

    async def entry(self, document: str, seq: int) -> Entry | None:
        """None: before the first."""
        found = await self.store.read(partial(record.entries, document=document, after=seq - 1, until=seq))
        return found[0] if found else None

    async def authors(self, participants: Collection[str]) -> Mapping[str, Author]:
        """By participant, with the names that they have now."""
        found = await self.store.read(lambda connection: people.named(connection, participants))
        return {id_: author_of(each) for id_, each in found.items()}


def _said(entry: Entry) -> dict[str, Any]:
    """What an entry of the kinds that a timeline marks says; of others nothing."""
    if entry.kind not in MOMENTS:
        return {}
    try:
        said = json.loads(entry.payload or b"")
    except ValueError as fault:
        raise Diverged(f"entry {entry.seq} of document {entry.document} cannot be read") from fault
    return said if isinstance(said, dict) else {}


def _following(connection: Connection, document: str, after: int, until: int) -> list[Entry]:
    return record.entries(connection, document, after, until, AT_ONCE, CHANGES | MOMENTS)


class _Desk:
    """Where a process reads: one loop, one database, for as long as it lives."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._shelves: dict[str, Shelf] = {}

    def run(self, url: str, work: Any, *arguments: Any) -> Any:
        """`work(shelf, …)`, a coroutine function."""
        return self._runner.run(self._work(url, work, arguments))

    async def _work(self, url: str, work: Any, arguments: tuple[Any, ...]) -> Any:
        if url not in self._shelves:
            self._shelves[url] = Shelf(await Store.open(url, may_create=False))
        return await work(self._shelves[url], *arguments)


_DESK = _Desk()


def at_desk(url: str, work: Any, *arguments: Any) -> Any:
    """In the process beside: what the coroutine function gives. Each process has one desk, and its chronicles stay."""
    return _DESK.run(url, work, *arguments)
