"""C5: a server is ready while its database can be written, has the right schema, and nobody stops it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from server.app import build
from server.config import Settings
from tests.databases import fresh_postgres_database


@pytest.fixture
async def app(postgres: str, tmp_path: Path) -> AsyncIterator[Starlette]:
    """On a PostgreSQL of its own."""
    database = await asyncio.to_thread(fresh_postgres_database, postgres)
    app = build(Settings(data_dir=tmp_path, database=database))
    async with app.router.lifespan_context(app):
        yield app


async def ready(app: Starlette) -> tuple[int, str]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/readyz")
    return answer.status_code, answer.json().get("detail", "")


async def test_c5_ready_without_redis(app: Starlette) -> None:
    assert await ready(app) == (200, "")


async def test_c5_not_ready_while_it_drains(app: Starlette) -> None:
    await app.state.drain(1.0)
    assert await ready(app) == (503, "The server is stopping.")


async def test_c5_not_ready_where_the_database_can_only_be_read(app: Starlette) -> None:
    connection = await asyncpg.connect(app.state.settings.database)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
    await connection.execute("SET default_transaction_read_only = off")
    await connection.fetch(others, name)
    await connection.close()
    answers = {await ready(app) for _ in range(10)}  # connections that were cut are noticed when they are used
    assert (503, "The database cannot be written.") in answers
    assert 200 not in {status for status, _ in answers}


async def test_c5_ready_again_when_the_database_is(app: Starlette) -> None:
    connection = await asyncpg.connect(app.state.settings.database)
    name = await connection.fetchval("SELECT current_database()")
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
    await connection.fetch(others, name)
    await connection.close()
    answers = [await ready(app) for _ in range(10)]
    assert answers[-1] == (200, "")
