"""Servers are replaced one after the other while people write: nobody loses a word, and no call fails (R4, W7)."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import httpx

from server import verifying
from server.store import Store
from tests.chaos.ledger import Typist, held_against
from tests.chaos.test_kills import typing
from tests.client import Client
from tests.meetings import TestMeeting
from tests.operations.conftest import Topology

TYPISTS = 6
KEYSTROKE_S = 0.2


async def test_r4_a_rolling_restart_behind_the_proxy_loses_no_word_and_fails_no_call(topology: Topology) -> None:
    proxy = topology.proxy
    with proxy.admin() as admin:
        meeting = TestMeeting.make(proxy, admin)  # type: ignore[arg-type]  # it is asked like a server
        people = [meeting.join(name=f"t{number}") for number in range(TYPISTS)]
        async with AsyncExitStack() as stack:
            clients = [Client(meeting.url, person.token, seed=at) for at, person in enumerate(people)]
            typists = [Typist(f"t{at}", await stack.enter_async_context(client)) for at, client in enumerate(clients)]
            await begun(typists)
            async with calling(meeting, people[0].token) as statuses, typing(typists, random.Random(7), KEYSTROKE_S):
                await more_saved(typists)
                for server in topology.servers:
                    await asyncio.to_thread(server.stop)
                    await more_saved(typists)  # by those that are left
                    await asyncio.to_thread(server.start)
                    await more_saved(typists)
            for client in clients:
                await client.saved()
            text = "".join(f"\n{paragraph}" for paragraph in meeting.text())
            held_against(text, typists)
            for client in clients:
                await client.until(lambda client=client: str(client.text) == text)  # type: ignore[misc]
                assert client.final is None
        for server in topology.servers:
            assert '"level": "error"' not in server.output()
        closes = [code for client in clients for code in client.closes]
        assert set(closes) == {1012}, closes
        assert len(closes) >= TYPISTS
        assert set(statuses) == {201}
        assert sorted(comments(meeting)) == sorted(f"Comment {number}" for number in range(len(statuses)))
    store = await Store.open(topology.database, may_create=False)
    finding = await verifying.verify(store, meeting.document, "Draft")
    await store.close()
    assert finding.failed is None, finding


async def begun(typists: list[Typist]) -> None:
    """Each has a paragraph, and everybody sees it: one that began where another just went on could part his words."""
    for typist in typists:
        await typist.client.until(lambda typist=typist: typist.client.synced)  # type: ignore[misc]
        typist.type()
        for other in typists:
            await other.client.until(lambda other=other, name=typist.name: f"\n{name}:" in str(other.client.text))  # type: ignore[misc]


async def more_saved(typists: list[Typist]) -> None:
    """Until each of them was told that more is saved."""
    for typist in typists:
        told = len(typist.saved)
        await typist.client.until(lambda typist=typist, told=told: len(typist.saved) > told)  # type: ignore[misc]


def comments(meeting: TestMeeting) -> Iterator[str]:
    """What the first comment of each thread says."""
    place: dict[str, str] = {}
    while True:
        page = meeting.admin.get(f"/api/documents/{meeting.document}/threads", params={"limit": 200, **place}).json()
        yield from (thread["comments"][0]["body"] for thread in page["items"])
        if page["next"] is None:
            return
        place = {"after": page["next"]}


@contextlib.asynccontextmanager
async def calling(meeting: TestMeeting, token: str) -> AsyncIterator[list[int]]:
    """Somebody comments all the time, and has every answer when this ends; the statuses of the answers."""
    statuses: list[int] = []
    enough = asyncio.Event()
    paragraph = meeting.paragraphs()["paragraphs"][0]["id"]
    path = f"/api/documents/{meeting.document}/paragraphs/{paragraph}/threads"

    async def comment() -> None:
        async with httpx.AsyncClient(
            base_url=meeting.server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        ) as client:
            while not enough.is_set():
                answer = await client.post(path, json={"body": f"Comment {len(statuses)}", "visibility": "all"})
                statuses.append(answer.status_code)
                await asyncio.sleep(0.2)

    commenting = asyncio.create_task(comment())
    try:
        yield statuses
    finally:
        enough.set()
        await commenting
