"""A database that fails: said as Unavailable, nothing half written, and it works again by itself."""

import asyncio
import logging
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from server.store import EMPTY, EntryDraft, Store, Unavailable, engine
from tests.server.conftest import add_draft

AT = "2026-11-25T22:12:42.123456Z"


@pytest.fixture
async def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "one.db"


@pytest.fixture
async def opened(sqlite_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(engine, "BUSY_S", 0.05)
    return await Store.open(f"sqlite:///{sqlite_path}")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process writes, and takes its time."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_locked_database_is_unavailable_until_it_is_not(opened: Store, sqlite_path: Path) -> None:
    draft = await opened.write(add_draft)
    entry = EntryDraft("update", draft.chair, AT, b"a")
    with locked(sqlite_path):
        with pytest.raises(Unavailable, match="locked"):
            await opened.append(draft.id, EMPTY, [entry])
        assert await opened.head(draft.id) == EMPTY  # reading goes on
    assert (await opened.append(draft.id, EMPTY, [entry])).seq == 1
    await opened.close()


async def test_a_full_disk_is_unavailable_until_it_is_not(opened: Store) -> None:
    draft = await opened.write(add_draft)
    small = [EntryDraft("update", draft.chair, AT, b"a")]
    large = [EntryDraft("update", draft.chair, AT, bytes(1 << 20))]
    head = await opened.append(draft.id, EMPTY, small)
    pages = await opened.read(lambda connection: connection.scalar(text("PRAGMA page_count")))
    await opened.write(lambda connection: connection.execute(text(f"PRAGMA max_page_count = {pages + 2}")))
    with pytest.raises(Unavailable, match="full"):
        await opened.append(draft.id, head, large)
    assert await opened.head(draft.id) == head
    await opened.write(lambda connection: connection.execute(text("PRAGMA max_page_count = 1000000")))
    assert (await opened.append(draft.id, head, large)).seq == 2
    await opened.close()


async def test_a_path_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "directory.db").mkdir()
    with pytest.raises(Unavailable):
        await Store.open(f"sqlite:///{tmp_path / 'directory.db'}")


async def test_a_postgresql_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await Store.open("postgresql://nobody@127.0.0.1:9/nothing")


async def test_a_postgresql_connection_that_was_cut_is_replaced(postgres_database: str) -> None:
    store = await Store.open(postgres_database)
    own = await store.read(lambda connection: connection.scalar(text("SELECT pg_backend_pid()")))
    other = await Store.open(postgres_database)
    await other.read(lambda connection: connection.execute(text(f"SELECT pg_terminate_backend({own})")))
    ended = text(f"SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = {own}")  # it is told to, and does so later
    async with asyncio.timeout(60):
        while not await other.read(lambda connection: connection.scalar(ended)):  # noqa: ASYNC110  # of another process
            await asyncio.sleep(0.01)
    await other.close()
    with pytest.raises(Unavailable):
        await store.read(lambda connection: connection.execute(text("SELECT 1")))
    assert await store.read(lambda connection: connection.scalar(text("SELECT 1"))) == 1
    await store.close()


async def _stopped(store: Store) -> int:
    """The process of PostgreSQL's that serves it, which from now on is silent."""
    own = await store.read(lambda connection: connection.scalar(text("SELECT pg_backend_pid()")))
    if "TEST_POSTGRES_URL" in os.environ:
        pytest.skip("this PostgreSQL may run on another machine")
    assert own is not None
    os.kill(own, signal.SIGSTOP)
    return int(own)


async def test_a_postgresql_that_stops_answering_is_given_up_and_replaced(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ANSWER_S", 2.0)
    store = await Store.open(postgres_database)
    own = await _stopped(store)
    try:
        async with asyncio.timeout(60):
            with pytest.raises(Unavailable):
                await store.read(lambda connection: connection.scalar(text("SELECT 1")))
            other = await store.read(lambda connection: connection.scalar(text("SELECT pg_backend_pid()")))
    finally:
        os.kill(own, signal.SIGCONT)
    assert other != own
    await store.close()


async def test_a_postgresql_that_is_silent_holds_up_no_end(
    postgres_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = await Store.open(postgres_database)
    own = await _stopped(store)
    try:
        async with asyncio.timeout(engine.ANSWER_S / 2):
            await store.close()
    finally:
        os.kill(own, signal.SIGCONT)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_postgresql_gives_up_statements_and_locks_that_take_too_long(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "STATEMENT_S", 1)
    store = await Store.open(postgres_database)
    with pytest.raises(Unavailable, match="statement timeout"):
        await store.read(lambda connection: connection.execute(text("SELECT pg_sleep(10)")))
    settings = {
        name: await store.read(lambda connection, name=name: connection.scalar(text(f"SHOW {name}")))  # type: ignore[misc]
        for name in ("lock_timeout", "idle_in_transaction_session_timeout", "application_name")
    }
    assert list(settings.values()) == [f"{engine.LOCK_S}s", "1min", "rollingtext"]
    await store.close()


async def test_unavailable_says_nothing_of_what_was_written(opened: Store, sqlite_path: Path, draft_text: str) -> None:
    draft = await opened.write(add_draft)
    with locked(sqlite_path), pytest.raises(Unavailable) as caught:
        await opened.append(draft.id, EMPTY, [EntryDraft("update", draft.chair, AT, draft_text.encode())])
    assert draft_text not in str(caught.value)
    await opened.close()


@pytest.fixture
def draft_text() -> str:
    return "a secret sentence"
