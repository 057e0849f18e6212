"""Several processes that start at the same moment on one database, as those of docker-compose.yml do (C2, C4)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, func, select, text
from sqlmodel import col

from server.auth.credentials import ADMIN_ID, ensure_admin
from server.config import Settings
from server.demo.meeting import MEETING_ID, PAPERS
from server.starting import prepare
from server.store import Store
from server.tables import Document, Invitation, Participant
from tests.databases import fresh_postgres_database

PROCESSES = 3


@pytest.fixture
def database(postgres: str) -> str:
    return fresh_postgres_database(postgres)


@pytest.fixture
async def made(database: str) -> AsyncIterator[Store]:
    """With its schema, so that no process waits for another to make that."""
    store = await Store.open(database)
    yield store
    await store.close()


async def prepared(settings: Settings) -> list[list[str]]:
    """What each of them tells whoever started it."""
    return await asyncio.gather(*(prepare(settings) for _ in range(PROCESSES)))


async def test_an_empty_database_is_set_up_once(database: str, tmp_path: Path) -> None:
    settings = Settings(database=database, data_dir=tmp_path, admin_token=SecretStr("a" * 32))
    assert await prepared(settings) == [[]] * PROCESSES


async def test_the_administrator_is_there_once(made: Store) -> None:
    def ensure(connection: Connection) -> None:
        ensure_admin(connection)
        connection.execute(text("SELECT pg_sleep(0.2)"))  # the others come before it ends

    await asyncio.gather(*(made.write(ensure) for _ in range(PROCESSES)))
    query = select(col(Participant.id))
    assert await made.read(lambda connection: connection.scalars(query).all()) == [ADMIN_ID]


async def test_one_of_them_tells_the_link_for_the_first_secretariat(made: Store, tmp_path: Path) -> None:
    told = await prepared(Settings(database=made.url, data_dir=tmp_path))
    assert Counter(map(len, told)) == {0: PROCESSES - 1, 1: 1}
    query = select(func.count()).select_from(Invitation)
    assert await made.read(lambda connection: connection.scalar(query)) == 1


async def test_the_demonstration_is_there_once(made: Store, tmp_path: Path) -> None:
    told = await prepared(Settings(database=made.url, data_dir=tmp_path, demo=True))
    assert all(len(lines) > 1 for lines in told)
    query = select(func.count()).where(col(Document.meeting) == MEETING_ID)
    assert await made.read(lambda connection: connection.scalar(query)) == len(PAPERS)
