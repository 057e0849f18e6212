"""Backups: whole, as of one moment while others write, verified by opening them; and back, over nothing."""

import asyncio
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, select, text, update

from server.backup import back_up, restore
from server.demo import meeting
from server.errors import Problem
from server.rooms import Rooms
from server.store import Store, Unavailable, WrongSchema, record, schema
from server.store.engine import open_database
from server.tables import METADATA
from tests.databases import fresh_postgres_database
from tests.processes import PROGRAM
from tests.server.conftest import Draft
from tests.server.rooms.conftest import *  # noqa: F403  # its fixtures
from tests.server.rooms.test_room import saved, typist
from tests.server.rooms.waiting import until


@pytest.fixture
async def typed(rooms: Rooms, draft: Draft) -> Draft:
    """A document in which somebody has written, with a checkpoint."""
    room = await rooms.room(draft.id)
    one = typist(draft)
    one.connect(room)
    one.type(1, "слово 😀 ")
    await until(lambda: saved(one))
    await room.checkpoint()
    return draft


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """All that there is."""
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in METADATA.sorted_tables
    }


async def kept(url: str) -> dict[str, list[tuple[object, ...]]]:
    store = await Store.open(url, may_create=False)
    try:
        return await store.read(rows)
    finally:
        await store.close()


async def test_what_comes_back_is_what_was_there(store: Store, typed: Draft, tmp_path: Path, empty_url: str) -> None:
    file = tmp_path / "backup.db"
    made = await back_up(store.url, file)
    assert made.sound
    assert typed.id in {finding.document for finding in made.findings}
    assert (file.stat().st_mode & 0o777, file.stat().st_size) == (0o600, made.size)
    assert [name for name in os.listdir(tmp_path) if "backup" in name] == ["backup.db"]
    assert (await restore(file, empty_url)).done
    assert await kept(empty_url) == await kept(store.url)


async def test_it_is_of_one_moment_while_others_write(rooms: Rooms, store: Store, typed: Draft, tmp_path: Path) -> None:
    room = await rooms.room(typed.id)
    one = typist(typed)
    one.connect(room)
    writing = True

    async def write() -> None:
        while writing:
            one.type(1, "more ")
            await until(lambda: saved(one))

    task = asyncio.create_task(write())
    before = room.seq
    made = [await back_up(store.url, tmp_path / f"{number}.db") for number in range(3)]
    writing = False
    await task
    counts = [each.entries for backup in made for each in backup.findings if each.document == typed.id]
    assert all(backup.sound for backup in made)
    assert before < counts[-1] <= room.seq
    assert counts == sorted(counts)


async def test_nothing_is_written_over(store: Store, typed: Draft, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_bytes(b"theirs")
    with pytest.raises(Problem, match="already"):
        await back_up(store.url, file)
    assert file.read_bytes() == b"theirs"
    file.unlink()
    await back_up(store.url, file)
    before = await kept(store.url)
    with pytest.raises(Problem, match="already"):
        await restore(file, store.url)
    assert await kept(store.url) == before


async def test_what_a_server_makes_while_one_restores_is_not_mixed_with_it(
    store: Store, typed: Draft, tmp_path: Path, postgres: str
) -> None:
    file = tmp_path / "backup.db"
    await back_up(store.url, file)
    empty = await asyncio.to_thread(fresh_postgres_database, postgres)
    database, made, ended = open_database(empty), asyncio.Event(), asyncio.Event()
    waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")

    def start(connection: Connection) -> None:
        """As a server does; it is done when the other, who has found nothing, waits for it."""
        schema.migrate(connection)
        made.set()
        while not (connection.scalar(waits) or ended.is_set()):
            connection.execute(text("SELECT pg_sleep(0.01)"))

    starting = asyncio.create_task(database.write(start))
    await made.wait()
    command = [str(PROGRAM), "restore", str(file), "--database", empty, "--json"]
    end = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
    ended.set()
    await starting
    await database.close()
    assert (end.returncode, b"holds something already" in end.stdout) == (1, True), end
    assert not any((await kept(empty)).values())


async def test_a_broken_record_is_kept_but_named(store: Store, typed: Draft, tmp_path: Path, empty_url: str) -> None:
    entry = record.ENTRY
    wrong = update(entry).where(entry.c.document == typed.id, entry.c.seq == 2).values(hash=bytes(32))
    await store.write(lambda connection: connection.execute(wrong))
    file = tmp_path / "backup.db"
    made = await back_up(store.url, file)
    assert [(each.failed, each.document) for each in made.findings if each.failed] == [(2, typed.id)]
    assert not (await restore(file, empty_url)).done
    with pytest.raises((Unavailable, WrongSchema)):
        await Store.open(empty_url, may_create=False)
    assert (await restore(file, empty_url, broken=True)).done


@pytest.mark.parametrize("damage", ["half", "nonsense", "no database", "missing"])
async def test_what_is_no_backup_is_refused_and_leaves_nothing(
    store: Store, typed: Draft, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "backup.db"
    await back_up(store.url, file)
    whole = file.read_bytes()
    match damage:
        case "half":
            file.write_bytes(whole[: len(whole) // 2])
        case "nonsense":
            file.write_bytes(b"x" * 5_000)
        case "no database":
            file.unlink()
            with closing(sqlite3.connect(file)) as other:
                other.execute("CREATE TABLE theirs (id INTEGER)")
        case "missing":
            file.unlink()
    folder = tmp_path / "new"
    with pytest.raises((Unavailable, WrongSchema)):
        await restore(file, f"sqlite:///{folder / 'rollingtext.db'}")
    assert list(folder.iterdir()) == []


async def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="there is no database"):
        await back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


async def test_from_one_kind_of_database_to_the_other(tmp_path: Path, postgres: str) -> None:
    """There and back again: what PostgreSQL held, SQLite holds, and the other way round."""
    url = await asyncio.to_thread(fresh_postgres_database, postgres)
    store = await Store.open(url)
    await store.write(meeting.load)
    before = await store.read(rows)
    assert (len(before["document"]), len(before["entry"])) == (3, 3)
    await store.close()
    await back_up(url, tmp_path / "one.db")
    local = f"sqlite:///{tmp_path / 'data' / 'rollingtext.db'}"
    assert (await restore(tmp_path / "one.db", local)).done
    await back_up(local, tmp_path / "two.db")
    again = await asyncio.to_thread(fresh_postgres_database, postgres)
    assert (await restore(tmp_path / "two.db", again)).done
    store = await Store.open(again, may_create=False)
    assert await store.read(rows) == before
    await store.close()


async def test_c4_before_migrating_one_makes_a_backup(tmp_path: Path) -> None:
    """Of a database with an older schema, which stays as it is; and what is restored from it has this version's."""
    source, file = tmp_path / "old.db", tmp_path / "backup.db"
    database = open_database(f"sqlite:///{source}")
    await database.write(lambda connection: _migrate_to(connection, "0001"))
    await database.close()
    assert (await back_up(f"sqlite:///{source}", file)).sound
    for path in (source, file):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    new = f"sqlite:///{tmp_path / 'new.db'}"
    assert (await restore(file, new)).done
    await (await Store.open(new, may_create=False)).close()


def _migrate_to(connection: Connection, revision: str) -> None:
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
