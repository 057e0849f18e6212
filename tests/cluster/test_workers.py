"""`serve --workers N`: several processes behind one port, looked after by one."""

import asyncio
import os
import signal
from pathlib import Path

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
    async with asyncio.timeout(60):
        while True:
            found = workers(server)
            if len(found) == 2 and not gone & set(found) and "Rolling Text:" in server.output():
                return found
            await asyncio.sleep(0.05)


async def test_c2_workers_share_a_port_are_started_again_and_renewed_without_a_lost_word(
    launch: Launch, postgres: str, cluster: Cluster
) -> None:
    settings = {"database": await asyncio.to_thread(fresh_postgres_database, postgres), "redis": cluster.redis.url}
    server = launch(options=("--workers", "2"), **settings)
    first = await _workers_are(server, set())
    with server.admin() as admin:
        meeting = TestMeeting.make(server, admin)
        people = [meeting.join(name=f"n{number}") for number in range(4)]
    clients = [Client(meeting.url, person.token, seed=number) for number, person in enumerate(people)]
    writing = [asyncio.create_task(_write(client, f"n{number}")) for number, client in enumerate(clients)]
    await clients[0].until(lambda: len(clients[0].edits) > 3)
    os.kill(first[0], signal.SIGKILL)
    second = await _workers_are(server, {first[0]})
    os.kill(server.pid, signal.SIGHUP)
    await _workers_are(server, set(second))
    for task in writing:
        task.cancel()
        await asyncio.wait([task])
    texts = set()
    for client in clients:
        async with client:
            await client.until(lambda client=client: client.synced)  # type: ignore[misc]
            await client.saved()
    async with Client(meeting.url, people[0].token) as reader:
        await reader.until(lambda: reader.synced)
        texts.add(str(reader.text))
    (text,) = texts
    assert all(text.count(edit.words) == 1 for client in clients for edit in client.edits)
    assert all(client.final is None for client in clients)
    assert server.stop() == 0


async def _write(client: Client, name: str) -> None:
    async with client:
        number = 0
        while True:
            client.type(f" {name}.{number};")
            number += 1
            await asyncio.sleep(0.05)


def test_workers_are_refused_on_sqlite(tmp_path: Path) -> None:
    refused = run(tmp_path / "data", "serve", "--workers", "2")
    assert refused.exit_code == 2
    assert "several processes share a PostgreSQL database" in refused.output
