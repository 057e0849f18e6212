"""R4: what a client was told is saved survives the sudden death of the process, at any moment, many times over."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from server import verifying
from server.store import Store
from tests.chaos.forked import ForkedServer
from tests.chaos.ledger import Record, Typist, held_against
from tests.client import Client
from tests.meetings import TestMeeting

TYPISTS = 6
KEYSTROKE_S = 0.04


@contextlib.asynccontextmanager
async def typing(typists: list[Typist], chance: random.Random, keystroke_s: float = KEYSTROKE_S) -> AsyncIterator[None]:
    """All of them write all the time, whether the server is there or not."""

    async def write(typist: Typist) -> None:
        await typist.client.until(lambda: typist.client.synced)
        while True:
            typist.type()
            await asyncio.sleep(keystroke_s * 2 * chance.random())

    tasks = [asyncio.create_task(write(typist)) for typist in typists]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if not isinstance(result, asyncio.CancelledError):
                raise result if isinstance(result, BaseException) else AssertionError("a typist stopped")


async def kill_often(server: ForkedServer, kills: int, seed: int) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)
    with server.admin() as admin:
        meeting = TestMeeting.make(server, admin)
        people = [meeting.join(name=f"t{number}") for number in range(TYPISTS)]
        observer = meeting.join("observer", "UNDP")
    record = Record(server.data_dir / "rollingtext.db", meeting.document)
    async with AsyncExitStack() as stack:
        clients = [Client(meeting.url, person.token, seed=seed + at) for at, person in enumerate(people)]
        typists = [Typist(f"t{at}", await stack.enter_async_context(client)) for at, client in enumerate(clients)]
        reader = await stack.enter_async_context(Client(meeting.url, observer.token, version=None, seed=seed))
        async with typing(typists, chance):
            for _ in range(kills):
                if chance.random() < 0.8:  # else in the middle of everybody's coming back
                    told = len(typists[0].saved)
                    await clients[0].until(lambda told=told: len(typists[0].saved) > told)  # type: ignore[misc]
                await asyncio.sleep(0.3 * chance.random())
                await asyncio.to_thread(server.kill)
                held_against(record.text(), typists)
                await asyncio.to_thread(server.start)
        for client in clients:
            await client.saved()
        text = record.text()
        held_against(text, typists)
        for client in (*clients, reader):
            await client.until(lambda client=client: str(client.text) == text)  # type: ignore[misc]
            assert client.final is None
        assert sum(len(typist.saved) for typist in typists) > kills
        assert {word for typist in typists for word in typist.written} == {
            word for typist in typists for word in typist.saved
        }
    server.stop()
    await verified(server, meeting.document)


async def verified(server: ForkedServer, document: str) -> None:
    """R1, R3: the chain of hashes holds and the record makes the stored state."""
    store = await Store.open(f"sqlite:///{server.data_dir / 'rollingtext.db'}", may_create=False)
    try:
        finding = await verifying.verify(store, document, "Draft")
    finally:
        await store.close()
    assert finding.failed is None, finding


async def test_r4_fifty_kills_lose_and_double_nothing(forked: ForkedServer) -> None:
    await kill_often(forked, 50, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 8))
async def test_r4_three_hundred_kills_lose_and_double_nothing(forked: ForkedServer, seed: int) -> None:
    await kill_often(forked, 50, seed)
