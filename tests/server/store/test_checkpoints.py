"""Checkpoints: the newest, or the newest not after a point; those that are needless go."""

import asyncio
from itertools import pairwise

import pytest
from sqlalchemy import update

from server.store import BrokenCheckpoint, Checkpoint, Store, checkpoints, pack
from tests.server.conftest import Draft

AT = "2026-11-25T22:12:42.123456Z"


def made(draft: Draft, seq: int, state: bytes = b"state") -> Checkpoint:
    return Checkpoint(draft.id, seq, AT, state, b"index", {2**53 - 1: draft.chair, 7: draft.delegate})


async def test_it_comes_back_as_it_was_saved(store: Store, draft: Draft) -> None:
    saved = made(draft, 5, state=bytes(range(256)) * 100)
    await store.save_checkpoint(pack(saved))
    assert await store.checkpoint(draft.id) == saved


async def test_the_newest_is_taken_unless_an_earlier_point_is_asked_for(store: Store, draft: Draft) -> None:
    assert await store.checkpoint(draft.id) is None
    for seq in (1000, 2500, 4001):
        await store.save_checkpoint(pack(made(draft, seq)))

    async def found(at: int | None) -> int | None:
        checkpoint = await store.checkpoint(draft.id, at)
        return checkpoint and checkpoint.seq

    assert [await found(at) for at in (None, 4001, 4000, 1000, 999)] == [4001, 4001, 2500, 1000, None]


async def test_saved_twice_at_one_seq_the_later_counts(store: Store, draft: Draft) -> None:
    await store.save_checkpoint(pack(made(draft, 5, b"old")))
    await store.save_checkpoint(pack(made(draft, 5, b"new")))
    found = await store.checkpoint(draft.id)
    assert found is not None
    assert found.state == b"new"


async def test_processes_that_stop_together_save_the_same_one(store: Store, draft: Draft) -> None:
    await store.save_checkpoint(pack(made(draft, 5)))
    await asyncio.gather(*(store.save_checkpoint(pack(made(draft, 7))) for _ in range(4)))
    found = await store.checkpoint(draft.id)
    assert found == made(draft, 7)


async def test_one_that_is_damaged_says_so(store: Store, draft: Draft) -> None:
    await store.save_checkpoint(pack(made(draft, 5)))
    table = checkpoints.CHECKPOINT
    await store.write(lambda connection: connection.execute(update(table).values(state=b"?")))
    with pytest.raises(BrokenCheckpoint):
        await store.checkpoint(draft.id)


def test_few_are_kept_and_none_is_missed_later() -> None:
    """Saved at every seq for 25,000 entries: near the head one per 1,000, before that one per 10,000."""
    kept: list[int] = []
    for seq in range(1, 25_001, 7):
        kept.append(seq)
        gone = checkpoints.superseded(kept)
        kept = [one for one in kept if one not in gone]
        assert kept[-1] == seq
    near = [seq for seq in kept if seq > kept[-1] - checkpoints.RECENT]
    assert len(near) <= checkpoints.RECENT // checkpoints.NEAR + 1
    assert len(kept) - len(near) <= 2
    gaps = [after - before for before, after in pairwise(near)]
    assert max(gaps) <= 2 * checkpoints.NEAR
