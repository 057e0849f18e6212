"""What a document reads like: its paragraphs, the brackets in them and the progress counts (B6).

Read once for each entry of the record and kept for a while, for many ask at once. Reading a long text takes tens of
milliseconds, so a thread does it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crdt.brackets import Counts, Reading, Register, count, read
from crdt.paragraphs import Paragraph
from server.errors import not_found
from server.rooms.inbox import Scene
from server.rooms.opening import document_at
from server.rooms.registry import Rooms
from server.rooms.standing import Lock
from server.store import Store, meetings

KEPT = 128  # documents


@dataclass(frozen=True, slots=True)
class Text:
    """A document after entry `seq`, read."""

    seq: int
    paragraphs: Sequence[Paragraph]
    reading: Reading
    counts: Counts

    locks: Mapping[str, Lock]  # by paragraph
    parties: "Parties"  # by whose names it was read

    @classmethod
    def of(cls, scene: Scene, parties: "Parties") -> "Text":
        """What a command finds, read at once: it keeps the loop for as long as that takes."""
        return read_text(scene.seq - 1, scene.document.paragraphs(), parties, scene.standing.locks)

    def open_brackets(self) -> Mapping[int, int]:
        """How many open pairs begin in a paragraph or cross it, by its index; none: 0."""
        found: dict[int, int] = {}
        for bracket in self.reading.brackets:
            for index in range(bracket.first, bracket.last + 1):
                found[index] = found.get(index, 0) + 1
        return found


Parties = tuple[tuple[str, str], ...]  # code and name of a meeting's delegations: attributions are read by them


class Readings:
    def __init__(self, store: Store, rooms: Rooms) -> None:
        self._store = store
        self._rooms = rooms
        self._kept: OrderedDict[str, tuple[Parties, Text]] = OrderedDict()
        self._under_way: dict[tuple[str, int, Parties], asyncio.Task[Text]] = {}

    async def now(self, document: str, meeting: str) -> Text:
        """As it is on disk. Raises Problem when it cannot be opened."""
        named = await self._store.read(lambda connection: parties(connection, meeting))
        room = await self._rooms.room(document)
        seq, paragraphs, locks = await room.read(lambda text: (room.seq, text.paragraphs(), room.standing.locks))
        kept = self._kept.get(document)
        if kept is not None and kept[0] == named and kept[1].seq == seq:
            self._kept.move_to_end(document)
            return kept[1]
        key = (document, seq, named)
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(
                asyncio.to_thread(read_text, seq, paragraphs, named, locks)
            )
            task.add_done_callback(lambda done: self._keep(key, done))
        return await asyncio.shield(task)

    async def at(self, document: str, meeting: str, seq: int) -> Text:
        """As it was after entry `seq`. Raises Problem when the record has no such entry."""
        room = await self._rooms.room(document)
        if seq > room.seq:
            raise not_found("entry of the record")
        named = await self._store.read(lambda connection: parties(connection, meeting))
        text, standing = await document_at(self._store, document, seq)
        return await asyncio.to_thread(read_text, seq, text.paragraphs(), named, standing.locks)

    def _keep(self, key: tuple[str, int, Parties], done: "asyncio.Task[Text]") -> None:
        del self._under_way[key]
        if done.cancelled() or done.exception() is not None:
            return
        document, seq, named = key
        if document in self._kept and self._kept[document][1].seq > seq:
            return
        self._kept[document] = (named, done.result())
        self._kept.move_to_end(document)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def parties(connection: Connection, meeting: str) -> Parties:
    """Who may be named in the brackets of this meeting's documents."""
    return tuple((each.code, each.name) for each in meetings.delegations(connection, [meeting])[meeting])


def read_text(seq: int, paragraphs: Sequence[Paragraph], parties: Parties, locks: Mapping[str, Lock]) -> Text:
    """`paragraphs` and `locks` as they stand after entry `seq`."""
    reading = read(paragraphs, Register.of(parties))
    return Text(seq, paragraphs, reading, count(reading, paragraphs, locks), locks, parties)
