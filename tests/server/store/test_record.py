"""The record behind the store: one suite, every database (R1, R2, R4)."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from crdt.record import canonical, entry_hash
from server.store import EMPTY, Conflict, EntryDraft, Head, HeadMoved, Store, Unavailable, record
from server.tables import METADATA
from tests.server.conftest import Draft, add_draft

AT = "2026-11-25T22:12:42.123456Z"


def drafts(by: str, *payloads: bytes) -> list[EntryDraft]:
    return [EntryDraft("update", by, AT, payload) for payload in payloads]


async def test_r1_seq_counts_without_gaps_and_each_hash_covers_the_one_before(store: Store, draft: Draft) -> None:
    head = await store.append(draft.id, EMPTY, drafts(draft.chair, b"a", b"b"))
    head = await store.append(draft.id, head, drafts(draft.delegate, b"c"))

    entries = await store.entries(draft.id)
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.participant for entry in entries] == [draft.chair, draft.chair, draft.delegate]
    previous = bytes(32)
    for entry, payload in zip(entries, (b"a", b"b", b"c"), strict=True):
        assert entry.payload == payload
        assert entry.digest == sha256(payload).digest()
        covered = canonical(draft.id, entry.seq, entry.kind, entry.participant, entry.at, entry.digest)
        assert entry.hash == entry_hash(previous, covered)
        previous = entry.hash
    assert head == Head(3, previous) == await store.head(draft.id)


async def test_r1_each_document_has_a_record_of_its_own(store: Store, draft: Draft) -> None:
    other = await store.write(add_draft)
    await store.append(draft.id, EMPTY, drafts(draft.chair, b"a"))
    await store.append(other.id, EMPTY, drafts(other.chair, b"b"))
    assert [entry.payload for entry in await store.entries(other.id)] == [b"b"]


async def test_a_document_without_entries_has_the_empty_head(store: Store, draft: Draft) -> None:
    assert await store.head(draft.id) == EMPTY


async def test_a_reading_sees_one_moment_whatever_others_write_meanwhile(store: Store, draft: Draft) -> None:
    """Else a document that is opened would hold entries beyond the head that was read with it."""
    head = await store.append(draft.id, EMPTY, drafts(draft.chair, b"a"))

    async def another_process() -> None:
        other = await Store.open(store.url)
        try:
            await other.append(draft.id, head, drafts(draft.chair, b"b"))
        finally:
            await other.close()

    def look(connection: Connection) -> tuple[int, int]:
        seq = record.head(connection, draft.id).seq
        with ThreadPoolExecutor() as threads:
            threads.submit(asyncio.run, another_process()).result()
        return seq, len(record.entries(connection, draft.id))

    assert await store.read(look) == (1, 1)
    assert (await store.head(draft.id)).seq == 2


async def test_entries_can_be_asked_for_by_seq(store: Store, draft: Draft) -> None:
    await store.append(draft.id, EMPTY, drafts(draft.chair, *(bytes([n]) for n in range(9))))
    assert [entry.seq for entry in await store.entries(draft.id, after=7)] == [8, 9]
    assert [entry.seq for entry in await store.entries(draft.id, after=2, until=4)] == [3, 4]
    assert [entry.seq for entry in await store.entries(draft.id, after=2, limit=1)] == [3]


async def test_how_far_several_records_have_come(store: Store, draft: Draft) -> None:
    other, empty = await store.write(add_draft), await store.write(add_draft)
    await store.append(draft.id, EMPTY, drafts(draft.chair, b"a", b"b"))
    await store.append(other.id, EMPTY, drafts(other.chair, b"a"))
    assert await store.seqs([draft.id, other.id, empty.id, "nowhere"]) == {draft.id: 2, other.id: 1}
    assert await store.seqs([]) == {}


async def test_appending_on_another_head_writes_nothing(store: Store, draft: Draft) -> None:
    head = await store.append(draft.id, EMPTY, drafts(draft.chair, b"a"))
    for wrong in (EMPTY, Head(1, bytes(32)), Head(2, head.hash)):
        with pytest.raises(HeadMoved):
            await store.append(draft.id, wrong, drafts(draft.chair, b"b"))
    assert await store.head(draft.id) == head


async def test_of_a_batch_that_breaks_a_rule_nothing_is_written(store: Store, draft: Draft) -> None:
    head = await store.append(draft.id, EMPTY, drafts(draft.chair, b"a"))
    with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
        await store.append(draft.id, head, [*drafts(draft.chair, b"b"), *drafts("nobody", b"c")])
    assert await store.head(draft.id) == head


async def test_of_writers_in_the_same_instant_one_is_first(store: Store, draft: Draft) -> None:
    tries = (store.append(draft.id, EMPTY, drafts(draft.chair, bytes([n]))) for n in range(6))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, Head) for result in results) == 1
    assert sum(isinstance(result, HeadMoved) for result in results) == 5
    assert len(await store.entries(draft.id)) == 1


async def test_what_stands_beside_an_entry_is_written_with_it_or_not_at_all(store: Store, draft: Draft) -> None:
    meeting = METADATA.tables["meeting"]

    def named(title: str) -> object:
        return insert(meeting).values(id=title, title=title, observers_may_comment=False, created_at=AT)

    head = await store.append(draft.id, EMPTY, drafts(draft.chair, b"a"), [named(f"with {draft.id}")])
    with pytest.raises(HeadMoved):
        await store.append(draft.id, EMPTY, drafts(draft.chair, b"b"), [named(f"without {draft.id}")])
    with pytest.raises(Conflict):  # the second statement fails: the entry must not stay either
        await store.append(draft.id, head, drafts(draft.chair, b"b"), [named(f"with {draft.id}")])

    assert await store.head(draft.id) == head
    titles = await store.read(lambda connection: set(connection.scalars(select(meeting.c.title))))
    assert f"with {draft.id}" in titles
    assert f"without {draft.id}" not in titles


async def test_r1_an_entry_names_somebody_who_exists(store: Store, draft: Draft) -> None:
    with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
        await store.append(draft.id, EMPTY, drafts("nobody", b"a"))
    with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
        await store.append("nowhere", EMPTY, drafts(draft.chair, b"a"))


async def test_r4_what_was_written_is_there_for_the_next_process(store: Store, draft: Draft, database_url: str) -> None:
    head = await store.append(draft.id, EMPTY, drafts(draft.chair, bytes(range(256)) * 5000))
    other = await Store.open(database_url)
    try:
        assert await other.head(draft.id) == head
        assert (await other.entries(draft.id))[0].payload == bytes(range(256)) * 5000
    finally:
        await other.close()


async def test_r4_commits_reach_the_disk_before_they_are_answered(store: Store) -> None:
    """SQLite: synchronous=FULL (2) under WAL; PostgreSQL: nothing that loses an answered commit."""

    def settings(connection: object) -> list[object]:
        dialect = connection.dialect.name  # type: ignore[attr-defined]
        names = ("PRAGMA synchronous", "PRAGMA journal_mode", "PRAGMA foreign_keys")
        if dialect == "postgresql":
            names = ("SHOW fsync", "SHOW full_page_writes", "SHOW synchronous_commit")
        return [connection.scalar(text(name)) for name in names]  # type: ignore[attr-defined]

    assert await store.write(settings) in ([2, "wal", 1], ["on", "on", "on"])


async def test_reading_cannot_write(store: Store, draft: Draft) -> None:
    with pytest.raises((Unavailable, DBAPIError), match=r"readonly|read-only"):
        await store.read(lambda connection: connection.execute(text("DELETE FROM document")))
