"""The end of a server: everything that was taken is saved, everybody is told 1012, and nobody can delay it (W7)."""

import asyncio
import time

from crdt import sync
from tests.authors import shake_hands
from tests.client import Client, Line
from tests.conftest import Launch
from tests.meetings import Person, TestMeeting
from tests.processes import ADMIN_TOKEN
from tests.server.session.peers import Peer

BESIDES = 9.0
"""Seconds that a machine with other work may add. Who waited for a peer that never reads would wait for ever."""


async def never_reads(meeting: TestMeeting, person: Person) -> Peer:
    """Somebody who asks for more than all buffers hold, and reads nothing of it."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", meeting.server.port, limit=1024))
    await peer.upgrade(f"/ws/documents/{meeting.document}", Authorization=f"Bearer {person.token}")
    for _ in range(15):
        peer.send(sync.step1(b"\0"))
    return peer


async def half_asks(meeting: TestMeeting) -> Peer:
    peer = Peer(*await asyncio.open_connection("127.0.0.1", meeting.server.port))
    peer.writer.write(b"GET / HTTP/1.1\r\n")
    return peer


async def half_sends(meeting: TestMeeting) -> Peer:
    """Somebody whose body goes on coming, and who waits for an answer."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", meeting.server.port))
    peer.writer.write(
        f"POST /api/meetings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
    )
    return peer


async def test_w7_a_stop_saves_what_was_typed_waits_for_no_one_and_clients_come_back(launch: Launch) -> None:
    server = launch()
    with server.admin() as admin, server.client() as kept_alive:
        kept_alive.get("/healthz")
        meeting = TestMeeting.make(server, admin, "First")
        person, other = meeting.join(), meeting.join(delegation="UZB")
        async with Client(meeting.url, other.token) as client, Line.open(f"{meeting.url}?v=1", person.token) as line:
            await client.until(lambda: client.synced)
            client.type("x" * 200_000)
            await client.saved()
            sender = await half_sends(meeting)
            peers = [await never_reads(meeting, person), await half_asks(meeting), sender]
            author = await shake_hands(line)
            for _ in range(50):
                await line.send(sync.update(author.append("!")))
            await line.until("saved")
            began = time.monotonic()
            stopping = asyncio.create_task(asyncio.to_thread(server.stop))
            assert (await line.closed()).code == 1012
            assert await stopping == 0
            assert time.monotonic() - began < 6.0 + BESIDES
            assert (await sender.reader.read()).startswith(b"HTTP/1.1 503 ")
            assert '"level": "error"' not in server.output()
            await client.until(lambda: client.closes == [1012])
            client.type("\ntyped while it was down")
            await asyncio.to_thread(server.start)
            await client.saved()
        assert meeting.text() == ["First" + "x" * 200_000 + "!" * 50, "typed while it was down"]
        for peer in peers:
            peer.leave()
