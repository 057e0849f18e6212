"""Ways to append a batch to the record in SQLite, in one interleaved run: CPU and time of one transaction.

`python -m bench.appending [transactions]`. Each way looks at the head and writes a batch of entries of 28 bytes, under
WAL and synchronous=FULL, while the loop is idle or while Python keeps it busy half of the time. The figures stand in
docs/decisions/, which says what was chosen.
"""

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import Connection, create_engine, event, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from server.store.record import ENTRY
from server.tables import METADATA

DOCUMENT, PARTICIPANT = "0123456789abcdef", "fedcba9876543210"
COLUMNS = ("document", "seq", "kind", "participant", "at", "payload", "digest", "hash")
ONE = "(?, ?, ?, ?, ?, ?, ?, ?)"
INTO = f"INSERT INTO entry ({', '.join(COLUMNS)}) VALUES "
HEAD = "SELECT seq, hash FROM entry WHERE document = ? ORDER BY seq DESC LIMIT 1"
BATCHES = (1, 8, 32)
ROUNDS = 5

Row = tuple[Any, ...]
Append = Callable[[Sequence[Row]], Awaitable[None]]
CORE_INSERT = insert(ENTRY)
CORE_HEAD = select(ENTRY.c.seq, ENTRY.c.hash).where(ENTRY.c.document == DOCUMENT).order_by(ENTRY.c.seq.desc()).limit(1)


def core(connection: Connection, rows: Sequence[Row]) -> None:
    connection.execute(CORE_HEAD).first()
    connection.execute(CORE_INSERT, [dict(zip(COLUMNS, row, strict=True)) for row in rows])


def driver_many(connection: Connection, rows: Sequence[Row]) -> None:
    connection.exec_driver_sql(HEAD, (DOCUMENT,)).first()
    connection.exec_driver_sql(INTO + ONE, list(rows))


def driver_values(connection: Connection, rows: Sequence[Row]) -> None:
    connection.exec_driver_sql(HEAD, (DOCUMENT,)).first()
    connection.exec_driver_sql(INTO + ", ".join([ONE] * len(rows)), tuple(value for row in rows for value in row))


def core_head_driver_values(connection: Connection, rows: Sequence[Row]) -> None:
    connection.execute(CORE_HEAD).first()
    connection.exec_driver_sql(INTO + ", ".join([ONE] * len(rows)), tuple(value for row in rows for value in row))


def prepared(path: Path) -> str:
    url = f"sqlite:///{path}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        METADATA.create_all(connection)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO meeting (id, title, observers_may_comment, created_at) VALUES ('m', '', 0, '')"
        )
        connection.exec_driver_sql(
            f"INSERT INTO participant (id, name, role, created_at) VALUES ('{PARTICIPANT}', '', 'chair', '')"
        )
        connection.exec_driver_sql(
            "INSERT INTO document (id, meeting, title, frozen, created_at, created_by)"
            f" VALUES ('{DOCUMENT}', 'm', '', 0, '', '{PARTICIPANT}')"
        )
    engine.dispose()
    return url


