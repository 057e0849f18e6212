"""A room: edits in one order, on disk before anybody is told (W3, R1, R4, C2)."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crdt.document import Document
from server import frames, metrics
from server.errors import CloseCode, Problem, invalid
from server.fanout import LocalFanout
from server.rooms import Decision, Room, Rooms, Scene, inbox
from server.rooms.author import Author
from server.store import EntryDraft, Store, Unavailable
from server.tables import METADATA, Role
from tests.server.conftest import Draft
from tests.server.rooms.conftest import QUICK
from tests.server.rooms.people import Listener, Typist
from tests.server.rooms.waiting import until


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else writes to the database, and takes long."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
async def room(rooms: Rooms, draft: Draft) -> Room:
    return await rooms.room(draft.id)


def typist(draft: Draft, **more: Any) -> Typist:
    return Typist(draft.delegate, meeting=draft.meeting, **more)


def saved(*members: Typist) -> bool:
    return all(not member.unsaved for member in members)


async def text_on_disk(store: Store, document_id: str) -> str:
    async with Rooms(store, LocalFanout()) as other:
        return await (await other.room(document_id)).read(lambda document: document.text())


# -- what everybody sees


async def test_w3_members_converge_and_the_record_holds_the_same(room: Room, draft: Draft, store: Store) -> None:
    one, other = typist(draft), Typist(draft.chair, role=Role.CHAIR, meeting=draft.meeting)
    one.connect(room)
    other.connect(room)
    one.type(1, "Gravely ")
    other.type(len("\nRecalling"), " all")
    one.type(1, "мы ")
    await until(lambda: saved(one, other) and one.text == other.text)
    assert one.text == "\nмы Gravely Recalling all"
    assert await room.read(lambda document: document.text()) == one.text
    assert await text_on_disk(store, draft.id) == one.text


async def test_w3_nobody_receives_an_update_before_it_is_committed(
    room: Room, draft: Draft, store: Store, database_path: Path
) -> None:
    one, other = typist(draft), typist(draft)
    one.connect(room)
    other.connect(room)
    await until(lambda: saved(one, other))
    before = room.seq
    with locked(database_path):
        one.type(1, "X")
        await until(lambda: room.held)
        assert other.heard("update") == []
        assert room.missing(b"\0") == room.missing(b"\0")
        late = typist(draft)
        late.connect(room)
        assert "X" not in late.text
        assert room.seq == before
        with pytest.raises(Problem, match="held up"):
            await room.read(lambda document: document.text())
    await until(lambda: saved(one) and "X" in late.text and "X" in other.text)
    assert room.seq == before + 1


async def test_r1_each_update_is_an_entry_that_names_its_participant(room: Room, draft: Draft, store: Store) -> None:
    one, other = typist(draft), Typist(draft.chair, role=Role.CHAIR, meeting=draft.meeting)
    one.connect(room)
    other.connect(room)
    for member in (one, other, one):
        member.type(1, "x")
    await until(lambda: saved(one, other))
    entries = await store.entries(draft.id, after=1)
    assert [entry.participant for entry in entries] == [draft.delegate, draft.chair, draft.delegate]
    assert [entry.seq for entry in entries] == [2, 3, 4]


async def test_a_batch_is_one_transaction_and_one_frame(room: Room, draft: Draft) -> None:
    writers, reader = [typist(draft) for _ in range(3)], typist(draft)
    for member in (*writers, reader):
        member.connect(room)
    await until(lambda: saved(*writers, reader))
    commits = metrics.COMMIT_SECONDS._sum.get()
    for writer in writers:
        writer.type(1, "abc")
    await until(lambda: saved(*writers))
    assert len(reader.heard("update")) == 1
    assert metrics.COMMIT_SECONDS._sum.get() > commits
    assert [told[2] for told in writers[0].heard("saved")][-1] == 4


async def test_an_author_alone_in_a_batch_is_not_sent_it_back(room: Room, draft: Draft) -> None:
    one, other = typist(draft), typist(draft)
    one.connect(room)
    other.connect(room)
    await until(lambda: saved(one, other))
    one.type(1, "x")
    await until(lambda: other.heard("update"))
    assert one.heard("update") == []


async def test_a_member_receives_updates_only_after_its_step_1_was_answered(room: Room, draft: Draft) -> None:
    one, early = typist(draft), Listener(draft.delegate, meeting=draft.meeting)
    one.connect(room)
    room.join(early)
    one.type(1, "x")
    await until(lambda: saved(one))
    assert early.heard("update") == []
    early.synced = True
    one.type(1, "y")
    await until(lambda: early.heard("update"))


async def test_one_encoded_frame_goes_to_all(room: Room, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[bytes] = []
    real = frames.binary
    monkeypatch.setattr(frames, "binary", lambda message: encoded.append(message) or real(message))
    one = typist(draft)
    others = [typist(draft) for _ in range(5)]
    for member in (one, *others):
        member.connect(room)
    await until(lambda: saved(one, *others))
    encoded.clear()
    one.type(1, "x")
    await until(lambda: all(other.heard("update") for other in others))
    assert len(encoded) == 1


# -- what authors are told


async def test_w2_saved_counts_updates_from_1_and_says_when_step_2_is_on_disk(room: Room, draft: Draft) -> None:
    one = typist(draft)
    one.connect(room)
    await until(lambda: one.heard("saved"))
    assert one.heard("saved") == [(0, True, 1)]
    one.type(1, "a")
    one.type(1, "b")
    await until(lambda: saved(one))
    assert one.heard("saved")[-1] == (2, False, 3)


async def test_w2_step_2_is_acknowledged_even_when_it_brings_nothing_new(
    room: Room, draft: Draft, store: Store
) -> None:
    one = typist(draft)
    for _ in range(2):
        one.connect(room)
        await until(lambda: saved(one))
        one.disconnect()
    assert (await store.head(draft.id)).seq == 1


async def test_an_update_that_is_known_already_is_saved_without_an_entry(room: Room, draft: Draft) -> None:
    one = typist(draft)
    one.connect(room)
    one.type(1, "x")
    await until(lambda: saved(one))
    known = one.doc.get_update()
    room.edit(one.line, known, 2)
    await until(lambda: one.heard("saved")[-1][0] == 2)
    assert one.heard("saved")[-1] == (2, False, 2)
    assert one.heard("refused") == []


async def test_w4_an_observers_update_is_refused_and_counted(room: Room, draft: Draft) -> None:
    observer = Typist(draft.observer, role=Role.OBSERVER, meeting=draft.meeting)
    reader = typist(draft)
    observer.connect(room)
    reader.connect(room)
    await until(lambda: saved(observer, reader))
    counted = metrics.REFUSED.labels("read_only")._value.get()
    observer.type(1, "x")
    await until(lambda: observer.heard("refused"))
    assert metrics.REFUSED.labels("read_only")._value.get() == counted + 1
    assert observer.heard("refused") == [(1, "read_only")]
    assert observer.line.told[-1] == ("saved", 1, False, 1)
    assert reader.heard("update") == []


async def test_w4_rights_are_those_of_the_moment(room: Room, draft: Draft) -> None:
    one = typist(draft)
    one.connect(room)
    one.type(1, "a")
    await until(lambda: saved(one))
    one.line.principal = Listener(draft.delegate, role=Role.OBSERVER, meeting=draft.meeting).principal
    one.type(1, "b")
    await until(lambda: one.heard("refused"))


async def test_somebody_of_another_meeting_changes_nothing(room: Room, draft: Draft) -> None:
    stranger = Typist(draft.delegate, meeting="another")
    stranger.connect(room)
    stranger.type(1, "x")
    await until(lambda: stranger.heard("refused"))
    assert room.seq == 1


async def test_w5_a_foreign_client_id_is_refused(room: Room, draft: Draft) -> None:
    one, forger = typist(draft), Typist(draft.chair, role=Role.CHAIR, meeting=draft.meeting)
    one.connect(room)
    one.type(1, "x")
    await until(lambda: saved(one))
    room.join(forger.line)
    pretended = Typist(draft.chair, client=one.doc.client_id)
    pretended.take(room.missing(b"\0"))
    pretended.type(1, "forged")
    room.edit(forger.line, pretended.unsaved[0], 1)
    await until(lambda: forger.heard("refused"))
    assert forger.heard("refused") == [(1, "foreign_author")]


async def test_what_a_member_sent_before_it_left_is_taken(room: Room, draft: Draft, store: Store) -> None:
    one = typist(draft)
    one.connect(room)
    await until(lambda: saved(one))
    one.type(1, "last words")
    one.disconnect()
    await until(lambda: room.seq == 2)
    assert "last words" in await text_on_disk(store, draft.id)


async def test_an_edit_of_one_who_has_not_joined_is_no_edit(room: Room, draft: Draft) -> None:
    one = typist(draft)
    one.connect(room)
    await until(lambda: saved(one))
    room.leave(one.line)
    one.type(1, "x")
    one.connect(room)
    await until(lambda: saved(one))
    assert one.heard("saved")[-1] == (0, True, 2)


# -- when the database fails


async def test_r4_while_the_database_is_locked_nothing_is_acknowledged_and_saving_resumes_by_itself(
    room: Room, draft: Draft, store: Store, database_path: Path
) -> None:
    one, reader = typist(draft), typist(draft)
    one.connect(room)
    reader.connect(room)
    await until(lambda: saved(one, reader))
    acknowledged = len(one.heard("saved"))
    held = metrics.SAVING_HELD._value.get()
    with locked(database_path):
        for letter in "abc":
            one.type(1, letter)
            await asyncio.sleep(0)
        await until(lambda: room.held)
        assert metrics.SAVING_HELD._value.get() == held + 1
        assert len(one.heard("saved")) == acknowledged
        assert reader.heard("update") == []
    await until(lambda: saved(one) and reader.text == one.text)
    for member in (one, reader):
        assert [event["kind"] for event in member.heard("event")] == ["saving_held", "saving_resumed"]
    assert metrics.SAVING_HELD._value.get() == held
    assert await text_on_disk(store, draft.id) == "\ncbaRecalling"


async def test_an_answer_lost_after_the_commit_doubles_nothing(
    room: Room, draft: Draft, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks between commit and answer: the batch is written, and tried again."""
    one, reader = typist(draft), typist(draft)
    one.connect(room)
    reader.connect(room)
    await until(lambda: saved(one, reader))
    lose_answers(store, monkeypatch, 1)
    one.type(1, "x")
    await until(lambda: saved(one) and reader.text == one.text)
    assert (await store.head(draft.id)).seq == 2 == room.seq


