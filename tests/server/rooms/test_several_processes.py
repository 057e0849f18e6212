"""Several processes on one database, each with a store and rooms of its own (C2): the database orders."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from crdt.document import Document
from server import metrics
from server.fanout import Fanout, LocalFanout
from server.rooms import Decision, Room, Rooms, Scene, hearsay
from server.rooms.author import Author
from server.rooms.hearsay import Hearsay
from server.rooms.standing import written
from server.store import EMPTY, EntryDraft, Store, locks
from server.tables import EntryKind, LockRow, LockStatus, Role
from server.verifying import verify
from tests.server.conftest import Draft, add_draft
from tests.server.rooms.conftest import QUICK, first_entry
from tests.server.rooms.people import Typist
from tests.server.rooms.test_room import lose_answers, saved, typist
from tests.server.rooms.waiting import PATIENCE_S, until

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


async def test_c2_others_hear_of_what_is_on_disk_though_its_answer_was_lost(
    stores: list[Store], draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else somebody who has seen it, and comes to them, would bring them words in another's name (W5)."""
    fanout = LocalFanout()
    async with AsyncExitStack() as stack:
        here, there = [
            await (await stack.enter_async_context(Rooms(store, fanout, pace=QUICK))).room(draft.id)
            for store in stores[:2]
        ]
        one, other = typist(draft), Typist(draft.chair, role=Role.CHAIR, meeting=draft.meeting)
        one.connect(here)
        other.connect(here)
        one.type(1, "a")  # whose client it is, is known there
        await until(lambda: saved(one, other) and there.seq == here.seq)
        lose_answers(stores[0], monkeypatch, 1)
        one.type(1, "x")
        await until(lambda: saved(one) and other.text == one.text)
        other.disconnect()
        other.connect(there)
        await until(lambda: saved(other))
        assert (other.heard("refused"), other.closes, other.text) == ([], [], one.text)


async def test_c2_readers_get_one_frame_for_the_batches_of_two_processes(
    stores: list[Store], draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearsay, "COMPANY_S", PATIENCE_S)
    fanout = LocalFanout()
    async with AsyncExitStack() as stack:
        here, there = [
            await (await stack.enter_async_context(Rooms(store, fanout, pace=QUICK))).room(draft.id)
            for store in stores[:2]
        ]
        writers, readers = [[typist(draft), typist(draft)] for _ in range(2)]
        for people in (writers, readers):
            for person, room in zip(people, (here, there), strict=True):
                person.connect(room)
        for person in writers:  # each process knows that the other writes
            person.type(1, "a")
            await until(lambda: saved(*writers) and len({each.text for each in (*writers, *readers)}) == 1)
        before = [len(reader.heard("update")) for reader in readers]
        for room in (here, there):  # busy
            room._window.spent(time.monotonic(), 10.0, shared=True)
        monkeypatch.setattr(Hearsay, "expects", lambda *_: True)
        for person in writers:
            person.type(1, "b")
        await until(lambda: saved(*writers) and len({each.text for each in (*writers, *readers)}) == 1)
        assert [len(reader.heard("update")) for reader in readers] == [count + 1 for count in before]


async def test_w4_a_locked_paragraph_keeps_nobody_from_being_overtaken(stores: list[Store], draft: Draft) -> None:
    """Else whoever comes second opens the document anew, for as long as others write."""
    overtaken = metrics.OVERTAKEN._value.get()
    failed = metrics.ROOM_DIVERGED._value.get()
    async with AsyncExitStack() as stack:
        people = []
        for at, store in enumerate(stores):
            rooms = await stack.enter_async_context(Rooms(store, LocalFanout(), pace=QUICK))
            room = await rooms.room(draft.id)
            if not at:
                await lock_the_first(room, draft)
            person = typist(draft)
            person.connect(room)
            people.append((rooms, room, person))
        one, *others = (person for _, _, person in people)
        one.type(OPEN, "\nOpen:")
        await until(lambda: saved(one))
        for rooms, _, _ in people:
            await rooms.look()
        await until(lambda: all(person.text == one.text for person in others))
        for number in range(ROUNDS):
            for who, (_, _, person) in enumerate(people):
                person.type(OPEN + len("\nOpen:"), f"<{who}.{number}>")
            await asyncio.sleep(0.001)  # so that commits of different processes meet
        await until(lambda: saved(one, *others))
        for rooms, _, _ in people:
            await rooms.look()
        await until(lambda: len({person.text for _, _, person in people}) == 1)
        assert one.text.startswith("\nRecalling\nOpen:")
        assert all(one.text.count(f"<{who}.{at}>") == 1 for who in range(PROCESSES) for at in range(ROUNDS))
        others[0].type(3, "X")
        await until(lambda: [reason for _, reason in others[0].heard("refused")] == ["locked"])
    assert metrics.OVERTAKEN._value.get() > overtaken
    assert metrics.ROOM_DIVERGED._value.get() == failed
    assert (await verify(stores[0], draft.id, "")).failed is None


OPEN = len("\nRecalling")


async def lock_the_first(room: Room, draft: Draft) -> None:
    by = Author(draft.chair, "Chair", None)

    def decide(scene: Scene) -> Decision[None]:
        paragraph = scene.document.paragraphs()[0]
        said = {"paragraph": paragraph.id, "digest": paragraph.digest, "status": LockStatus.AGREED}
        row = LockRow(document=draft.id, participant=by.id, at=scene.at, seq=scene.seq, **said)
        entry = EntryDraft(EntryKind.LOCK, by.id, scene.at, written(said))
        return Decision(None, entry, (locks.addition(row),), said, by)

    await room.act(decide)
