"""Opening a document: the newest checkpoint, and the entries after it; the same for any earlier point of the record."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from crdt.document import Document
from crdt.errors import CrdtError, Diverged
from server import metrics
from server.auth.policy import Ground
from server.errors import invalid, not_found
from server.rooms.author import Author, author_of
from server.rooms.brackets import Brackets
from server.rooms.brackets import restored as restored_brackets
from server.rooms.standing import Lock, Standing, after, followed, with_locks
from server.rooms.threads import Threads, restored
from server.rooms.updates import update_of
from server.store import (
    BrokenCheckpoint,
    Entry,
    Head,
    Store,
    brackets,
    checkpoints,
    documents,
    locks,
    people,
    record,
    snapshots,
    threads,
)
from server.store.checkpoints import Packed
from server.tables import Document as DocumentRow
from server.tables import EntryKind

log = logging.getLogger(__name__)

AT_ONCE = 50  # entries that are replayed in one go, some 2 ms …
REST_S = 0.0005  # … before the thread rests, for it shares the interpreter with the loop

MARKS = frozenset({EntryKind.SNAPSHOT, EntryKind.RESTORE})
"""Kinds of entries that name an earlier point of the record, or go back to one."""

LIVES = frozenset({EntryKind.POSITION, EntryKind.RESOLUTION})
"""Kinds of entries that tell of brackets."""

STANDS = frozenset({EntryKind.LOCK, EntryKind.UNLOCK, EntryKind.FREEZE, EntryKind.COMMENT, *LIVES})
"""Kinds of entries that change what stands beside the text."""


TOLD = STANDS | MARKS
"""Kinds of entries of which everybody is told."""


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


async def document_at(store: Store, document_id: str, seq: int) -> tuple[Document, Standing]:
    """As it stood after entry `seq` (0: before the first). Raises Problem, Unavailable, Diverged as above."""
    document, found = await _rebuilt(store, document_id, seq)
    return document, found.standing


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
    return Found(checkpoint, tail, _standing(connection, row) if at is None else _stood(connection, row, at), head)


def _standing(connection: Connection, row: DocumentRow) -> Standing:
    """At the head, from the rows beside the record."""
    found = {
        lock.paragraph: Lock(lock.status, lock.digest, author_of(by), lock.at, lock.seq)
        for lock, by in locks.of_document(connection, row.id)
    }
    standing = Standing(Ground(row.meeting), row.frozen, row.frozen_reason, threads=threads_of(connection, row.id))
    snapped = snapshots.last_taken(connection, row.id) or row.created_at
    standing = replace(standing, document=row.id, brackets=brackets_of(connection, row.id), snapped=snapped)
    return with_locks(standing, found)


def brackets_of(connection: Connection, document_id: str) -> Brackets:
    """From the rows beside the record."""
    named = people.named(connection, brackets.authors(connection, document_id))
    return restored_brackets(connection, document_id, {id_: author_of(each) for id_, each in named.items()})


def threads_of(connection: Connection, document_id: str) -> Threads:
    """From the rows beside the record."""
    rows = threads.of_document(connection, document_id)
    if not rows:
        return {}
    comments = threads.comments(connection, document_id)
    wanted = {row["participant"] for row in (*rows, *comments)} | {row["resolved_by"] for row in rows}
    named = people.named(connection, wanted - {None})
    return restored(rows, comments, {id_: author_of(each) for id_, each in named.items()})


def _stood(connection: Connection, row: DocumentRow, at: int) -> Standing:
    """After an earlier entry, from the record alone; without what had been said by then, which nobody asks."""
    found = record.entries(connection, row.id, until=at, kinds=STANDS - {EntryKind.COMMENT})
    return stood(Standing(Ground(row.meeting)), found, authors(connection, found))


def authors(connection: Connection, entries: Iterable[Entry]) -> Mapping[str, Author]:
    """By participant, of the entries that are no updates."""
    wanted = {entry.participant for entry in entries if entry.kind != EntryKind.UPDATE}
    return {id_: author_of(each) for id_, each in people.named(connection, wanted).items()} if wanted else {}


def stood(standing: Standing, entries: Iterable[Entry], authors: Mapping[str, Author]) -> Standing:
    """What stands after some entries; raises Diverged when one has lost its payload."""
    for entry in entries:
        if entry.kind in STANDS:
            if entry.payload is None:
                raise Diverged(f"entry {entry.seq} of document {entry.document} has lost its payload")
            standing = after(standing, entry.seq, entry.kind, entry.payload, entry.at, authors[entry.participant])
    return standing


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
    updates = [update for entry in entries if (update := _admitted(document, entry)) is not None]
    return document.commit(updates) if updates else b""


def retrace(
    document: Document, standing: Standing, entries: Iterable[Entry], authors: Mapping[str, Author]
) -> tuple[bytes, Standing]:
    """The same, and what stands after them; threads follow each change on its own, as they did when it came."""
    updates, standing = taken_over(document, standing, entries, authors)
    return document.commit(updates) if updates else b"", standing


def taken_over(
    document: Document, standing: Standing, entries: Iterable[Entry], authors: Mapping[str, Author]
) -> tuple[list[bytes], Standing]:
    """The same into the judged state alone: the updates that are to be committed."""
    updates: list[bytes] = []
    for entry in entries:
        update = _admitted(document, entry)
        if update is not None:
            updates.append(update)
            standing, _ = followed(standing, document.index, update, entry.participant)
        standing = stood(standing, [entry], authors)
    return updates, standing


def _admitted(document: Document, entry: Entry) -> bytes | None:
    update = update_of(entry)
    if update is not None:
        document.admit(update, entry.participant)
    return update