def lose_answers(store: Store, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The next commits are done, and then said to have failed."""
    real, left = store.append, [times]

    async def append(*arguments: Any) -> Any:
        head = await real(*arguments)
        if left[0]:
            left[0] -= 1
            raise Unavailable("connection lost")
        return head

    monkeypatch.setattr(store, "append", append)


async def test_edits_that_cannot_be_kept_close_their_socket_and_are_counted(
    room: Room, draft: Draft, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_MEMBER_BYTES", 2000)
    one, other = typist(draft), typist(draft)
    one.connect(room)
    other.connect(room)
    await until(lambda: saved(one, other))
    full = metrics.INBOX_FULL._value.get()
    with locked(database_path):
        other.type(1, "y")
        await until(lambda: room.held)
        while not one.closes:
            one.type(1, "x")
        assert one.closes == [CloseCode.OVERLOADED]
        assert other.closes == []
    assert metrics.INBOX_FULL._value.get() == full + 1
    await until(lambda: saved(other))
    one.connect(room)
    await until(lambda: saved(one) and other.text == one.text)


# -- other processes


async def test_c2_a_batch_on_an_old_head_is_judged_again_and_nothing_is_lost(
    room: Room, draft: Draft, store: Store
) -> None:
    """Another process wrote first, and nobody told us of it."""
    one, elsewhere = typist(draft), typist(draft)
    one.connect(room)
    await until(lambda: saved(one))
    async with Rooms(store, LocalFanout(), pace=QUICK) as others:
        elsewhere.connect(await others.room(draft.id))
        elsewhere.type(1, "elsewhere ")
        await until(lambda: saved(elsewhere))
        moved = metrics.HEAD_MOVED._value.get()
        one.type(1, "here ")
        await until(lambda: saved(one))
    assert metrics.HEAD_MOVED._value.get() == moved + 1
    assert "elsewhere " in one.text
    assert "here " in one.text
    assert await text_on_disk(store, draft.id) == one.text
    assert one.closes == []


async def test_c2_what_another_process_wrote_is_taken_over_when_it_is_told(draft: Draft, store: Store) -> None:
    fanout = LocalFanout()
    async with Rooms(store, fanout, pace=QUICK) as here, Rooms(store, fanout, pace=QUICK) as there:
        one, other = typist(draft), Typist(draft.chair, role=Role.CHAIR, meeting=draft.meeting)
        one.connect(await here.room(draft.id))
        other.connect(await there.room(draft.id))
        for number in range(20):
            one.type(1, f"a{number}")
            other.type(1, f"b{number}")
            await asyncio.sleep(0)
        await until(lambda: saved(one, other) and one.text == other.text)
        assert one.closes == other.closes == []
        assert await text_on_disk(store, draft.id) == one.text


async def test_c2_what_nobody_told_of_is_seen_by_looking(room: Room, rooms: Rooms, draft: Draft, store: Store) -> None:
    one, elsewhere = typist(draft), typist(draft)
    one.connect(room)
    async with Rooms(store, LocalFanout(), pace=QUICK) as others:
        elsewhere.connect(await others.room(draft.id))
        elsewhere.type(1, "elsewhere ")
        await until(lambda: saved(one, elsewhere))
    assert one.text == "\nRecalling"
    await rooms.look()
    await until(lambda: one.text == elsewhere.text)


# -- commands


async def test_a_command_decides_in_its_turn_and_is_told_when_it_is_on_disk(
    room: Room, draft: Draft, store: Store
) -> None:
    one, reader = typist(draft), typist(draft)
    one.connect(room)
    reader.connect(room)
    await until(lambda: saved(one, reader))
    meeting = METADATA.tables["meeting"]

    def decide(scene: Scene) -> Decision[str]:
        row = meeting.insert().values(
            id=f"at {scene.seq}", title="beside", observers_may_comment=False, created_at=scene.at
        )
        draft_entry = EntryDraft("note", draft.chair, scene.at, b"{}")
        text = scene.document.text()
        return Decision(text, draft_entry, (row,), {"found": text}, Author(draft.chair, "Chair", None))

    one.type(1, "before ")
    seen = asyncio.create_task(room.act(decide))
    await asyncio.sleep(0)
    one.type(1, "after ")
    assert await seen == "\nbefore Recalling"
    kinds = [entry.kind for entry in await store.entries(draft.id)]
    assert kinds.index("note") == 2
    titles = await store.read(lambda connection: list(connection.scalars(select(meeting.c.id))))
    assert "at 3" in titles
    await until(lambda: reader.heard("event"))
    event = reader.heard("event")[0]
    assert (event["seq"], event["kind"], event["by"]) == (
        3,
        "note",
        {"id": draft.chair, "name": "Chair", "delegation": None},
    )
    assert event["data"] == {"found": "\nbefore Recalling"}


async def test_a_command_may_refuse_or_write_nothing(room: Room) -> None:
    def refuse(scene: Scene) -> Decision[None]:
        raise invalid("not so")

    with pytest.raises(Problem, match="not so"):
        await room.act(refuse)
    assert await room.act(lambda scene: Decision(scene.seq)) == 2
    assert room.seq == 1


# -- our own bugs


async def test_a_room_that_fails_closes_and_the_next_opens_from_the_record(
    rooms: Rooms, room: Room, draft: Draft, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = typist(draft), typist(draft)
    one.connect(room)
    other.connect(room)
    one.type(1, "kept ")
    await until(lambda: saved(one, other))
    failed = metrics.ROOM_DIVERGED._value.get()

    def bug(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(Document, "judge", bug)
        one.type(1, "not yet ")
        waiting = asyncio.create_task(room.act(lambda scene: Decision(scene.seq)))
        await until(lambda: one.closes and other.closes)
    assert one.closes == other.closes == [CloseCode.RESTARTING]
    assert metrics.ROOM_DIVERGED._value.get() == failed + 1
    with pytest.raises(Problem, match="anew"):
        await waiting
    assert not saved(one)

    again = await rooms.room(draft.id)
    assert again is not room
    one.connect(again)
    other.connect(again)
    await until(lambda: saved(one) and one.text == other.text)
    assert one.text == "\nnot yet kept Recalling" == await text_on_disk(store, draft.id)


async def test_replicas_that_differ_are_found_at_a_checkpoint(
    rooms: Rooms, room: Room, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = typist(draft)
    one.connect(room)
    one.type(1, "x")
    await until(lambda: saved(one))
    failed = metrics.ROOM_DIVERGED._value.get()
    await room.read(lambda document: document._doc.get("text", type=type(one.body)).insert(1, "?"))
    await room.checkpoint()
    assert metrics.ROOM_DIVERGED._value.get() == failed + 1
    assert one.closes == [CloseCode.RESTARTING]
    text = await (await rooms.room(draft.id)).read(lambda document: document.text())
    assert text == "\nxRecalling"


async def test_joining_a_room_that_has_failed_says_to_connect_again(room: Room, draft: Draft) -> None:
    room.close(CloseCode.RESTARTING, "test")
    late = Listener(draft.delegate, meeting=draft.meeting)
    room.join(late)
    assert late.closes == [CloseCode.RESTARTING]
    with pytest.raises(Problem):
        await room.act(lambda scene: Decision(None))
