"""Schemas: an empty database is made, an older or newer one refused with what to do (C4)."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from server.store import Store, Unavailable, WrongSchema, migrate
from server.store.engine import open_database
from server.tables import METADATA


async def test_c4_an_empty_database_gets_the_schema_once(empty_url: str) -> None:
    for _ in range(2):
        store = await Store.open(empty_url)
        await store.close()


async def test_the_migrations_make_exactly_the_tables(empty_url: str) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)

    store = await Store.open(empty_url)
    try:
        assert await store.write(differences) == []
    finally:
        await store.close()


async def test_only_serve_and_migrate_make_a_schema(empty_url: str) -> None:
    database = open_database(empty_url)  # SQLite: the file is there, and nothing in it
    await database.read(lambda connection: None)
    await database.close()
    with pytest.raises(WrongSchema, match="rollingtext migrate"):
        await Store.open(empty_url, may_create=False)
    await migrate(empty_url)
    store = await Store.open(empty_url, may_create=False)
    await store.close()


async def _stamp(url: str, revision: str) -> None:
    database = open_database(url)
    await database.write(
        lambda connection: connection.execute(text(f"UPDATE alembic_version SET version_num='{revision}'"))
    )
    await database.close()


async def test_c4_a_newer_schema_is_refused(empty_url: str) -> None:
    await migrate(empty_url)
    await _stamp(empty_url, "9999")
    with pytest.raises(WrongSchema, match="newer"):
        await Store.open(empty_url)
    with pytest.raises(WrongSchema, match="newer"):
        await migrate(empty_url)


async def test_c4_an_older_schema_is_refused_with_the_command_to_run(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_url)
    monkeypatch.setattr("alembic.script.ScriptDirectory.get_current_head", lambda _: "9999")
    with pytest.raises(WrongSchema, match="run: rollingtext migrate"):
        await Store.open(empty_url)


async def test_somebody_elses_database_is_left_alone(empty_url: str) -> None:
    database = open_database(empty_url)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE theirs (id INTEGER)")))
    await database.close()
    with pytest.raises(WrongSchema, match="other tables"):
        await Store.open(empty_url)
    with pytest.raises(WrongSchema, match="other tables"):
        await migrate(empty_url)


async def test_r4_a_postgresql_that_loses_commits_is_refused(postgres_database: str) -> None:
    store = await Store.open(postgres_database)
    await store.close()
    name = postgres_database.rsplit("/", 1)[1].split("?")[0]
    database = open_database(postgres_database)
    setting = f'ALTER DATABASE "{name}" {{}} synchronous_commit'
    await database.write(lambda connection: connection.execute(text(setting.format("SET") + " TO off")))
    try:
        with pytest.raises(WrongSchema, match="synchronous_commit"):
            await Store.open(postgres_database)
    finally:
        await database.write(lambda connection: connection.execute(text(setting.format("RESET"))))
        await database.close()


async def test_only_they_make_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mistyped" / "rollingtext.db"
    with pytest.raises(Unavailable, match="there is no database"):
        await Store.open(f"sqlite:///{path}", may_create=False)
    assert not path.parent.exists()
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable):
        await Store.open(f"sqlite:///{tmp_path / 'file' / 'rollingtext.db'}")


async def test_a_database_in_memory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="in memory"):
        await Store.open("sqlite:///:memory:")
