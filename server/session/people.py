"""Keeps sessions true to the rows of their people, in whatever process these were changed (P5, W4, W6)."""

import asyncio
import logging
from collections.abc import Collection, Iterator
from itertools import islice

from server.auth.credentials import principal
from server.cancelling import ended
from server.errors import CloseCode
from server.fanout import EVERYBODY, Changed, Ended, Fanout
from server.session.sessions import Sessions
from server.store import Store, Unavailable, people

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""Seconds between two looks at everybody's rows while other processes cannot be heard."""

SELDOM = 5
"""Every so many-th of these looks is taken even while they can: a hint may be lost."""

AT_ONCE = 500
"""Participants in one query."""


class People:
    """`shared`: other processes may write to the same database. `async with People(…)` while sessions live."""

    def __init__(self, store: Store, sessions: Sessions, fanout: Fanout, *, shared: bool) -> None:
        self._store = store
        self._sessions = sessions
        self._fanout = fanout
        self._shared = shared
        self._changed: set[str] = set()  # of whom it was heard
        self._heard = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "People":
        self._fanout.watch(Changed, EVERYBODY, self._hear_changed)
        self._fanout.watch(Ended, EVERYBODY, self._hear_ended)
        if self._shared:
            self._tasks = [asyncio.create_task(self._look_when_told()), asyncio.create_task(self._look_around())]
            for task in self._tasks:
                task.add_done_callback(lambda task: task.cancelled() or task.result())  # a bug is not kept secret
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._fanout.unwatch(Changed, EVERYBODY, self._hear_changed)
        self._fanout.unwatch(Ended, EVERYBODY, self._hear_ended)
        await ended(self._tasks)

    async def look(self, participants: Collection[str]) -> None:
        """Reads these people's rows, as far as they are here; raises Unavailable."""
        known = self._sessions.people()
        for some in _parted(sorted(known.keys() & set(participants))):
            rows = await self._store.read(lambda connection, some=some: people.present(connection, some))  # type: ignore[misc]
            for participant in some:
                row = rows.get(participant)
                if row is None:
                    self._sessions.end_here(participant, CloseCode.SIGN_IN, "You were removed from the meeting.")
                elif principal(row) != known[participant]:
                    self._sessions.change_here(principal(row))

    def _hear_changed(self, changed: Changed) -> None:
        self._changed.update(changed.participants)
        self._heard.set()

    def _hear_ended(self, ended: Ended) -> None:
        for participant in ended.participants:
            self._sessions.end_here(participant, CloseCode(ended.code), ended.reason)

    async def _look_when_told(self) -> None:
        while True:
            await self._heard.wait()
            self._heard.clear()
            changed, self._changed = self._changed, set()
            await self._try(changed)

    async def _look_around(self) -> None:
        looks = 0
        while True:
            await asyncio.sleep(LOOK_S)
            looks += 1
            if not self._fanout.connected or looks % SELDOM == 0:
                await self._try(self._sessions.people())

    async def _try(self, participants: Collection[str]) -> None:
        try:
            await self.look(participants)
        except Unavailable as error:
            log.warning("who may take part cannot be read", extra={"cause": str(error)})


def _parted(participants: list[str]) -> Iterator[list[str]]:
    left = iter(participants)
    while some := list(islice(left, AT_ONCE)):
        yield some
