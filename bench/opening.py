"""Opening a document with a long history, from a real database: what a server does when the first person comes.

python -m bench.opening [keystrokes]    # one line of JSON
"""

import asyncio
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from bench.crdt_core import history
from crdt.document import Document as Text
from crdt.update import decode
from server import times
from server.auth.credentials import ADMIN_ID, ensure_admin
from server.rooms.opening import open_document
from server.store import Checkpoint, EntryDraft, Head, Store, documents, meetings, pack, people, record
from server.tables import Document, EntryKind, Meeting, Participant, Role

BATCH = 500  # entries of one transaction
TAIL = 1_000  # entries after the checkpoint, at the worst
ROUNDS = 7


def main(keystrokes: int) -> None:
    updates, _ = history(keystrokes)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(_measure(updates, f"sqlite:///{Path(folder) / 'opening.db'}"))))


async def _measure(updates: Sequence[bytes], url: str) -> dict[str, object]:
    store = await Store.open(url)
    try:
        clients = {_client(update) for update in updates}
        document = await store.write(lambda connection: _begun(connection, updates[0], clients))
        text = Text.new()
        _take(text, updates[:1])
        await _write(store, document, text, updates[1:-TAIL])
        quiet = await _opened(store, document.id)
        await _write(store, document, text, updates[-TAIL:], checkpointed=False)
        tailed = await _opened(store, document.id)
    finally:
        await store.close()
    return {"scenario": "opening", "keystrokes": len(updates), "opening_ms": quiet, "with_tail_ms": tailed}


def _begun(connection: Connection, first: bytes, clients: Collection[int]) -> Document:
    ensure_admin(connection)
    for client in clients:
        person = Participant(id=_of(client), name="Writer", role=Role.SECRETARIAT, created_at=times.now())
        people.add(connection, person)
    meeting = Meeting(title="Opening", created_at=times.now())
    meetings.add(connection, meeting, [])
    document = Document(meeting=meeting.id, title="Opening", created_at=times.now(), created_by=ADMIN_ID)
    documents.add(connection, document, first)
    return document


async def _write(
    store: Store, document: Document, text: Text, updates: Sequence[bytes], *, checkpointed: bool = True
) -> None:
    head = await store.read(lambda connection: record.head(connection, document.id))
    for at in range(0, len(updates), BATCH):
        batch = updates[at : at + BATCH]
        drafts = [EntryDraft(EntryKind.UPDATE, _of(_client(update)), times.now(), update) for update in batch]
        head = await store.write(partial(_append, document=document.id, head=head, drafts=drafts))
        _take(text, batch)
    if checkpointed:
        await store.save_checkpoint(pack(Checkpoint(document.id, head.seq, times.now(), *text.dump())))


def _client(update: bytes) -> int:
    """Who wrote an update of the history: each has one client."""
    written = decode(update)
    return written.structs[0].client if written.structs else next(iter(written.deletes))


def _of(client: int) -> str:
    """The participant behind a client."""
    return f"{client:016x}"


def _append(connection: Connection, document: str, head: Head, drafts: Sequence[EntryDraft]) -> Head:
    return record.append(connection, document, head, drafts)


def _take(text: Text, updates: Sequence[bytes]) -> None:
    for update in updates:
        text.admit(update, _of(_client(update)))
    text.commit(updates)


async def _opened(store: Store, document: str) -> float:
    """Median of the milliseconds that opening takes; not what it takes to throw the one before away."""
    taken = []
    for _ in range(ROUNDS):
        gc.collect()
        begun = time.perf_counter()
        opened = await open_document(store, document)
        taken.append((time.perf_counter() - begun) * 1000)
        del opened
    return round(statistics.median(taken), 1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 260_000)
