"""Several processes on one database, each with a store and rooms of its own (C2): the database orders."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from crdt.document import Document
from server import metrics
from server.fanout import Fanout, LocalFanout
from server.rooms import Rooms
from server.store import EMPTY, Store
from server.verifying import verify
from tests.server.conftest import Draft, add_draft
from tests.server.rooms.conftest import QUICK, first_entry
from tests.server.rooms.people import Typist
from tests.server.rooms.test_room import saved, typist
from tests.server.rooms.waiting import until

PROCESSES = 3
ROUNDS = 12


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[list[Store]]:
    async with AsyncExitStack() as stack:
        stores = []
        for _ in range(PROCESSES):
            stores.append(await Store.open(database_url))
            stack.push_async_callback(stores[-1].close)
        yield stores


@pytest.fixture
async def draft(stores: list[Store]) -> Draft:
    draft = await stores[0].write(add_draft)
    await stores[0].append(draft.id, EMPTY, [first_entry(draft)])
    return draft


@pytest.mark.parametrize("hurried", [True, False], ids=["told of each other", "looking only"])
async def test_c2_all_write_at_once_and_every_process_ends_with_the_same(
    stores: list[Store], draft: Draft, hurried: bool
) -> None:
    shared = LocalFanout()
    failed = metrics.ROOM_DIVERGED._value.get()
    async with AsyncExitStack() as stack:
        processes = []
        for store in stores:
            fanout: Fanout = shared if hurried else LocalFanout()
            processes.append(await stack.enter_async_context(Rooms(store, fanout, pace=QUICK)))
        people: list[Typist] = []
        for rooms in processes:
            for _ in range(2):
                people.append(typist(draft))
                people[-1].connect(await rooms.room(draft.id))
        for number in range(ROUNDS):
            for who, person in enumerate(people):
                person.type(1, f"<{who}.{number}>")
            await asyncio.sleep(0.001)  # so that commits of different processes meet
        await until(lambda: saved(*people))
        for rooms in processes:
            await rooms.look()
        await until(lambda: len({person.text for person in people}) == 1)

        texts = [await (await rooms.room(draft.id)).read(Document.text) for rooms in processes]
        assert texts == [people[0].text] * PROCESSES
        for who in range(len(people)):
            for number in range(ROUNDS):
                assert texts[0].count(f"<{who}.{number}>") == 1
        assert all(person.closes == [] and person.heard("refused") == [] for person in people)
    assert metrics.ROOM_DIVERGED._value.get() == failed
    found = await verify(stores[0], draft.id, "")
    assert (found.failed, found.entries) == (None, (await stores[0].head(draft.id)).seq)
    assert found.entries == 1 + len(people) * ROUNDS
