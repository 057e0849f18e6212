"""What is said in one process is told in every other, to those who may hear it and to nobody else (C2, W2)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from server.auth.policy import Principal
from server.fanout import LocalFanout
from server.rooms import Decision, Room, Rooms, Scene
from server.rooms.author import Author
from server.rooms.standing import written
from server.rooms.threads import after, place_of
from server.store import EMPTY, EntryDraft, Store, threads
from server.tables import CommentRow, EntryKind, Role, ThreadRow, WordingRow, new_id
from server.verifying import verify
from tests.server.conftest import Draft, add_draft
from tests.server.rooms.conftest import QUICK, first_entry
from tests.server.rooms.people import Listener
from tests.server.rooms.test_room import saved, typist
from tests.server.rooms.waiting import until

SECRET = "zebra-quagga-okapi"


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[list[Store]]:
    async with AsyncExitStack() as stack:
        stores = []
        for _ in range(2):
            stores.append(await Store.open(database_url))
            stack.push_async_callback(stores[-1].close)
        yield stores


@pytest.fixture
async def draft(stores: list[Store]) -> Draft:
    draft = await stores[0].write(add_draft)
    await stores[0].append(draft.id, EMPTY, [first_entry(draft)])
    return draft


@pytest.fixture
async def processes(stores: list[Store]) -> AsyncIterator[list[Rooms]]:
    shared = LocalFanout()
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Rooms(store, shared, pace=QUICK)) for store in stores]


def listener(draft: Draft, role: Role, delegation: str | None) -> Listener:
    found = Listener(draft.observer)
    found.principal = Principal(draft.observer, "Somebody", role, draft.meeting, delegation)
    return found


async def say(room: Room, draft: Draft, readers: str | None) -> None:
    """A thread of Kazakhstan's."""
    by = Author(draft.delegate, "Delegate", None)
    words = {"body": SECRET, "mentions": [], "salt": "00"}
    ids = {"thread": new_id(), "comment": new_id()}

    def decide(scene: Scene) -> Decision[None]:
        paragraph = scene.document.paragraphs()[0]
        place = {"paragraph": paragraph.id, "quote": None, "letters": [], "text": paragraph.text, "delegation": "KAZ"}
        said: dict[str, Any] = {"action": "thread", **ids, **place, **words, "readers": readers}
        thread = after({}, scene.seq, said, scene.at, by)[ids["thread"]]
        common = {"document": draft.id, "seq": scene.seq, "participant": by.id, "at": scene.at}
        row = ThreadRow(id=thread.id, delegation="KAZ", readers=readers, text=thread.text, **common, **place_of(thread))
        comment = CommentRow(id=ids["comment"], thread=thread.id, wording=scene.seq, **common)
        wording = WordingRow(
            document=draft.id, seq=scene.seq, comment=comment.id, salt="00", body=SECRET, mentions="[]"
        )
        rows = (threads.opening(row), threads.adding(comment), threads.wording(wording))
        entry = EntryDraft(EntryKind.COMMENT, by.id, scene.at, written(said))
        return Decision(None, entry, rows, {"thread": {"id": thread.id}, "action": "thread"}, by, readers=readers)

    await room.act(decide)


async def test_a_private_thread_is_told_to_its_delegation_in_every_process(
    stores: list[Store], processes: list[Rooms], draft: Draft
) -> None:
    rooms = [await process.room(draft.id) for process in processes]
    others = (
        (Role.DELEGATE, "UZB"),
        (Role.CHAIR, None),
        (Role.CHAIR, "UZB"),
        (Role.OBSERVER, "UZB"),
        (Role.SECRETARIAT, None),
        (Role.SECRETARIAT, "KAZ"),
    )
    own = [listener(draft, role, "KAZ") for role in (Role.DELEGATE, Role.OBSERVER)]
    outside: list[Listener] = []
    for room, mine in zip(rooms, own, strict=True):
        room.join(mine)
        for each in others:
            outside.append(listener(draft, *each))
            room.join(outside[-1])
    await say(rooms[0], draft, "KAZ")
    await say(rooms[0], draft, None)
    await until(lambda: all(len(person.heard("event")) == 2 for person in own))
    await until(lambda: all(len(person.heard("event")) == 1 for person in outside))
    assert own[1].heard("event")[0]["data"]["thread"]["comments"][0]["body"] == SECRET
    public = own[1].heard("event")[1]["data"]["thread"]["id"]
    assert all(person.heard("event")[0]["data"]["thread"]["id"] == public for person in outside)
    assert rooms[1].standing.threads == rooms[0].standing.threads

    writer = typist(draft)
    writer.connect(rooms[1])
    writer.type(len(writer.text), "\nAnother")
    await until(lambda: saved(writer))
    writer.delete(1, len("\nRecalling"))
    await until(lambda: saved(writer) and rooms[0].seq == rooms[1].seq)
    assert rooms[1].standing.threads == rooms[0].standing.threads
    assert (await verify(stores[0], draft.id, "")).failed is None
