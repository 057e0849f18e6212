"""One database, two dialects: functions of a Core connection are run in a transaction, away from the event loop.

SQLite: one writing connection in its own thread and a few reading ones. PostgreSQL: asyncpg's pool. The functions are
the same; why they are synchronous stands in docs/decisions/storage.md.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

T = TypeVar("T")

READERS = 2  # threads that read SQLite beside the one that writes
BUSY_S = 2.0  # how long SQLite waits for another process's lock before it gives up
POOL = 8  # connections to PostgreSQL
CONNECT_S = 5.0  # within which PostgreSQL answers a new connection
STATEMENT_S = 10  # after which PostgreSQL gives up a statement
LOCK_S = 5  # and one that waits for somebody else's lock
IDLE_S = 60  # and a transaction in which nothing is said any more, so that what a dead process held is free again
ANSWER_S = 12.0  # after which a connection that does not answer is taken for dead: longer than STATEMENT_S
_DURABLE = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_OUR_FAULT = (
    IntegrityError,
    ProgrammingError,
    DataError,
    NotSupportedError,
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
)

_FAILURES = (DBAPIError, sqlite3.Error, PoolTimeout, OSError, TimeoutError)


class Unavailable(Exception):
    """The database cannot be read or written now: full, locked, unreachable, failing. Try again later."""


class Database(Protocol):
    """Where functions run. Either raises Unavailable when the database fails; nothing of that write stays then,
    unless the connection broke after the commit and before the answer."""

    async def read(self, function: Callable[[Connection], T]) -> T: ...

    async def write(self, function: Callable[[Connection], T]) -> T:
        """In one transaction, on disk when this returns."""

    async def write_alone(self, function: Callable[[Connection], T]) -> T:
        """As `write`, for a function of which one statement writes: PostgreSQL need not be told, and answer, that a
        transaction begins and ends."""

    async def close(self) -> None: ...


def open_database(url: str, *, may_create: bool = True, patient: bool = False) -> Database:
    """`url`: sqlite:///FILE or postgresql://… Raises Unavailable where no file is, or none can be made.

    `patient`: a statement may take as long as it takes, for changes of the schema.
    """
    if url.startswith("sqlite:"):
        return SqliteDatabase(url, may_create=may_create)
    return PostgresDatabase(url, patient=patient)


class SqliteDatabase:
    """A file that one process writes. Readers see the last commit and never wait (WAL)."""

    def __init__(self, url: str, *, may_create: bool) -> None:
        path = make_url(url).database
        if not path or path == ":memory:":
            raise ValueError("a database in memory loses what it was given; name a file: sqlite:///FILE")
        _make_room(Path(path), may_create=may_create)
        self._writer = _sqlite_engine(url, 1, begin="BEGIN IMMEDIATE", settings=_DURABLE)
        self._reader = _sqlite_engine(url, READERS, begin="BEGIN", settings=(*_DURABLE, "query_only=ON"))
        self._writing: Connection | None = None  # kept open: taking it from the pool costs a third of a commit
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix="read")

    async def read(self, function: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, _transact, self._reader, function)

    async def write(self, function: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._write_thread, self._write, function)

    write_alone = write

    def _write(self, function: Callable[[Connection], T]) -> T:
        try:
            if self._writing is None:
                self._writing = self._writer.connect()
            with self._writing.begin():
                return function(self._writing)
        except _OUR_FAULT:
            raise
        except _FAILURES as error:
            self._let_go()
            raise Unavailable(_cause(error)) from error

    def _let_go(self) -> None:
        """The next write opens the file anew: nobody knows in which state a failed connection is."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.invalidate()
            writing.close()

    async def close(self) -> None:
        await asyncio.to_thread(self._shut)

    def _shut(self) -> None:
        self._read_threads.shutdown()
        self._write_thread.shutdown()
        self._let_go()
        self._reader.dispose()
        self._writer.dispose()


class PostgresDatabase:
    """Several processes may write: the primary key of the record decides who was first."""

    def __init__(self, url: str, *, patient: bool = False) -> None:
        self._engine: AsyncEngine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=5,
            connect_args=_patience(patient=patient),
        )
        event.listen(self._engine.sync_engine, "close", _hang_up)
        # A reading is of one moment, as in SQLite: else a document would be opened with entries beyond the head
        # that was read before them.
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def read(self, function: Callable[[Connection], T]) -> T:
        return await self._transact(self._reader, function)

    async def write(self, function: Callable[[Connection], T]) -> T:
        return await self._transact(self._engine, function)

    async def write_alone(self, function: Callable[[Connection], T]) -> T:
        return await self._transact(self._alone, function)

    async def _transact(self, engine: AsyncEngine, function: Callable[[Connection], T]) -> T:
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(function)
        except _OUR_FAULT:
            raise
        except _FAILURES as error:
            raise Unavailable(_cause(error)) from error

    async def close(self) -> None:
        await self._engine.dispose()


def _hang_up(connection: DBAPIConnection, _record: object) -> None:
    """At once: asyncpg takes leave and waits for an answer, one connection after the other, and a server whose database
    is silent would not end for as long. What was not committed is undone either way."""
    connection.driver_connection.terminate()


def _patience(*, patient: bool) -> dict[str, Any]:
    """How long asyncpg and PostgreSQL wait."""
    limits = {"lock_timeout": LOCK_S, "idle_in_transaction_session_timeout": IDLE_S}
    if not patient:
        limits["statement_timeout"] = STATEMENT_S
    settings = {name: f"{seconds}s" for name, seconds in limits.items()}
    return {
        "timeout": CONNECT_S,
        "command_timeout": None if patient else ANSWER_S,
        "server_settings": {"application_name": "rollingtext", **settings},
    }


def _make_room(path: Path, *, may_create: bool) -> None:
    """SQLite makes any file it is told to open: whether it may is decided here."""
    if not may_create and not path.exists():
        raise Unavailable(f"there is no database {path}; make it with: rollingtext migrate")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(str(error)) from error


def _transact(engine: Engine, function: Callable[[Connection], T]) -> T:
    try:
        with engine.begin() as connection:
            return function(connection)
    except _OUR_FAULT:
        raise
    except _FAILURES as error:
        raise Unavailable(_cause(error)) from error


def _cause(error: Exception) -> str:
    """The driver's own sentence, without the statement and its values: those are text of the draft."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error) or type(error).__name__


def _sqlite_engine(url: str, connections: int, begin: str, settings: tuple[str, ...]) -> Engine:
    engine = create_engine(
        make_url(url),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args={"timeout": BUSY_S, "isolation_level": None, "check_same_thread": False},
    )

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")

    def begun(connection: Connection) -> None:
        driver(connection).execute(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def driver(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection under it: a statement costs less there, and every batch of edits makes some."""
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)  # noqa: S101  # for the type checker: callers ask the dialect
    return found
