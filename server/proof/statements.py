"""Statements: made once for each labelled snapshot, right after it was taken, and kept as they were signed."""

import asyncio
import logging

from crdt.proof import Fault
from server import metrics, times
from server.aside import Aside, AsideDied
from server.errors import Problem, not_found
from server.proof.drafting import drafted
from server.proof.keys import Signer
from server.store import Store, Unavailable, statements
from server.tables import SnapshotRow, StatementRow

log = logging.getLogger(__name__)


class Statements:
    """Those of this server. What could not be signed when its snapshot was taken is signed when it is asked for."""

    def __init__(self, store: Store, aside: Aside, signer: Signer) -> None:
        self.signer = signer
        self._store = store
        self._aside = aside
        self._under_way: dict[str, asyncio.Task[StatementRow]] = {}  # by snapshot

    async def of(self, snapshot: SnapshotRow) -> StatementRow:
        """Raises Problem for a snapshot without a label, Fault when the record is not what it was, Unavailable,
        AsideDied."""
        if snapshot.label is None:
            raise not_found("statement: the chair has not labelled this snapshot, and so none was made")
        return await asyncio.shield(self._task(snapshot.id))

    def soon(self, snapshot: str) -> None:
        """Signs it in the background."""
        self._task(snapshot)

    async def close(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _task(self, snapshot: str) -> asyncio.Task[StatementRow]:
        task = self._under_way.get(snapshot)
        if task is None:
            task = self._under_way[snapshot] = asyncio.create_task(self._made(snapshot))
            task.add_done_callback(lambda done: self._ended(snapshot, done))
        return task

    def _ended(self, snapshot: str, task: asyncio.Task[StatementRow]) -> None:
        del self._under_way[snapshot]
        fault = None if task.cancelled() else task.exception()
        if fault is None:
            return
        metrics.STATEMENTS_FAILED.inc()
        if isinstance(fault, Unavailable | AsideDied):
            log.warning("a statement was not signed, and will be when it is asked for", extra={"snapshot": snapshot})
        else:
            known = isinstance(fault, Fault | Problem)
            log.error("a statement was not signed", extra={"snapshot": snapshot}, exc_info=None if known else fault)

    async def _made(self, snapshot: str) -> StatementRow:
        kept = await self._store.read(lambda connection: statements.find(connection, snapshot))
        if kept is not None:
            return kept
        at = times.now()
        body = await self._aside.run(drafted, self._store.url, snapshot, self.signer.fingerprint, at)
        row = StatementRow(
            snapshot=snapshot,
            body=body,
            signature=await asyncio.to_thread(self.signer.sign, body),
            public_key=self.signer.public_key,
            at=at,
        )
        return await self._store.write(lambda connection: statements.add(connection, row))
