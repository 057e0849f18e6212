"""Rooms are opened once, looked after, and closed when nobody is there."""

import asyncio
from pathlib import Path

import pytest

from crdt.document import Document
from server import metrics
from server.errors import CloseCode, Code, Problem
from server.fanout import LocalFanout
from server.rooms import Rooms, checkpointing, registry
from server.store import EntryDraft, Store, Unavailable
from tests.server.conftest import Draft
from tests.server.rooms.conftest import QUICK
from tests.server.rooms.test_room import locked, saved, typist
from tests.server.rooms.waiting import until


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_document_has_one_room_however_many_ask_at_once(rooms: Rooms, draft: Draft) -> None:
    found = await asyncio.gather(*(rooms.room(draft.id) for _ in range(20)))
    assert len({id(room) for room in found}) == 1
    assert rooms.find(draft.id) is found[0]
    assert rooms.find("another") is None
    assert rooms.open_rooms() == [found[0]]


async def test_one_who_stops_waiting_does_not_stop_the_others(rooms: Rooms, draft: Draft) -> None:
    first = asyncio.create_task(rooms.room(draft.id))
    second = asyncio.create_task(rooms.room(draft.id))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).seq == 1


async def test_there_is_no_room_for_a_document_that_does_not_exist(rooms: Rooms) -> None:
    for _ in range(2):
        with pytest.raises(Problem) as caught:
            await rooms.room("0123456789abcdef")
        assert caught.value.code == Code.NOT_FOUND


