"""The record of a document: an append-only chain of entries (R1, R2). Functions of a connection; `Store` runs them."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection, Executable, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from crdt.record import GENESIS, canonical, digest_of, entry_hash
from server.store.engine import driver
from server.tables import METADATA, EntryRow

ENTRY = METADATA.tables[str(EntryRow.__tablename__)]
DOCUMENT = METADATA.tables["document"]
_PRIMARY_KEY = {"23505", "SQLITE_CONSTRAINT_PRIMARYKEY"}  # names of the violation: PostgreSQL's, SQLite's


class HeadMoved(Exception):
    """Another writer appended to this document first; nothing of this batch was written."""


class Conflict(Exception):
    """What was to be written beside the entries breaks a rule of the database; nothing of this batch was written."""


class Head(NamedTuple):
    """The end of a record: what the next entry hangs on. `seq` 0: no entry yet."""

    seq: int
    hash: bytes


EMPTY = Head(0, GENESIS)


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry before it has its place in the chain. `at` as in `times.py`."""

    kind: str
    participant: str
    at: str
    payload: bytes


class Entry(NamedTuple):
    """An entry as it stands in the record; `payload` None: withdrawn (R2)."""

    document: str
    seq: int
    kind: str
    participant: str
    at: str
    payload: bytes | None
    digest: bytes
    hash: bytes


_COLUMNS = [ENTRY.c[name] for name in Entry._fields]
_INSERT = insert(ENTRY)
_INTO = f"INSERT INTO entry ({', '.join(Entry._fields)}) VALUES "  # noqa: S608  # our own names
_ROW = f"({', '.join('?' * len(Entry._fields))})"
_HEAD = "SELECT seq, hash FROM entry WHERE document = ? ORDER BY seq DESC LIMIT 1"
_LAST = (
    select(ENTRY.c.seq, ENTRY.c.hash)
    .where(ENTRY.c.document == bindparam("document"))
    .order_by(ENTRY.c.seq.desc())
    .limit(1)
)
_AT_ONCE = 512  # rows in one statement: SQLite takes 32,766 values


def head(connection: Connection, document: str) -> Head:
    """The last entry's seq and hash."""
    row = connection.execute(_LAST, {"document": document}).first()
    return EMPTY if row is None else Head(row.seq, row.hash)


def seqs(connection: Connection, documents: Collection[str]) -> Mapping[str, int]:
    """The seq of the last entry of each of these documents; none for one without entries."""
    last = select(ENTRY.c.seq).where(ENTRY.c.document == DOCUMENT.c.id).order_by(ENTRY.c.seq.desc()).limit(1)
    query = select(DOCUMENT.c.id, last.scalar_subquery()).where(DOCUMENT.c.id.in_(documents))
    return {document: seq for document, seq in connection.execute(query) if seq is not None}


def append(
    connection: Connection, document: str, expected: Head, drafts: Sequence[EntryDraft], also: Sequence[Executable] = ()
) -> Head:
    """Adds one entry per draft, on the condition that `expected` is the head, and executes `also` beside it.

    Raises HeadMoved when it is not, Conflict when `also` cannot be. Without drafts only `also` is done, on the same
    condition.
    """
    if _head(connection, document) != expected:
        raise HeadMoved(document)
    rows, reached = chained(document, expected, drafts)
    if rows:
        try:
            _insert(connection, rows)
        except (IntegrityError, sqlite3.IntegrityError) as error:
            if _violated(error) in _PRIMARY_KEY:  # PostgreSQL: somebody committed after we had looked
                raise HeadMoved(document) from error
            raise
    try:
        for statement in also:
            connection.execute(statement)
    except IntegrityError as error:
        raise Conflict(document) from error
    return reached


def entries(
    connection: Connection,
    document: str,
    after: int = 0,
    until: int | None = None,
    limit: int | None = None,
    kinds: Collection[str] | None = None,
) -> list[Entry]:
    """Entries with after < seq ≤ until, in order; only of these kinds, if any are named."""
    query = select(*_COLUMNS).where(ENTRY.c.document == document, ENTRY.c.seq > after).order_by(ENTRY.c.seq)
    if until is not None:
        query = query.where(ENTRY.c.seq <= until)
    if kinds is not None:
        query = query.where(ENTRY.c.kind.in_(kinds))
    if limit is not None:
        query = query.limit(limit)
    return [Entry(*row) for row in connection.execute(query)]


def chained(document: str, end: Head, drafts: Sequence[EntryDraft]) -> tuple[list[Entry], Head]:
    """The entries that these become behind `end`, and the new end."""
    rows: list[Entry] = []
    seq, previous = end
    for draft in drafts:
        seq += 1
        digest = digest_of(draft.payload)
        previous = entry_hash(previous, canonical(document, seq, draft.kind, draft.participant, draft.at, digest))
        rows.append(Entry(document, seq, draft.kind, draft.participant, draft.at, draft.payload, digest, previous))
    return rows, Head(seq, previous)


def _head(connection: Connection, document: str) -> Head:
    """As `head`, for less in SQLite (docs/decisions/0003-storage.md)."""
    if connection.dialect.name != "sqlite":
        return head(connection, document)
    row = driver(connection).execute(_HEAD, (document,)).fetchone()
    return EMPTY if row is None else Head(*row)


def _insert(connection: Connection, rows: Sequence[Entry]) -> None:
    """SQLite: one statement of many rows, since each step of a statement hands the interpreter's lock to the loop and
    back (docs/decisions/0003-storage.md). PostgreSQL: the driver sends them all at once."""
    if connection.dialect.name != "sqlite":
        connection.execute(_INSERT, [row._asdict() for row in rows])
        return
    for at in range(0, len(rows), _AT_ONCE):
        part = rows[at : at + _AT_ONCE]
        driver(connection).execute(_INTO + ", ".join([_ROW] * len(part)), tuple(chain.from_iterable(part)))


def _violated(error: IntegrityError | sqlite3.IntegrityError) -> str | None:
    """Which rule of the database, in the driver's words."""
    cause = error.orig if isinstance(error, IntegrityError) else error
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
