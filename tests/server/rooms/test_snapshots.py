"""Snapshots that are taken by themselves: before what cannot be undone, and hourly while a document changes."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from server.fanout import LocalFanout
from server.rooms import Rooms
from server.rooms.snapshots import digest_of_text, is_due
from server.store import Store, snapshots
from server.tables import SnapshotRow
from server.verifying import verify
from tests.server.conftest import Draft
from tests.server.rooms.conftest import QUICK
from tests.server.rooms.test_room import saved, typist
from tests.server.rooms.waiting import until


class Clock:
    """Its time is what a test says."""

    now = "2099-01-01T10:00:00.000000Z"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def rooms(store: Store, clock: Clock) -> AsyncIterator[Rooms]:
    async with Rooms(store, LocalFanout(), pace=QUICK, now=lambda: clock.now) as rooms:
        yield rooms


async def taken(store: Store, draft: Draft) -> list[SnapshotRow]:
    return await store.read(lambda connection: snapshots.every(connection, draft.id))


def test_another_hour_has_begun() -> None:
    assert is_due("2026-11-26T01:59:59.000000Z", "2026-11-26T02:00:00.000000Z")
    assert not is_due("2026-11-26T02:00:00.000000Z", "2026-11-26T02:59:59.000000Z")


async def test_the_first_change_of_an_hour_leaves_the_text_before_it_behind(
    store: Store, rooms: Rooms, draft: Draft, clock: Clock
) -> None:
    room = await rooms.room(draft.id)
    before = await room.read(lambda document: digest_of_text(document.paragraphs()))
    one = typist(draft)
    one.connect(room)
    for at in ("10:10", "10:50", "11:05"):
        clock.now = f"2099-01-01T{at}:00.000000Z"
        one.type(1, "more ")
        await until(lambda: saved(one))
    assert [(each.label, each.seq, each.created_at[11:16]) for each in await taken(store, draft)] == [
        (None, 1, "10:10"),
        (None, 3, "11:05"),
    ]
    assert (await taken(store, draft))[0].digest == before
    assert (await verify(store, draft.id, "Draft")).reason is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"digest": "0" * 64}, "another text"),
        ({"label": "Rev.9"}, "not the one that was recorded"),
        ({"seq": 9}, "not there"),
    ],
)
async def test_r3_a_snapshot_that_was_tampered_with_is_found(
    store: Store, rooms: Rooms, draft: Draft, values: dict[str, object], reason: str
) -> None:
    one = typist(draft)
    one.connect(await rooms.room(draft.id))
    one.type(1, "more ")
    await until(lambda: saved(one))
    await store.write(lambda connection: connection.execute(update(SnapshotRow).values(values)))
    assert reason in str((await verify(store, draft.id, "Draft")).reason)
    await store.write(
        lambda connection: connection.execute(delete(SnapshotRow).where(col(SnapshotRow.document) == draft.id))
    )
    assert (await verify(store, draft.id, "Draft")).reason is None  # those without a label are no part of the record
