"""What the server writes into the text for somebody: one entry, judged like any edit, rebuilt from the record (R1)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from crdt.document import Document
from crdt.errors import Diverged
from crdt.update import STRING, Struct, Update, encode
from server.errors import Code, Problem
from server.fanout import LocalFanout
from server.rooms import Decision, Room, Rooms, Scene, document_at
from server.rooms.author import Author
from server.rooms.standing import Lock, Standing, with_locks, written
from server.rooms.updates import new_client, update_of
from server.store import EntryDraft, Store
from server.tables import EntryKind, LockStatus, Role
from server.verifying import verify
from tests.server.conftest import Draft
from tests.server.rooms.conftest import QUICK, SERVER_CLIENT
from tests.server.rooms.people import Typist
from tests.server.rooms.test_room import saved, text_on_disk, typist
from tests.server.rooms.waiting import until

CHAIR = Author("chair", "Chair", None)


@pytest.fixture
async def room(rooms: Rooms, draft: Draft) -> Room:
    return await rooms.room(draft.id)


def inserting(text: str, draft: Draft) -> Callable[[Scene], Decision[int]]:
    """For the chair: `text` behind the "R" of the first paragraph, which is deleted."""

    def decide(scene: Scene) -> Decision[int]:
        origin, right = (SERVER_CLIENT, 1), (SERVER_CLIENT, 2)
        struct = Struct(new_client(scene.document), 0, len(text), STRING, origin, right, value=text)
        entry = EntryDraft(EntryKind.RESOLUTION, draft.chair, scene.at, written({"bracket": "9-9", "outcome": "kept"}))
        update = encode(Update((struct,), {SERVER_CLIENT: [(1, 1)]}))
        return Decision(scene.seq, entry, (), {"bracket": "9-9"}, Author(draft.chair, "Chair", None), update)

    return decide


async def test_r1_it_is_one_entry_and_everybody_is_sent_it_its_author_too(
    room: Room, draft: Draft, store: Store
) -> None:
    chair, reader = Typist(draft.chair, role=Role.CHAIR, meeting=draft.meeting), typist(draft)
    chair.connect(room)
    reader.connect(room)
    chair.type(1, "mine ")
    assert await room.act(inserting("\u201e", draft)) == 3  # behind what was typed before it
    await until(lambda: saved(chair, reader) and chair.text == reader.text == "\nmine \u201eecalling")
    entry = (await store.entries(draft.id))[-1]
    assert (entry.seq, entry.kind, entry.participant) == (3, "resolution", draft.chair)
    (event,) = reader.heard("event")
    assert (event["seq"], event["kind"], event["data"]) == (3, "resolution", {"bracket": "9-9"})


async def test_r3_the_text_is_rebuilt_from_it(room: Room, rooms: Rooms, draft: Draft, store: Store) -> None:
    elsewhere = typist(draft)
    async with Rooms(store, LocalFanout(), pace=QUICK) as others:
        elsewhere.connect(await others.room(draft.id))
        await room.act(inserting("r", draft))
        await others.look()
        await until(lambda: elsewhere.text == "\nrecalling")
    assert await text_on_disk(store, draft.id) == "\nrecalling"
    assert (await document_at(store, draft.id, 1))[0].text() == "\nRecalling"
    assert (await document_at(store, draft.id, 2))[0].text() == "\nrecalling"
    assert (await verify(store, draft.id, "")).failed is None


async def test_w4_what_locks_or_freezing_forbid_is_refused_whole(room: Room, draft: Draft, store: Store) -> None:
    paragraph = (await room.read(Document.paragraphs))[0]
    lock = Lock(LockStatus.AGREED, paragraph.digest, CHAIR, "", 1)
    open_standing = room.standing
    for standing, code in (
        (with_locks(open_standing, {paragraph.id: lock}), Code.LOCKED),
        (replace(open_standing, frozen=True), Code.FROZEN),
    ):
        await set_standing(room, standing)
        with pytest.raises(Problem) as refused:
            await room.act(inserting("x", draft))
        assert refused.value.code is code
        assert refused.value.status == 409
    await set_standing(room, open_standing)
    assert await text_on_disk(store, draft.id) == "\nRecalling"
    assert await room.act(inserting("r", draft)) == 2


async def set_standing(room: Room, standing: Standing) -> None:
    room._standing = standing


async def test_text_that_no_document_may_hold_is_refused(room: Room, draft: Draft) -> None:
    with pytest.raises(Problem) as refused:
        await room.act(inserting("\0", draft))
    assert refused.value.code is Code.INVALID
    assert room.seq == 1


async def test_an_entry_that_lost_what_it_carries_is_noticed(room: Room, draft: Draft, store: Store) -> None:
    await room.act(inserting("r", draft))
    entry = (await store.entries(draft.id))[-1]
    assert update_of(entry) is not None
    for payload in (None, b'{"update":"?"}', b"{"):
        with pytest.raises(Diverged):
            update_of(entry._replace(payload=payload))
    assert update_of(entry._replace(payload=b"{}")) is None
    assert update_of(entry._replace(kind="lock", payload=None)) is None
