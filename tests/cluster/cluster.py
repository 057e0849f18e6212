"""Two real processes on one PostgreSQL, who hear each other over a Redis of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.chaos.forked import ForkedServer, Nursery
from tests.databases import fresh_postgres_database
from tests.meetings import Person, TestMeeting
from tests.processes import ServerProcess
from tests.redis import RedisProcess, redis_process


@dataclass(frozen=True)
class Cluster:
    servers: tuple[ServerProcess, ServerProcess]
    redis: RedisProcess
    database: str

    def url(self, process: int, document: str) -> str:
        """Of a document's socket there."""
        return f"{self.servers[process].ws_url}/ws/documents/{document}"


@contextmanager
def running(postgres: str, directory: Path) -> Iterator[Cluster]:
    with redis_process() as redis:
        database = fresh_postgres_database(postgres)
        settings = {"database": database, "redis": redis.url, "trusted_proxies": "127.0.0.1"}
        nursery = Nursery()
        one, other = (ForkedServer(nursery, directory / name, settings) for name in ("one", "other"))
        cluster = Cluster((one, other), redis, database)
        try:
            for server in cluster.servers:
                server.start()
            yield cluster
        finally:
            for server in cluster.servers:
                server.end()
            nursery.close()


@dataclass
class Drafting:
    """A meeting in a cluster."""

    cluster: Cluster
    meeting: TestMeeting
    clients: tuple[httpx.Client, httpx.Client]  # administrators, of either process

    @property
    def urls(self) -> tuple[str, str]:
        """Of the document's socket, in either process."""
        return self.cluster.url(0, self.meeting.document), self.cluster.url(1, self.meeting.document)

    def join(self, role: str = "delegate", delegation: str | None = "KAZ", name: str = "Aru") -> Person:
        return self.meeting.join(role, delegation, name)
