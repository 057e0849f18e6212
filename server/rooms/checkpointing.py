"""Making checkpoints: a small document's at once, a large one's in the process beside, from the record.

Dumping the index of a long document takes a tenth of a second and more, for which the event loop cannot stand still.
The process beside rebuilds the document from the checkpoint before and the entries since, and finds it equal to what
the room has seen, or the two have diverged.
"""

import asyncio
from dataclasses import dataclass
from hashlib import sha256

from crdt.document import Document
from crdt.errors import Diverged
from server.aside import Aside
from server.rooms.opening import document_at
from server.store import Checkpoint, Packed, Store, pack

SMALL = 4_000  # items of an index that is dumped in some 3 ms


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as a room saw it after entry `seq`."""

    document: str
    seq: int
    at: str
    fingerprint: bytes
    dump: tuple[bytes, bytes, dict[int, str]] | None  # none: too large to be dumped between two batches


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
