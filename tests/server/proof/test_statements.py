"""Statements in the database: signed once, and verified with the record (R3)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update
from sqlmodel import col

from server import metrics
from server.aside import Aside, AsideDied
from server.config import Settings
from server.errors import Problem
from server.proof import Signer, Statements, signer_of
from server.rooms import Decision, Rooms, Scene
from server.rooms.snapshots import row, said
from server.rooms.standing import written
from server.store import EntryDraft, Store, snapshots
from server.tables import EntryKind, SnapshotRow, StatementRow
from server.verifying import Finding, verify
from tests.server.conftest import Draft
from tests.server.rooms.conftest import *  # noqa: F403  # its fixtures
from tests.server.rooms.test_room import saved, typist
from tests.server.rooms.waiting import until


class Here(Aside):
    """In a thread, which begins sooner than a process; that it runs in one is tested where the server runs."""

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.to_thread(function, *arguments)


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return signer_of(Settings(data_dir=tmp_path / "keys"))


@pytest.fixture
async def statements(store: Store, signer: Signer) -> AsyncIterator[Statements]:
    statements = Statements(store, Here(), signer)
    yield statements
    await statements.close()


async def labelled(rooms: Rooms, draft: Draft, label: str | None = "Rev.1") -> SnapshotRow:
    def decide(scene: Scene) -> Decision[SnapshotRow]:
        made = row(draft.id, scene.seq, scene.at, draft.chair, scene.document.brackets.sight(), label)
        entry = EntryDraft(EntryKind.SNAPSHOT, draft.chair, scene.at, written(said(made)))
        return Decision(made, draft=entry, also=(snapshots.addition(made),))

    return await (await rooms.room(draft.id)).act(decide)


@pytest.fixture
async def stated(store: Store, rooms: Rooms, draft: Draft, statements: Statements) -> Draft:
    """A record with a signed statement about its fourth entry."""
    one = typist(draft)
    one.connect(await rooms.room(draft.id))
    for word in ("shall ", "not "):
        one.type(1, word)
        await until(lambda: saved(one))
    await statements.of(await labelled(rooms, draft))
    one.type(1, "then ")
    await until(lambda: saved(one))
    return draft


async def finding(store: Store, draft: Draft) -> Finding:
    return await verify(store, draft.id, "Draft")


async def test_r3_what_is_signed_and_true_is_counted(store: Store, stated: Draft) -> None:
    found = await finding(store, stated)
    assert (found.entries, found.statements, found.reason) == (5, 1, None)


def other_text(connection: Connection) -> None:
    connection.execute(update(StatementRow).values(body=b"{}"))


def other_signature(connection: Connection) -> None:
    connection.execute(update(StatementRow).values(signature=bytes(64)))


def other_key(connection: Connection) -> None:
    connection.execute(update(StatementRow).values(public_key=bytes(32)))


@pytest.mark.parametrize("tamper", [other_text, other_signature, other_key])
async def test_r3_a_statement_that_was_altered_is_found(
    store: Store, stated: Draft, tamper: Callable[[Connection], None]
) -> None:
    await store.write(tamper)
    found = await finding(store, stated)
    assert found.failed == 4
    assert "the signature is not" in str(found.reason)


async def test_r3_a_statement_about_another_text_is_found(
    store: Store, rooms: Rooms, stated: Draft, statements: Statements, signer: Signer
) -> None:
    row = await statements.of(await labelled(rooms, stated, "Rev.2"))
    body = row.body.replace(b"then", b"thus")
    forged = {"body": body, "signature": signer.sign(body)}
    query = update(StatementRow).where(col(StatementRow.snapshot) == row.snapshot).values(**forged)
    await store.write(lambda connection: connection.execute(query))
    found = await finding(store, stated)
    assert (found.failed, found.statements) == (6, 1)
    assert "the record tells otherwise of: paragraphs" in str(found.reason)


async def test_it_is_made_once_however_many_ask(
    store: Store, rooms: Rooms, draft: Draft, statements: Statements
) -> None:
    snapshot = await labelled(rooms, draft)
    statements.soon(snapshot.id)
    rows = await asyncio.gather(*(statements.of(snapshot) for _ in range(5)))
    assert len({row.signature for row in rows}) == 1
    await store.write(lambda connection: connection.execute(delete(StatementRow)))
    assert (await statements.of(snapshot)).at > rows[0].at  # what was lost is signed anew


async def test_what_cannot_be_signed_is_counted_and_asked_for_again(
    store: Store, rooms: Rooms, draft: Draft, statements: Statements
) -> None:
    snapshot = await labelled(rooms, draft)
    before = metrics.STATEMENTS_FAILED._value.get()
    statements.soon("0" * 16)
    await until(lambda: metrics.STATEMENTS_FAILED._value.get() == before + 1)
    assert (await statements.of(snapshot)).snapshot == snapshot.id


class Gone(Aside):
    """It ends whenever it is asked."""

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        raise AsideDied


async def test_what_passes_is_no_error(
    store: Store, rooms: Rooms, draft: Draft, signer: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    """It is signed when it is asked for."""
    snapshot = await labelled(rooms, draft)
    before = metrics.STATEMENTS_FAILED._value.get()
    Statements(store, Gone(), signer).soon(snapshot.id)
    await until(lambda: metrics.STATEMENTS_FAILED._value.get() == before + 1)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_without_a_label_nothing_is_signed(rooms: Rooms, draft: Draft, statements: Statements) -> None:
    room = await rooms.room(draft.id)
    taken = await room.read(lambda document: row(draft.id, 0, "2026", draft.chair, document.brackets.sight()))
    with pytest.raises(Problem, match="has not labelled"):
        await statements.of(taken)
