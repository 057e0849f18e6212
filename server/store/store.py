"""The store: everything that must survive, behind a handful of calls."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Executable

from server.store import checkpoints, record, schema
from server.store.checkpoints import Checkpoint, Packed
from server.store.engine import Database, open_database
from server.store.holders import Holders
from server.store.record import Entry, EntryDraft, Head
from server.store.schema import Schema, WrongSchema


class Store:
    """Every call raises Unavailable when the database fails; then nothing of a write was done, as far as can be known.

    Other modules (people, meetings, documents …) hand functions of a Core connection to `read` and `write`:
    `await store.write(lambda connection: add_meeting(connection, …))`. They run in another thread or greenlet, so they
    touch nothing but the connection and their arguments.
    """

    def __init__(self, url: str, database: Database) -> None:
        self.url = url
        self._database = database
        self.read = database.read
        self.write = database.write
        self.holders = Holders(database)

    @classmethod
    async def open(cls, url: str, *, may_create: bool = True) -> "Store":
        """Checks the schema, and makes it in an empty database if that is allowed. Raises WrongSchema, Unavailable."""
        database = open_database(url, may_create=may_create)
        try:
            await _prepare(database, may_create)
        except BaseException:
            await database.close()
            raise
        return cls(url, database)

    async def close(self) -> None:
        await self._database.close()

    async def head(self, document: str) -> Head:
        return await self.read(lambda connection: record.head(connection, document))

    async def seqs(self, documents: Collection[str]) -> Mapping[str, int]:
        """Of the last entry of each of these documents."""
        return await self.read(lambda connection: record.seqs(connection, documents))

    async def append(
        self, document: str, head: Head, drafts: Sequence[EntryDraft], also: Sequence[Executable] = ()
    ) -> Head:
        """One transaction, on the condition of the head; raises HeadMoved. Answers the new head."""
        write = self.write if also else self._database.write_alone  # whoever comes between meets the primary key
        return await write(lambda connection: record.append(connection, document, head, drafts, also))

    async def entries(
        self, document: str, after: int = 0, until: int | None = None, limit: int | None = None
    ) -> list[Entry]:
        return await self.read(lambda connection: record.entries(connection, document, after, until, limit))

    async def checkpoint(self, document: str, at: int | None = None) -> Checkpoint | None:
        """The newest one (not after entry `at`); raises BrokenCheckpoint."""
        packed = await self.read(lambda connection: checkpoints.newest(connection, document, at))
        return None if packed is None else await asyncio.to_thread(checkpoints.unpack, packed)

    async def save_checkpoint(self, packed: Packed) -> None:
        await self.write(lambda connection: checkpoints.save(connection, packed))


async def _prepare(database: Database, may_create: bool) -> None:
    found = await database.read(schema.schema_of)
    if found is Schema.EMPTY and may_create:
        await database.write(schema.migrate)
    elif found is not Schema.CURRENT:
        raise WrongSchema(schema.refusal(found))
    unsafe = await database.read(schema.unsafe_settings)
    if unsafe:
        raise WrongSchema(f"PostgreSQL would lose what it acknowledged; switch on: {', '.join(unsafe)}")


async def migrate(url: str) -> None:
    """Brings a database to the newest schema (`rollingtext migrate`). Raises WrongSchema, Unavailable."""
    database = open_database(url, patient=True)
    try:
        await database.write(schema.migrate)
    finally:
        await database.close()
