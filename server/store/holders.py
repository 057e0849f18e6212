"""Whose token this is: what everybody asks who signs in. Those who ask in one moment are answered by one read.

A read costs a change of threads and a transaction, whatever it looks up: that was a third of what a thousand cost who
came back at once after a restart.
"""

import asyncio
from collections.abc import Mapping

from server import times
from server.store import people
from server.store.engine import Database
from server.tables import Participant


class Holders:
    """For one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._hashes: set[str] = set()  # of tokens that the next read will look up
        self._next: asyncio.Task[Mapping[str, Participant]] | None = None

    async def of(self, token_hash: str) -> Participant | None:
        """None: nobody's, revoked or expired, by what was committed when this was asked. Raises Unavailable."""
        if self._next is None:
            self._next = asyncio.create_task(self._read())
        self._hashes.add(token_hash)
        return (await asyncio.shield(self._next)).get(token_hash)  # it is others' answer, too

    async def _read(self) -> Mapping[str, Participant]:
        async with self._turn:
            hashes, self._hashes, self._next = self._hashes, set(), None
            return await self._database.read(lambda connection: people.of_credentials(connection, hashes, times.now()))
