"""What every test may ask for: the real server, running.

`server`  one for the whole run, on SQLite, for tests that make meetings and documents of their own.
`launch`  one per call, for tests that stop, kill or configure it: `launch(redis="…")`, `launch(options=("--demo",))`.
`postgres`, `redis`  the URLs of real ones, which stay for the whole run.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from hypothesis import HealthCheck, settings

from tests.databases import postgres_server
from tests.processes import ServerProcess
from tests.redis import redis_url

# Cores are shared: how long an example takes, or its making, says nothing.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


class Launch(Protocol):
    def __call__(self, *, name: str = ..., options: tuple[str, ...] = ..., **settings: str) -> ServerProcess: ...


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("server") / "data")
    try:
        yield process.start()
    finally:
        process.end()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """In a directory of its own: pytest's are closed to the user who runs PostgreSQL whenever another run begins."""
    with tempfile.TemporaryDirectory() as directory, postgres_server(Path(directory)) as url:
        yield url


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    with redis_url() as url:
        yield url


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Starts a server with a data directory `name` of its own; the same name twice shares the data."""
    started: list[ServerProcess] = []

    def start(*, name: str = "data", options: tuple[str, ...] = (), **settings: str) -> ServerProcess:
        process = ServerProcess(tmp_path / name, settings, options)
        started.append(process)
        return process.start()

    try:
        yield start
    finally:
        for process in started:
            process.end()


@pytest.fixture
def admin(server: ServerProcess) -> Iterator[httpx.Client]:
    """REST with the admin token on the shared server (C3)."""
    with server.admin() as client:
        yield client
