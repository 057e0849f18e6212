"""Making checkpoints: a small document's at once, a large one's in the process beside, from the record.

Dumping the index of a long document takes a tenth of a second and more, for which the event loop cannot stand still.
The process beside rebuilds the document from the checkpoint before and the entries since, and finds it equal to what
the room has seen, or the two have diverged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from crdt.document import Document
from crdt.errors import Diverged
from server import metrics
from server.aside import Aside, AsideDied
from server.errors import Problem
from server.rooms.opening import document_at
from server.store import Checkpoint, Packed, Store, Unavailable, pack

log = logging.getLogger(__name__)

ENTRIES = 1_000  # so many new entries call for a checkpoint …
SECONDS = 10.0  # … but not more often than this: it keeps the loop busy for some milliseconds
SMALL = 4_000  # items of an index that is dumped in some 3 ms


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as a room saw it after entry `seq`."""

    document: str
    seq: int
    at: str
    fingerprint: bytes
    dump: tuple[bytes, bytes, dict[int, str]] | None  # none: too large to be dumped between two batches


class Checkpointing:
    """Of one room, beside its work. `seq`: of the newest there is.

    `look` sees the document as it is on disk, as `seen` does; `guarded` is the room's border, for what is our own bug.
    """

    def __init__(
        self,
        document: str,
        seq: int,
        store: Store,
        aside: Aside,
        look: Callable[[bool], Awaitable[Seen]],
        guarded: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]],
        clock: Callable[[], float],
    ) -> None:
        self._document = document
        self._seq = seq
        self._store = store
        self._aside = aside
        self._look = look
        self._guarded = guarded
        self._clock = clock
        self._begun = clock()
        self.task: asyncio.Task[None] | None = None  # while one is made

    def due(self, seq: int) -> bool:
        """Whether there is enough new in a document that has come to `seq`."""
        return seq - self._seq >= ENTRIES and self._clock() - self._begun >= SECONDS

    def start(self, seq: int, *, at_once: bool = False) -> None:
        """If there is anything new. `at_once`: the loop may stand still for it."""
        if self.task is None and seq > self._seq:
            self._begun = self._clock()
            self.task = asyncio.get_running_loop().create_task(self._guarded(self._save(at_once)))

    async def _save(self, at_once: bool) -> None:
        try:
            look = await self._look(at_once)
            await self._store.save_checkpoint(await made(look, self._store, self._aside))
        except (Problem, Unavailable, AsideDied) as error:
            metrics.CHECKPOINT_FAILURES.inc()
            log.warning("no checkpoint", extra={"document": self._document, "cause": str(error)})
        else:
            metrics.CHECKPOINTS.inc()
            self._seq = look.seq
        finally:
            self.task = None


def seen(document_id: str, seq: int, at: str, document: Document, *, at_once: bool) -> Seen:
    """Compares index and engine, on the loop. Raises Diverged. `at_once`: dump it whatever its size."""
    if at_once or items(document) <= SMALL:
        return Seen(document_id, seq, at, fingerprint(document), document.dump())
    document.check()
    return Seen(document_id, seq, at, fingerprint(document), None)


async def made(look: Seen, store: Store, aside: Aside) -> Packed:
    """Raises Unavailable, AsideDied, Diverged."""
    if look.dump is None:
        return await aside.run(_rebuilt, store.url, look)
    return await asyncio.to_thread(pack, Checkpoint(look.document, look.seq, look.at, *look.dump))


def items(document: Document) -> int:
    """How much there is to dump."""
    return sum(len(known) for _, known in document.index.items.by_client.values())


def fingerprint(document: Document) -> bytes:
    """The same for two documents that know the same ids and read alike."""
    ends = sorted(document.index.items.ends.items())
    return sha256(repr(ends).encode() + document.text().encode()).digest()


def _rebuilt(url: str, look: Seen) -> Packed:
    return asyncio.run(_rebuilt_from_record(url, look))


async def _rebuilt_from_record(url: str, look: Seen) -> Packed:
    store = await Store.open(url, may_create=False)
    try:
        document, _ = await document_at(store, look.document, look.seq)
    finally:
        await store.close()
    if fingerprint(document) != look.fingerprint:
        raise Diverged(f"document {look.document} and its record differ at entry {look.seq}")
    return pack(Checkpoint(look.document, look.seq, look.at, *document.dump()))
