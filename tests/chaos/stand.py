"""Two processes on one PostgreSQL and one Redis, with a proxy on each line between them."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.chaos.clock import Clock, there
from tests.chaos.forked import ForkedServer, Nursery
from tests.chaos.postgres import Postgres, small_disk
from tests.chaos.proxy import Proxies, Proxy
from tests.processes import ServerProcess
from tests.redis import RedisProcess, redis_process

DATABASE = "drafts"
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Lines:
    """Of one process."""

    database: Proxy
    redis: Proxy


@dataclass(frozen=True)
class Stand:
    servers: tuple[ForkedServer, ForkedServer]
    lines: tuple[Lines, Lines]
    postgres: Postgres
    redis: RedisProcess
    disk: Path | None  # of the database, where it may be filled
    clocks: tuple[Clock, ...]  # of each process, where they can be set

    @property
    def database(self) -> str:
        """Its URL, past every proxy."""
        return self.postgres.url(database=DATABASE)

    def files(self) -> int:
        """Descriptors that both processes have open."""
        return sum(len(os.listdir(f"/proc/{server.pid}/fd")) for server in self.servers)

    def memory(self) -> int:
        """Bytes that the larger one has in memory."""
        return max(resident(server) for server in self.servers)


def resident(server: ServerProcess) -> int:
    return int(Path(f"/proc/{server.pid}/statm").read_text().split()[1]) * PAGE


async def create(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(f"create database {DATABASE}")
    finally:
        await connection.close()


@contextlib.contextmanager
def standing(changed: tuple[str, ...] = (), *, clocks: bool = False) -> Iterator[Stand]:
    """`changed`: of a build that is not as it should be (`nursery.py`). `clocks`: which can be set.

    In a directory of its own: pytest's are closed to the user who runs PostgreSQL whenever another run begins.
    """
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        disk = stack.enter_context(small_disk(directory / "disk"))
        redis = stack.enter_context(redis_process())
        proxies = Proxies()
        stack.callback(proxies.close)
        postgres = Postgres(directory / "disk").start()
        stack.callback(postgres.end)
        times = tuple(Clock(directory / f"clock{at}") for at in range(2)) if clocks and there() else ()
        nurseries = [Nursery(*changed, clock=clock) for clock in times] or [Nursery(*changed)]
        for nursery in nurseries:
            stack.callback(nursery.close)
        asyncio.run(create(postgres.url()))
        lines = tuple(Lines(proxies.between(postgres.port), proxies.between(redis.port)) for _ in range(2))
        servers = tuple(
            _server(nurseries[at % len(nurseries)], directory / f"process{at}", postgres, line)
            for at, line in enumerate(lines)
        )
        for server in servers:
            stack.callback(server.end)
            server.start()
        yield Stand((servers[0], servers[1]), (lines[0], lines[1]), postgres, redis, disk, times)


def _server(nursery: Nursery, directory: Path, postgres: Postgres, lines: Lines) -> ForkedServer:
    settings = {
        "database": postgres.url(lines.database.port, DATABASE),
        "redis": f"redis://127.0.0.1:{lines.redis.port}/0",
    }
    return ForkedServer(nursery, directory, settings)