def durable(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def through_aiosqlite(url: str, way: Callable[[Connection, Sequence[Row]], None]) -> Append:
    engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"))
    event.listen(engine.sync_engine, "connect", durable)

    async def append(rows: Sequence[Row]) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(way, rows)

    return append


def in_a_thread(url: str, way: Callable[[Connection, Sequence[Row]], None]) -> Append:
    engine = create_engine(url, connect_args={"isolation_level": None})
    event.listen(engine, "connect", durable)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    thread = ThreadPoolExecutor(1)

    def write(rows: Sequence[Row]) -> None:
        with engine.begin() as connection:
            way(connection, rows)

    async def append(rows: Sequence[Row]) -> None:
        await asyncio.get_running_loop().run_in_executor(thread, write, rows)

    return append


def kept_open(url: str, way: Callable[[Connection, Sequence[Row]], None]) -> Append:
    """What the store does."""
    engine = create_engine(url, connect_args={"isolation_level": None, "check_same_thread": False})
    event.listen(engine, "connect", durable)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    thread, connection = ThreadPoolExecutor(1), engine.connect()

    def write(rows: Sequence[Row]) -> None:
        with connection.begin():
            way(connection, rows)

    async def append(rows: Sequence[Row]) -> None:
        await asyncio.get_running_loop().run_in_executor(thread, write, rows)

    return append


def plain_sqlite(url: str) -> Append:
    thread = ThreadPoolExecutor(1)
    opened: list[sqlite3.Connection] = []

    def write(rows: Sequence[Row]) -> None:
        if not opened:
            opened.append(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None))
            durable(opened[0], None)
        connection = opened[0]
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(HEAD, (DOCUMENT,)).fetchone()
        connection.execute(INTO + ", ".join([ONE] * len(rows)), tuple(value for row in rows for value in row))
        connection.execute("COMMIT")

    async def append(rows: Sequence[Row]) -> None:
        await asyncio.get_running_loop().run_in_executor(thread, write, rows)

    return append


async def busy() -> None:
    """Half of the time Python runs on the loop, a millisecond at a time."""
    while True:
        until = time.perf_counter() + 0.001
        while time.perf_counter() < until:
            pass
        await asyncio.sleep(0.001)


async def measured(append: Append, batches: list[list[Row]]) -> tuple[float, float]:
    """CPU and time of one transaction, in microseconds."""
    cpu, began = time.process_time(), time.perf_counter()
    for rows in batches:
        await append(rows)
    return tuple(1e6 * spent / len(batches) for spent in (time.process_time() - cpu, time.perf_counter() - began))  # type: ignore[return-value]


async def main(transactions: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        ways = {
            "Core through aiosqlite": lambda url: through_aiosqlite(url, core),
            "driver's executemany through aiosqlite": lambda url: through_aiosqlite(url, driver_many),
            "Core in a thread": lambda url: in_a_thread(url, core),
            "driver's executemany in a thread": lambda url: in_a_thread(url, driver_many),
            "one INSERT of many rows in a thread": lambda url: in_a_thread(url, driver_values),
            "the same, connection kept, head by Core": lambda url: kept_open(url, core_head_driver_values),
            "sqlite3 without SQLAlchemy in a thread": plain_sqlite,
        }
        appends = {name: way(prepared(Path(directory) / f"{at}.db")) for at, (name, way) in enumerate(ways.items())}
        seqs = dict.fromkeys(ways, 0)
        found: dict[tuple[str, int, bool], list[tuple[float, float]]] = {}
        for batch in BATCHES:
            for _ in range(ROUNDS):
                for name, append in appends.items():
                    for loaded in (False, True):
                        batches = []
                        for _ in range(transactions):
                            batches.append([row(seqs[name] + 1 + at) for at in range(batch)])
                            seqs[name] += batch
                        other = asyncio.create_task(busy()) if loaded else None
                        found.setdefault((name, batch, loaded), []).append(await measured(append, batches))
                        if other is not None:
                            other.cancel()
    print(f"{'':40}" + "".join(f"  batch {batch:2}: CPU, time, time when busy" for batch in BATCHES))
    for name in ways:
        cells = ""
        for batch in BATCHES:
            idle, loaded = found[name, batch, False], found[name, batch, True]
            cpu, spent = (statistics.median(values) for values in zip(*idle, strict=True))
            cells += f"  {cpu:14.0f} {spent:6.0f} {statistics.median(value for _, value in loaded):16.0f}"
        print(f"{name:40}{cells}")


def row(seq: int) -> Row:
    at = "2026-11-25T22:12:42.123456Z"
    return (DOCUMENT, seq, "update", PARTICIPANT, at, os.urandom(28), bytes(32), bytes(32))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
