"""Books read out of a database, for a process that makes papers or a command."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection

from crdt.errors import Diverged
from server.past.book import MOMENTS, Book, Line
from server.rooms.author import Author, author_of
from server.rooms.updates import CARRIED, CHANGES, update_of
from server.store import Entry, Store, people, record

KEPT = 2  # books: papers are made of one document after the other
AT_ONCE = 2_000  # entries that are read from the database in one go


class Shelf:
    """The books of one database. The latest that were asked for are kept."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._books: OrderedDict[str, Book] = OrderedDict()

    async def book(self, document: str, until: int) -> Book:
        """Read up to entry `until`, which is there. Raises Unavailable, Diverged."""
        book = self._books.pop(document, None) or Book()
        while book.read < until:
            part = await self.store.read(partial(following, document=document, after=book.read, until=until))
            for line in part:
                book.take(line)
            if len(part) < AT_ONCE:
                book.read = until
        self._books[document] = book
        if len(self._books) > KEPT:
            self._books.popitem(last=False)
        return book

    async def authors(self, participants: Collection[str]) -> Mapping[str, Author]:
        """By participant, with the names that they have now."""
        found = await self.store.read(lambda connection: people.named(connection, participants))
        return {id_: author_of(each) for id_, each in found.items()}


def following(connection: Connection, document: str, after: int, until: int) -> list[Line]:
    """The next entries that matter here, at most so many at once. Raises Diverged when one is broken."""
    found = record.entries(connection, document, after, until, AT_ONCE, CHANGES | MOMENTS)
    return [Line(each.seq, each.kind, each.participant, each.at, update_of(each), _said(each)) for each in found]


def _said(entry: Entry) -> dict[str, Any]:
    """What an entry of the kinds that a timeline marks says; of others nothing."""
    if entry.kind not in MOMENTS:
        return {}
    try:
        said = json.loads(entry.payload or b"")
    except ValueError as fault:
        raise Diverged(f"entry {entry.seq} of document {entry.document} cannot be read") from fault
    return {name: value for name, value in said.items() if name != CARRIED} if isinstance(said, dict) else {}


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
