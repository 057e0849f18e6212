"""Databases and documents for tests of the store and of rooms."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from server import times
from server.store import Store, meetings, people
from server.tables import Document, Meeting, Participant, Role, new_id
from tests.databases import fresh_postgres_database

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Draft:
    """A document without entries, and who may write in it."""

    id: str
    meeting: str
    chair: str
    delegate: str
    observer: str


@pytest.fixture(scope="session")
def postgres_database(postgres: str) -> str:
    """One for the whole run: tests in it make documents of their own."""
    return fresh_postgres_database(postgres)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rollingtext.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that nobody has used yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return fresh_postgres_database(request.getfixturevalue("postgres"))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = await Store.open(database_url)
    yield store
    await store.close()


@pytest.fixture
async def draft(store: Store) -> Draft:
    return await store.write(add_draft)


def add_draft(connection: Connection) -> Draft:
    """A meeting with a document and three people."""
    at = times.now()
    meeting = Meeting(title="Working group", created_at=at)
    meetings.add(connection, meeting, [])
    someone = {role: new_id() for role in (Role.CHAIR, Role.DELEGATE, Role.OBSERVER)}
    for role, participant in someone.items():
        person = Participant(id=participant, meeting=meeting.id, name=role.title(), role=role, created_at=at)
        people.add(connection, person)
    document = Document(meeting=meeting.id, title="Draft", created_at=at, created_by=someone[Role.CHAIR])
    connection.execute(insert(Document).values(**document.model_dump()))
    return Draft(document.id, meeting.id, someone[Role.CHAIR], someone[Role.DELEGATE], someone[Role.OBSERVER])
