"""The topology of docker-compose.yml as processes: a proxy, three servers, PostgreSQL and Redis."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.forked import ForkedServer, Nursery
from tests.databases import fresh_postgres_database
from tests.operations.proxy import Proxy

SERVERS = 3
SOCKETS_PER_ADDRESS = 12
DEPLOY = Path(__file__).parents[2] / "deploy"


@dataclass(frozen=True)
class Topology:
    """What runs; `database`: the URL that all servers have."""

    proxy: Proxy
    servers: tuple[ForkedServer, ...]
    database: str


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the secrets of an installation lie."""
    directory = tmp_path_factory.mktemp("installation") / "secrets"
    subprocess.run([str(DEPLOY / "make-secrets"), str(directory)], check=True, capture_output=True)
    return directory


@pytest.fixture(scope="session")
def topology(postgres: str, redis: str, secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    """A test that stops a server starts it again."""
    directory = tmp_path_factory.mktemp("topology")
    database = fresh_postgres_database(postgres)
    nursery, proxy = Nursery(), Proxy(directory)
    settings = {
        "database": database,
        "redis": redis,
        "signing_key_file": str(secrets / "signing_key"),
        "public_url": proxy.https_url,
        "trusted_proxies": "127.0.0.1",
        "max_sockets_per_address": str(SOCKETS_PER_ADDRESS),
    }
    servers = tuple(ForkedServer(nursery, directory / f"server-{number}", settings) for number in range(SERVERS))
    try:
        for server in servers:
            server.start()
        yield Topology(proxy.start([f"127.0.0.1:{server.port}" for server in servers]), servers, database)
    finally:
        proxy.stop()
        for server in servers:
            server.end()
        nursery.close()
