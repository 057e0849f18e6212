"""Copies of a database: a SQLite file by SQLite's own means, and PostgreSQL row by row to and from one."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.engine import make_url

from server.store import Unavailable
from server.store.schema import migrate
from server.tables import METADATA

ROWS = 500  # that are in memory at once
BUSY_S = 30.0  # how long a lock of somebody else's is waited for


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def path_of(url: str) -> Path | None:
    """The file of a database in SQLite."""
    return Path(make_url(url).database or "") if url.startswith("sqlite:") else None


def copy_file(source: Path, copy: Path) -> None:
    """As of one moment, while others write. Raises Unavailable.

    All pages in one step: between two steps a writer would make SQLite begin anew. Readers and the writer go on, for
    in WAL mode a reader holds nobody up.
    """
    if not source.exists():
        raise Unavailable(f"there is no database {source}")
    try:
        with closing(_opened(source)) as theirs, closing(sqlite3.connect(copy)) as ours:
            theirs.backup(ours)
    except sqlite3.Error as error:
        raise Unavailable(f"{source} cannot be copied: {error}") from error


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_S)


def settle(path: Path) -> None:
    """Makes one whole file of a database that was opened, and sees to it that it is on disk. Raises Unavailable."""
    try:
        with closing(_opened(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            faults += [
                f"a row of {row[0]} names what is not there" for row in connection.execute("PRAGMA foreign_key_check")
            ]
    except sqlite3.Error as error:
        raise Unavailable(f"{path} cannot be opened: {error}") from error
    if faults:
        raise Unavailable(f"{path} is damaged: {faults[0]}")
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A file beside it that only its owner reads; it is gone afterwards, unless it was moved."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield half
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            half.with_name(half.name + end).unlink(missing_ok=True)


def copy_to_file(source: Connection, copy: Path) -> None:
    """PostgreSQL as of one moment into an empty file."""
    source.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    with _file(copy) as target:
        migrate(target)
        copy_rows(source, target)


def copy_from_file(copy: Path, target: Connection) -> None:
    """A file into an empty PostgreSQL, all of it or nothing."""
    migrate(target)
    with _file(copy) as source:
        copy_rows(source, target)


@contextmanager
def _file(path: Path) -> Iterator[Connection]:
    engine = create_engine(url_of(path))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def copy_rows(source: Connection, target: Connection) -> None:
    """Every row of every table, in an order in which nothing names what is not there yet."""
    for table in METADATA.sorted_tables:
        found = source.execute(select(table).execution_options(yield_per=ROWS)).mappings()
        for part in found.partitions(ROWS):
            target.execute(insert(table), [dict(row) for row in part])
