"""What a command writes beside its entry may be refused by the database: it fails alone, and the room lives on."""

import asyncio

import pytest

from crdt.document import Document
from server import metrics
from server.errors import Problem
from server.rooms import Conflicting, Decision, Rooms, Scene
from server.rooms.author import Author
from server.store import EntryDraft, Store
from server.tables import METADATA
from server.verifying import verify
from tests.server.conftest import Draft
from tests.server.rooms.test_room import saved, typist
from tests.server.rooms.waiting import until


async def test_of_two_that_write_the_same_one_is_refused_and_all_else_is_taken(
    rooms: Rooms, store: Store, draft: Draft
) -> None:
    room = await rooms.room(draft.id)
    one, reader = typist(draft), typist(draft)
    one.connect(room)
    reader.connect(room)
    await until(lambda: saved(one, reader))
    failures = metrics.ROOM_DIVERGED._value.get()

    def decide(scene: Scene) -> Decision[int]:
        row = (
            METADATA.tables["meeting"]
            .insert()
            .values(id="the same", title="beside", observers_may_comment=False, created_at=scene.at)
        )
        by = Author(draft.chair, "Chair", None)
        return Decision(scene.seq, EntryDraft("note", draft.chair, scene.at, b"{}"), (row,), {}, by)

    one.type(1, "before ")
    acts = [asyncio.create_task(room.act(decide)) for _ in range(3)]
    await asyncio.sleep(0)
    one.type(1, "after ")
    found = await asyncio.gather(*acts, return_exceptions=True)
    assert sum(isinstance(each, int) for each in found) == 1
    refused = [each for each in found if not isinstance(each, int)]
    assert all(isinstance(each, Conflicting) and each.status == 503 for each in refused)
    with pytest.raises(Problem):
        await room.act(decide)
    one.type(1, "on ")
    await until(lambda: saved(one) and reader.text == one.text)
    assert await room.read(Document.text) == one.text == "\non after before Recalling"
    assert not room.closed
    assert one.closes == reader.closes == []
    assert metrics.ROOM_DIVERGED._value.get() == failures
    kinds = [entry.kind for entry in await store.entries(draft.id)]
    assert kinds.count("note") == 1
    assert (await verify(store, draft.id, "")).failed is None
