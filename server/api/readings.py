"""What a document reads like: its paragraphs, the brackets in them and the progress counts (B6).

Each room reads its own text again where it has changed. What takes tens of milliseconds, a long text that was never
read, is read by a thread.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from crdt.brackets import Counts, Reading
from crdt.brackets.live import Live, open_by_paragraph
from crdt.brackets.watch import Sight, Watch
from crdt.document import Document
from crdt.paragraphs import Paragraph
from server.api.parties import Parties, register_of
from server.errors import not_found
from server.rooms import Room
from server.rooms.brackets import Brackets
from server.rooms.inbox import Scene
from server.rooms.opening import document_at
from server.rooms.registry import Rooms
from server.rooms.standing import Lock, Standing
from server.store import Store, meetings

NEAR = 20_000
"""Characters that are read at once, in some 8 ms."""

ATTEMPTS = 3
"""How often a thread reads a text that goes on changing."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document after entry `seq`, read."""

    seq: int
    sight: Sight
    locks: Mapping[str, Lock]  # by paragraph
    brackets: Brackets
    parties: Parties  # by whose names it was read

    @classmethod
    def of(cls, scene: Scene, parties: Parties) -> "Text":
        """What a command finds, read at once."""
        return seen(scene.document, scene.standing, scene.seq - 1, parties)

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        return self.sight.paragraphs

    @property
    def reading(self) -> Reading:
        return self.sight.reading

    @property
    def counts(self) -> Counts:
        return self.sight.counts

    def open_brackets(self) -> Mapping[int, int]:
        """How many open pairs begin in a paragraph or cross it, by its index; none: 0."""
        return open_by_paragraph(self.reading)


class Readings:
    def __init__(self, store: Store, rooms: Rooms) -> None:
        self._store = store
        self._rooms = rooms
        self._under_way: dict[str, asyncio.Task[None]] = {}  # by document: what a thread reads

    async def now(self, document: str, meeting: str) -> Text:
        """As it is on disk. Raises Problem when it cannot be opened."""
        named = await self._store.read(lambda connection: parties(connection, meeting))
        room = await self._rooms.room(document)
        for _ in range(ATTEMPTS):
            text = await room.read(partial(_near, room, named))
            if text is not None:
                return text
            task = self._under_way.get(document)
            if task is None:
                task = self._under_way[document] = asyncio.create_task(_read_aside(room, named))
                task.add_done_callback(lambda _: self._under_way.pop(document))
            await asyncio.shield(task)
        return await room.read(lambda found: seen(found, room.standing, room.seq, named))

    async def at(self, document: str, meeting: str, seq: int) -> Text:
        """As it was after entry `seq`. Raises Problem when the record has no such entry."""
        room = await self._rooms.room(document)
        if seq > room.seq:
            raise not_found("entry of the record")
        named = await self._store.read(lambda connection: parties(connection, meeting))
        found, standing = await document_at(self._store, document, seq)
        return await asyncio.to_thread(seen, found, standing, seq, named)


def parties(connection: Connection, meeting: str) -> Parties:
    """Who may be named in the brackets of this meeting's documents."""
    return tuple((each.code, each.name) for each in meetings.delegations(connection, [meeting])[meeting])


def seen(document: Document, standing: Standing, seq: int, named: Parties) -> Text:
    """The document as it is now, after entry `seq`."""
    watch = _watch(document, standing, named)
    return Text(seq, watch.sight(), standing.locks, standing.brackets, named)


def _watch(document: Document, standing: Standing, named: Parties) -> Watch:
    document.brackets.live.rename(register_of(named))
    document.brackets.agreed = standing.locked
    return document.brackets


def _near(room: Room, named: Parties, document: Document) -> Text | None:
    """The text, unless too much of it was never read."""
    watch = _watch(document, room.standing, named)
    if watch.live.unread(document.paragraphs()) > NEAR:
        return None
    return seen(document, room.standing, room.seq, named)


async def _read_aside(room: Room, named: Parties) -> None:
    paragraphs, locked = await room.read(lambda found: (found.paragraphs(), room.standing.locked))
    live = Live(register_of(named))
    await asyncio.to_thread(live.read, paragraphs, locked)
    await room.read(lambda found: found.brackets.adopt(live))
