"""Opening a document: the newest checkpoint, and the entries after it; the same for any earlier point of the record."""

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crdt.document import Document
from crdt.errors import CrdtError, Diverged
from server import metrics
from server.auth.policy import Ground
from server.errors import invalid, not_found
from server.rooms.batch import Standing
from server.store import BrokenCheckpoint, Entry, Head, Store, checkpoints, documents, record
from server.store.checkpoints import Packed
from server.tables import EntryKind

log = logging.getLogger(__name__)

AT_ONCE = 50  # entries that are replayed in one go, some 2 ms …
REST_S = 0.002  # … before the thread rests, for it shares the interpreter with the loop


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as it stands at the head of its record."""

    document: Document
    head: Head
    standing: Standing
    checkpoint_seq: int  # 0: none


@dataclass(frozen=True, slots=True)
class Found:
    """What the database holds of a document up to some entry, seen in one transaction."""

    checkpoint: Packed | None
    tail: Sequence[Entry]  # the entries after it
    standing: Standing
    head: Head


async def open_document(store: Store, document_id: str) -> Opened:
    """At the head. Raises Problem when there is no such document, Unavailable, Diverged when the record is broken."""
    document, found = await _rebuilt(store, document_id, None)
    return Opened(document, found.head, found.standing, found.checkpoint.seq if found.checkpoint else 0)


async def document_at(store: Store, document_id: str, seq: int) -> Document:
    """As it stood after entry `seq` (0: before the first). Raises Problem, Unavailable, Diverged as above."""
    document, _ = await _rebuilt(store, document_id, seq)
    return document


async def _rebuilt(store: Store, document_id: str, at: int | None) -> tuple[Document, Found]:
    found = await store.read(lambda connection: _find(connection, document_id, at, checkpointed=True))
    try:
        return await asyncio.to_thread(_rebuild, found), found
    except (BrokenCheckpoint, CrdtError):
        if found.checkpoint is None:
            raise
        metrics.CHECKPOINTS_BROKEN.inc()
        log.exception("a checkpoint cannot be used", extra={"document": document_id})
    found = await store.read(lambda connection: _find(connection, document_id, at, checkpointed=False))
    return await asyncio.to_thread(_rebuild, found), found


def _find(connection: Connection, document_id: str, at: int | None, *, checkpointed: bool) -> Found:
    row = documents.find(connection, document_id)
    if row is None:
        raise not_found("document")
    head = record.head(connection, document_id)
    if at is not None and not 0 <= at <= head.seq:
        raise invalid(f"The record of this document goes from 0 to {head.seq}.", pointer="query/at")
    checkpoint = checkpoints.newest(connection, document_id, at) if checkpointed else None
    tail = record.entries(connection, document_id, after=checkpoint.seq if checkpoint else 0, until=at)
    return Found(checkpoint, tail, Standing(Ground(row.meeting), row.frozen), head)


def _rebuild(found: Found) -> Document:
    document = loaded(found.checkpoint)
    for at in range(0, len(found.tail), AT_ONCE):
        if at:
            time.sleep(REST_S)
        replay(document, found.tail[at : at + AT_ONCE])
    return document


def loaded(packed: Packed | None) -> Document:
    """The document of a checkpoint; without one, an empty one. Raises BrokenCheckpoint, CrdtError."""
    if packed is None:
        return Document.new()
    checkpoint = checkpoints.unpack(packed)
    return Document.load(checkpoint.state, checkpoint.index_dump, checkpoint.owners)


def replay(document: Document, entries: Iterable[Entry]) -> bytes:
    """Takes entries of the record, which were judged when they came; the one update that they make.

    Raises Diverged, Malformed when they do not fit what stands before them.
    """
    updates: list[bytes] = []
    for entry in entries:
        if entry.kind != EntryKind.UPDATE:
            continue
        if entry.payload is None:
            raise Diverged(f"entry {entry.seq} of document {entry.document} has lost its payload")
        document.admit(entry.payload, entry.participant)
        updates.append(entry.payload)
    return document.commit(updates) if updates else b""
