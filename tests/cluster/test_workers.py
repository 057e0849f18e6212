"""`serve --workers N`: several processes behind one port, looked after by one."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.client import Client
from tests.cluster.cluster import Cluster
from tests.conftest import Launch
from tests.contract.test_commands import run
from tests.databases import fresh_postgres_database
from tests.meetings import TestMeeting
from tests.processes import ServerProcess


def workers(server: ServerProcess) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


async def _workers_are(server: ServerProcess, gone: set[int]) -> list[int]:
    """Two, none of which is one of those that are to go."""
    async with asyncio.timeout(120):
        while True:
            found = workers(server)
            if len(found) == 2 and not gone & set(found) and "Rolling Text:" in server.output():
                return found
            await asyncio.sleep(0.05)


@pytest.mark.long
async def test_c2_workers_share_a_port_and_one_that_dies_is_started_again(
    launch: Launch, postgres: str, cluster: Cluster
) -> None:
    await _disturbed(launch, postgres, cluster, kills=1, renewals=0)


@pytest.mark.long
async def test_c2_workers_are_renewed_without_a_lost_word(launch: Launch, postgres: str, cluster: Cluster) -> None:
    await _disturbed(launch, postgres, cluster, kills=1, renewals=1)


@pytest.mark.long
async def test_a_worker_that_is_starting_is_not_killed_by_a_renewal(
    launch: Launch, postgres: str, cluster: Cluster
) -> None:
    database = await asyncio.to_thread(fresh_postgres_database, postgres)
    server = launch(options=("--workers", "2"), database=database, redis=cluster.redis.url)
    first = await _workers_are(server, set())
    os.kill(first[0], signal.SIGKILL)
    second = await _workers_are(server, {first[0]})
    os.kill(server.pid, signal.SIGHUP)
    await _workers_are(server, {*first, *second})
    assert server.output().count("a worker died") == 1
    assert server.stop() == 0


async def _disturbed(launch: Launch, postgres: str, cluster: Cluster, kills: int, renewals: int) -> None:
    """Four write all the time."""
    database = await asyncio.to_thread(fresh_postgres_database, postgres)
    server = launch(options=("--workers", "2"), database=database, redis=cluster.redis.url)
    now = await _workers_are(server, set())
    with server.admin() as admin:
        meeting = TestMeeting.make(server, admin)
        people = [meeting.join(name=f"n{number}") for number in range(4)]
    async with AsyncExitStack() as stack:
        clients = [Client(meeting.url, person.token, seed=number) for number, person in enumerate(people)]
        for client in clients:
            await stack.enter_async_context(client)
        writing = [asyncio.create_task(_write(client, f"n{number}")) for number, client in enumerate(clients)]
        await clients[0].until(lambda: len(clients[0].edits) > 3)
        for _ in range(kills):
            os.kill(now[0], signal.SIGKILL)
            now = await _workers_are(server, {now[0]})
        for _ in range(renewals):
            os.kill(server.pid, signal.SIGHUP)
            now = await _workers_are(server, set(now))
        for task in writing:
            task.cancel()
        await asyncio.wait(writing)
        for client in clients:
            await client.saved(within=60)
        async with Client(meeting.url, people[0].token) as reader:
            await reader.until(lambda: reader.synced)
            text = str(reader.text)
        assert all(text.count(edit.words) == 1 for client in clients for edit in client.edits)
        assert all(client.final is None for client in clients)
    assert server.stop() == 0


async def _write(client: Client, name: str) -> None:
    number = 0
    while True:
        client.type(f" {name}.{number};")
        number += 1
        await asyncio.sleep(0.05)


def test_workers_are_refused_on_sqlite(tmp_path: Path) -> None:
    refused = run(tmp_path / "data", "serve", "--workers", "2")
    assert refused.exit_code == 2
    assert "several processes share a PostgreSQL database" in refused.output
