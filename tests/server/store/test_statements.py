"""Statements are kept as they were signed first, on both databases."""

import asyncio
from functools import partial

from server import times
from server.store import Store, snapshots
from server.store.statements import add
from server.tables import SnapshotRow, StatementRow
from tests.server.conftest import Draft

PROCESSES = 6


async def test_of_processes_that_sign_at_once_one_is_the_first(store: Store, draft: Draft) -> None:
    """Each signs for itself: where no key is set, with a key of its own."""
    await asyncio.gather(*(store.read(lambda connection: None) for _ in range(PROCESSES)))  # all are connected
    for label in ("Rev.1", "Rev.2", "Rev.3"):
        snapshot = SnapshotRow(
            document=draft.id,
            seq=1,
            label=label,
            digest="",
            progress="{}",
            participant=draft.chair,
            created_at=times.now(),
        )
        await store.write(lambda connection, row=snapshot: connection.execute(snapshots.addition(row)))  # type: ignore[misc]
        signed = {"snapshot": snapshot.id, "body": b"", "public_key": b"", "at": times.now()}
        rows = [StatementRow(**signed, signature=bytes([process])) for process in range(PROCESSES)]
        kept = await asyncio.gather(*(store.write(partial(add, row=row)) for row in rows))
        assert len({row.signature for row in kept}) == 1
