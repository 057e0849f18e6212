"""`verify` finds every kind of tampering and names the first entry that fails (R3)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from crdt.compose import Draft as Paragraph
from crdt.compose import compose
from crdt.document import Document
from crdt.paragraphs import Run
from crdt.record import canonical, digest_of, entry_hash
from server.rooms import Rooms
from server.store import Checkpoint, Store, checkpoints, pack, record
from server.verifying import documents, verify
from tests.server.conftest import Draft
from tests.server.rooms.conftest import *  # noqa: F403  # its fixtures
from tests.server.rooms.test_room import saved, typist
from tests.server.rooms.waiting import until

ENTRY, CHECKPOINT = record.ENTRY, checkpoints.CHECKPOINT
ENTRIES = 8
CHECKPOINTED = 6


@pytest.fixture
async def written(store: Store, rooms: Rooms, draft: Draft) -> Draft:
    """A record of eight entries, with a checkpoint after the sixth."""
    room = await rooms.room(draft.id)
    one = typist(draft)
    one.connect(room)
    for number in range(ENTRIES - 1):
        one.type(1, f"слово {number} ")
        await until(lambda: saved(one))
        if room.seq == CHECKPOINTED:
            await room.checkpoint()
    assert room.seq == ENTRIES
    return draft


async def finding(store: Store, document: str) -> tuple[int | None, str | None]:
    found = await verify(store, document, "Draft")
    return found.failed, found.reason


async def test_r3_a_record_that_nobody_touched_is_right(store: Store, written: Draft) -> None:
    assert await documents(store) == [(written.id, "Draft")]
    found = await verify(store, written.id, "Draft")
    assert (found.entries, found.failed, found.reason) == (ENTRIES, None, None)


def entry(document: str, seq: int) -> Any:
    return (ENTRY.c.document == document) & (ENTRY.c.seq == seq)


def other_payload(connection: Connection, document: str) -> None:
    connection.execute(update(ENTRY).where(entry(document, 4)).values(payload=b"\0\0"))


def other_payload_and_digest(connection: Connection, document: str) -> None:
    values = {"payload": b"\0\0", "digest": digest_of(b"\0\0")}
    connection.execute(update(ENTRY).where(entry(document, 4)).values(values))


def no_payload(connection: Connection, document: str) -> None:
    connection.execute(update(ENTRY).where(entry(document, 4)).values(payload=None))


def other_hash(connection: Connection, document: str) -> None:
    connection.execute(update(ENTRY).where(entry(document, 4)).values(hash=bytes(32)))


def other_participant(connection: Connection, document: str) -> None:
    someone = select(ENTRY.c.participant).where(entry(document, 1)).scalar_subquery()
    connection.execute(update(ENTRY).where(entry(document, 4)).values(participant=someone))


def other_time(connection: Connection, document: str) -> None:
    connection.execute(update(ENTRY).where(entry(document, 4)).values(at="2020-01-01T00:00:00.000000Z"))


def missing(connection: Connection, document: str) -> None:
    connection.execute(delete(ENTRY).where(entry(document, 4)))


def swapped(connection: Connection, document: str) -> None:
    for old, new in ((4, 99), (5, 4), (99, 5)):
        connection.execute(update(ENTRY).where(entry(document, old)).values(seq=new))


def first_missing(connection: Connection, document: str) -> None:
    connection.execute(delete(ENTRY).where(entry(document, 1)))


def last_ones_missing(connection: Connection, document: str) -> None:
    connection.execute(delete(ENTRY).where(ENTRY.c.document == document, ENTRY.c.seq >= CHECKPOINTED))


def forged_with_all_hashes(connection: Connection, document: str) -> None:
    """Entry 4 says something else, and every hash from there on is computed again: only the text gives it away."""
    rows = record.entries(connection, document)
    kept = rows[2].hash
    for row in rows[3:]:
        payload = b"\0\0" if row.seq == 4 else row.payload
        assert payload is not None
        digest = digest_of(payload)
        kept = entry_hash(kept, canonical(document, row.seq, row.kind, row.participant, row.at, digest))
        values = {"payload": payload, "digest": digest, "hash": kept}
        connection.execute(update(ENTRY).where(entry(document, row.seq)).values(values))


@pytest.mark.parametrize(
    ("tamper", "failed", "reason"),
    [
        (other_payload, 4, "payload is not the one"),
        (other_payload_and_digest, 4, "hash is not"),
        (no_payload, 4, "payload is missing"),
        (other_hash, 4, "hash is not"),
        (other_participant, 4, "hash is not"),
        (other_time, 4, "hash is not"),
        (missing, 4, "entry is missing"),
        (swapped, 4, "hash is not"),
        (first_missing, 1, "entry is missing"),
        (last_ones_missing, CHECKPOINTED, "entries are missing"),
        (forged_with_all_hashes, 5, "does not fit"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_r3_tampering_with_an_entry_is_found(
    store: Store, written: Draft, tamper: Callable[[Connection, str], None], failed: int, reason: str
) -> None:
    await store.write(lambda connection: tamper(connection, written.id))
    found = await finding(store, written.id)
    assert found[0] == failed
    assert re.search(reason, str(found[1]))


def another_document(draft: Draft) -> Document:
    document = Document.new()
    update_ = compose([Paragraph((Run("Something else", ()),))], 4)
    document.admit(update_, draft.chair)
    document.commit([update_])
    return document


@pytest.mark.parametrize("column", ["state", "index_dump", "owners"])
async def test_r3_a_damaged_checkpoint_is_found(store: Store, written: Draft, column: str) -> None:
    broken = update(CHECKPOINT).values({column: b"damaged"})
    await store.write(lambda connection: connection.execute(broken))
    failed, reason = await finding(store, written.id)
    assert failed == CHECKPOINTED
    assert "cannot be used" in str(reason)


async def test_r3_a_checkpoint_of_another_text_is_found(store: Store, written: Draft) -> None:
    forged = another_document(written).dump()
    await store.save_checkpoint(pack(Checkpoint(written.id, CHECKPOINTED, "2026", *forged)))
    failed, reason = await finding(store, written.id)
    assert failed == CHECKPOINTED
    assert "another text" in str(reason)


async def test_r3_a_checkpoint_with_another_author_is_found(store: Store, written: Draft) -> None:
    stored = await store.checkpoint(written.id)
    assert stored is not None
    await store.save_checkpoint(pack(stored._replace(owners=dict.fromkeys(stored.owners, written.observer))))
    failed, reason = await finding(store, written.id)
    assert failed == CHECKPOINTED
    assert "other authors" in str(reason)


async def test_r1_the_program_in_the_documentation_checks_a_record(store: Store, written: Draft) -> None:
    page = (Path(__file__).parents[2] / "docs" / "record.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert program is not None
    names: dict[str, Any] = {}
    exec(program[1], names)
    handed = [
        {"at": row.at, "by": row.participant, "kind": row.kind, "payload": row.payload, "hash": row.hash}
        for row in await store.entries(written.id)
    ]
    assert names["check"](written.id, handed) == "all entries are as they were recorded"
    handed[2]["payload"] = b"?"
    assert names["check"](written.id, handed) == "entry 3 is not what was recorded"


def test_r1_the_worked_example_in_the_documentation_is_right() -> None:
    page = (Path(__file__).parents[2] / "docs" / "record.md").read_text(encoding="utf-8")
    line = canonical(
        "00112233445566aa", 1, "update", "00112233445566bb", "2026-11-25T22:12:42.123456Z", digest_of(b"hello")
    )
    assert f"canonical  {line.decode()}\n" in page
    assert f"hash(1)    {entry_hash(bytes(32), line).hex()}\n" in page
