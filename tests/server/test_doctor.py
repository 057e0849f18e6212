"""C4: what `rollingtext doctor` finds wrong, each with what to do."""

import asyncio
import os
import time
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr

from server import doctor
from server.config import Settings
from server.doctor import Check, State, examine
from server.store import migrate
from tests.conftest import Launch
from tests.databases import fresh_postgres_database


def found(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in asyncio.run(examine(settings))}


@pytest.fixture
def sqlite(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path)
    asyncio.run(migrate(settings.database_url))
    return settings


@pytest.fixture
def postgresql(postgres: str, tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path, database=fresh_postgres_database(postgres))
    asyncio.run(migrate(settings.database_url))
    return settings


async def alter(settings: Settings, what: str) -> None:
    connection = await asyncpg.connect(settings.database)
    try:
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f'ALTER DATABASE "{name}" {what}')
    finally:
        await connection.close()


def test_r4_a_postgresql_that_loses_what_it_acknowledged_is_refused(postgresql: Settings) -> None:
    assert found(postgresql)["database"].state is State.OK
    asyncio.run(alter(postgresql, "SET synchronous_commit = off"))
    database = found(postgresql)["database"]
    assert database.state is State.FAILED
    assert "synchronous_commit" in database.detail


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_commits_are_timed_and_clocks_compared(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = request.getfixturevalue(kind)
    checks = found(settings)
    assert checks["clock"].state is State.OK
    assert " ms" in checks["commits"].detail
    monkeypatch.setattr(doctor, "COMMIT_MS", 0.0)
    monkeypatch.setattr(doctor, "CLOCK_S", -1.0)
    checks = found(settings)
    assert (checks["clock"].state, checks["commits"].state) == (State.WARNING, State.WARNING)
    assert "NTP" in checks["clock"].detail


def test_a_disk_on_which_nothing_is_kept_may_be_small(postgresql: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_BYTES", 1 << 62)
    assert found(postgresql)["disk"].state is State.WARNING  # its signing key lies there
    elsewhere = postgresql.model_copy(update={"signing_key": SecretStr("of no matter here")})
    assert doctor._disk(elsewhere).state is State.OK


def test_a_clock_that_has_gone_back_since_something_was_written_is_seen(sqlite: Settings) -> None:
    async def looked() -> list[Check]:
        checks = await examine(sqlite)
        later = time.time() + 3600  # after the database was opened, which touches it
        os.utime(sqlite.data_dir / "rollingtext.db", (later, later))
        return [*checks, *doctor._sqlite(sqlite.database_url)]

    clock = {check.name: check for check in asyncio.run(looked())}["clock"]
    assert clock.state is State.WARNING
    assert "s ahead" in clock.detail


@pytest.mark.parametrize(
    ("public_url", "trusted", "state"),
    [
        ("", (), State.OK),
        ("https://draft.example.org", (), State.WARNING),
        ("https://draft.example.org", ("10.0.0.0/24",), State.OK),
        ("https://draft.example.org", ("10.0.0.0/24", "0.0.0.0/0"), State.FAILED),
        ("", ("::/0",), State.FAILED),
    ],
)
def test_whose_word_counts_for_where_people_come_from(
    sqlite: Settings, public_url: str, trusted: tuple[str, ...], state: State
) -> None:
    settings = sqlite.model_copy(update={"public_url": public_url, "trusted_proxies": trusted, "port": 1})
    assert found(settings)["proxy"].state is state


def test_a_proxy_that_is_not_believed_is_seen_while_the_server_runs(launch: Launch) -> None:
    server = launch()
    settings = Settings(data_dir=server.data_dir, port=server.port)
    with server.client() as client:
        assert found(settings)["proxy"].state is State.OK
        body = {"token": "x" * 43, "name": "Eve"}
        client.post("/api/join", json=body, headers={"X-Forwarded-For": "192.0.2.1"})
        assert found(settings)["proxy"].state is State.WARNING
