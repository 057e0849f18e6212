"""The past of documents, for a server: read out of its database here, asked and told in a process beside."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from crdt.errors import Diverged
from server.aside import Aside, AsideDied
from server.history.shelf import AT_ONCE, following
from server.past import desk, telling
from server.past.book import Line
from server.rooms.author import author_of
from server.store import Store, Unavailable, people, record

log = logging.getLogger(__name__)

LONG = 5_000
"""Entries of a record that take some 200 ms to be read."""


class _Reader:
    """How far a document was read, and by whom it was written so far."""

    def __init__(self) -> None:
        self.read = 0
        self.writers: set[str] = set()
        self.turn = asyncio.Lock()


class History:
    """With a process of its own: whoever drags a slider does not wait for a paper to be made. All that is asked is
    answered in JSON; raises AsideDied, Unavailable, Diverged. Points are entries that are there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._aside = Aside(nice=5)
        self._readers: dict[str, _Reader] = {}
        self._preparing: set[asyncio.Task[None]] = set()

    async def diff(self, document: str, old: int, new: int) -> bytes:
        """What changed from after entry `old` to after entry `new`, either of which may be the later one."""
        return await self._ask(document, max(old, new), telling.diff, old, new)

    async def attribution(self, document: str, seq: int, paragraph: str | None = None) -> bytes:
        """Whose the text after entry `seq` is; `paragraph`: of the one with this id alone."""
        found = await self._store.read(partial(record.entries, document=document, after=seq - 1, until=seq))
        last = [(entry.participant, entry.at) for entry in found]
        writers = {participant for participant, _ in last}
        return await self._ask(
            document, seq, telling.attribution, seq, last[0] if last else None, paragraph, also=writers
        )

    async def timeline(self, document: str, until: int) -> bytes:
        """The decisions up to entry `until`, and how time went by."""
        return await self._ask(document, until, telling.timeline, until)

    async def paragraphs(
        self, document: str, seq: int, parties: Sequence[tuple[str, str]], threads: Mapping[str, int]
    ) -> bytes:
        """The text after entry `seq`. `parties`: by whose names brackets are read; `threads`: how many there are."""
        return await self._ask(document, seq, telling.paragraphs, seq, parties, threads)

    def soon(self, document: str, seq: int) -> None:
        """Somebody has this document open, and may want to know its past: a long one is read beforehand, once."""
        if seq < LONG or document in self._readers:
            return
        task = asyncio.create_task(self._prepare(document, seq))
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def close(self) -> None:
        for task in self._preparing:
            task.cancel()
        await asyncio.gather(*self._preparing, return_exceptions=True)
        await self._aside.close()

    async def _prepare(self, document: str, seq: int) -> None:
        try:
            await self._ask(document, seq, None)
        except (AsideDied, Unavailable, Diverged) as fault:
            log.warning("the past of a document was not read beforehand: %s", fault, extra={"document": document})

    async def _ask(
        self,
        document: str,
        until: int,
        question: Callable[..., bytes] | None,
        *arguments: Any,
        also: set[str] | frozenset[str] = frozenset(),
    ) -> bytes:
        """Gives the process what it has not read yet, a part at a time so that others come between, then the question.
        `also`: participants whose names it takes beside those who wrote."""
        reader = self._readers.setdefault(document, _Reader())
        async with reader.turn:
            while True:
                part = await self._next(document, reader.read, until)
                reader.writers |= {line.participant for line in part}
                if len(part) == AT_ONCE:
                    answer = await self._aside.run(desk.ask, document, reader.read, part, None)
                else:
                    asked = () if question is None else (await self._people(reader.writers | also), *arguments)
                    answer = await self._aside.run(desk.ask, document, reader.read, part, question, *asked)
                if answer is None:
                    reader.read = 0  # it was put away, or the process is a new one
                    continue
                reader.read = part[-1].seq if part else reader.read
                if len(part) < AT_ONCE:
                    return answer

    async def _next(self, document: str, after: int, until: int) -> list[Line]:
        if after >= until:
            return []
        return await self._store.read(partial(following, document=document, after=after, until=until))

    async def _people(self, participants: set[str]) -> dict[str, telling.By]:
        """With the names that they have now."""

        def named(connection: Connection) -> dict[str, telling.By]:
            return {id_: author_of(each).told() for id_, each in people.named(connection, participants).items()}

        return await self._store.read(named)