async def test_a_database_that_cannot_be_read_is_said_and_asked_again(
    rooms: Rooms, store: Store, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        raise Unavailable("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(store, "read", fail)
        with pytest.raises(Problem) as caught:
            await rooms.room(draft.id)
        assert caught.value.code == Code.UNAVAILABLE
    assert (await rooms.room(draft.id)).seq == 1


async def test_a_damaged_record_is_said_and_counted(rooms: Rooms, store: Store, draft: Draft) -> None:
    head = await store.head(draft.id)
    await store.append(draft.id, head, [EntryDraft("update", draft.chair, "2026", b"\x01\x01\x05\x09rubbish")])
    failed = metrics.ROOM_DIVERGED._value.get()
    with pytest.raises(Problem, match="rollingtext verify"):
        await rooms.room(draft.id)
    assert metrics.ROOM_DIVERGED._value.get() == failed + 1


async def test_a_quiet_document_gets_a_checkpoint_and_an_empty_room_closes(store: Store, draft: Draft) -> None:
    clock = Clock()
    async with Rooms(store, LocalFanout(), clock=clock, pace=QUICK) as rooms:
        room = await rooms.room(draft.id)
        one = typist(draft)
        one.connect(room)
        one.type(1, "x")
        await until(lambda: saved(one))
        await rooms.sweep()
        assert await store.checkpoint(draft.id) is None

        clock.now += registry.QUIET_S
        await rooms.sweep()
        found = await store.checkpoint(draft.id)
        assert found is not None
        assert (found.seq, found.owners[one.doc.client_id]) == (2, draft.delegate)

        clock.now += registry.IDLE_S
        await rooms.sweep()
        assert rooms.find(draft.id) is room, "somebody is there"

        one.disconnect()
        await rooms.sweep()
        assert rooms.find(draft.id) is room, "somebody was there just now"
        clock.now += registry.IDLE_S
        await rooms.sweep()
        assert rooms.find(draft.id) is None
        assert room.closed
        again = await rooms.room(draft.id)
        assert await again.read(Document.text) == "\nxRecalling"


async def test_many_entries_call_for_a_checkpoint_but_not_too_often(
    store: Store, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointing, "ENTRIES", 3)
    clock = Clock()
    async with Rooms(store, LocalFanout(), clock=clock, pace=QUICK) as rooms:
        room = await rooms.room(draft.id)
        one = typist(draft)
        one.connect(room)

        async def type_some() -> int | None:
            for _ in range(4):
                one.type(1, "x")
            await until(lambda: saved(one) and not room.busy)
            found = await store.checkpoint(draft.id)
            return found and found.seq

        assert await type_some() is None, "too soon after it was opened"
        clock.now += checkpointing.SECONDS
        assert await type_some() == 9
        assert await type_some() == 9, "too soon after the last"
        clock.now += checkpointing.SECONDS
        assert await type_some() == 17


async def test_a_large_documents_checkpoint_is_made_beside_and_is_the_same(
    store: Store, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Rooms(store, LocalFanout(), pace=QUICK) as rooms:
        room = await rooms.room(draft.id)
        one = typist(draft)
        one.connect(room)
        one.type(1, "слово 😀 ")
        await until(lambda: saved(one))
        await room.checkpoint()
        small = await store.checkpoint(draft.id)
        monkeypatch.setattr(checkpointing, "SMALL", 0)
        one.delete(1, 3)
        await until(lambda: saved(one))
        await room.checkpoint()
        large = await store.checkpoint(draft.id)
        assert small is not None
        assert large is not None
        assert (small.seq, large.seq) == (2, 3)
        rebuilt = Document.load(large.state, large.index_dump, large.owners)
        rebuilt.check()
        assert rebuilt.text() == await room.read(Document.text) == one.text
        assert large.owners == small.owners


async def test_a_room_that_differs_from_its_record_is_found_beside(
    store: Store, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Index and engine agree, but not on what was recorded."""
    monkeypatch.setattr(checkpointing, "SMALL", 0)
    async with Rooms(store, LocalFanout(), pace=QUICK) as rooms:
        room = await rooms.room(draft.id)
        one = typist(draft)
        one.connect(room)
        one.type(1, "x")
        await until(lambda: saved(one))
        never_recorded = typist(draft)
        never_recorded.take(room.missing(b"\0"))
        never_recorded.type(1, "y")

        def slip(document: Document) -> None:
            document.admit(never_recorded.unsaved[0], draft.delegate)
            document.commit(never_recorded.unsaved)

        await room.read(slip)
        failed = metrics.ROOM_DIVERGED._value.get()
        await room.checkpoint()
        assert metrics.ROOM_DIVERGED._value.get() == failed + 1
        assert one.closes == [CloseCode.RESTARTING]


async def test_a_checkpoint_that_cannot_be_saved_is_counted_and_saved_later(
    store: Store, draft: Draft, database_path: Path
) -> None:
    async with Rooms(store, LocalFanout(), pace=QUICK) as rooms:
        room = await rooms.room(draft.id)
        failures = metrics.CHECKPOINT_FAILURES._value.get()
        with locked(database_path):
            await room.checkpoint()
        assert metrics.CHECKPOINT_FAILURES._value.get() == failures + 1
        assert not room.closed
        await room.checkpoint()
        assert await store.checkpoint(draft.id) is not None


async def test_when_the_server_stops_everything_is_saved_and_members_are_told_to_come_back(
    store: Store, draft: Draft
) -> None:
    async with Rooms(store, LocalFanout(), pace=QUICK) as rooms:
        one = typist(draft)
        one.connect(await rooms.room(draft.id))
        for letter in "abc":
            one.type(1, letter)
    assert one.closes == [CloseCode.RESTARTING]
    assert saved(one)
    found = await store.checkpoint(draft.id)
    assert found is not None
    assert found.seq == (await store.head(draft.id)).seq
    with pytest.raises(Problem, match="stopping"):
        await rooms.room(draft.id)


async def test_when_the_server_stops_while_saving_is_held_up_nothing_was_acknowledged(
    store: Store, draft: Draft, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "DRAIN_S", 0.05)
    with locked(database_path):
        async with Rooms(store, LocalFanout(), pace=QUICK) as rooms:
            one = typist(draft)
            one.connect(await rooms.room(draft.id))
            await until(lambda: saved(one))
            one.type(1, "x")
    assert one.closes == [CloseCode.RESTARTING]
    assert not saved(one)
    async with Rooms(store, LocalFanout(), pace=QUICK) as rooms:
        room = await rooms.room(draft.id)
        one.connect(room)
        await until(lambda: saved(one))
        assert await room.read(Document.text) == one.text == "\nxRecalling"


async def test_rooms_and_members_are_counted(store: Store, draft: Draft) -> None:
    rooms_before, members_before = metrics.ROOMS._value.get(), metrics.MEMBERS._value.get()
    async with Rooms(store, LocalFanout(), pace=QUICK) as rooms:
        room = await rooms.room(draft.id)
        people = [typist(draft) for _ in range(3)]
        for one in people:
            one.connect(room)
            room.join(one.line)
        assert metrics.ROOMS._value.get() == rooms_before + 1
        assert metrics.MEMBERS._value.get() == members_before + 3
        people[0].disconnect()
        assert metrics.MEMBERS._value.get() == members_before + 2
    assert metrics.ROOMS._value.get() == rooms_before
    assert metrics.MEMBERS._value.get() == members_before
