"""The record of what was said (R1, R2, R3): its digests stay, its words can be taken back, and both are verified."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.rooms.following import placed
from server.rooms.opening import open_document
from server.rooms.telling import told
from server.store import Store
from server.verifying import verify
from tests.client import Client
from tests.contract.test_comments import opened, threads
from tests.meetings import made
from tests.people import Gathering
from tests.processes import ServerProcess

SAID = "giraffe-oryx"


@dataclass
class Spoken:
    """A document in which something was said, edited, withdrawn, detached and brought back."""

    gathering: Gathering
    database: Path
    thread: dict[str, Any]


def verified(database: Path, document: str) -> tuple[int | None, str | None]:
    async def look() -> tuple[int | None, str | None]:
        store = await Store.open(f"sqlite:///{database}", may_create=False)
        try:
            found = await verify(store, document, "Draft")
        finally:
            await store.close()
        return found.failed, found.reason

    return asyncio.run(look())


@pytest.fixture(scope="module")
def spoken(server: ServerProcess) -> Iterator[Spoken]:
    with server.admin() as admin:
        gathering = Gathering.make(server, admin)
        assert isinstance(gathering, Gathering)
        author = gathering.come("delegate")
        client = gathering.client(author)
        thread = opened(gathering, client, quote="Second", body="@UZB, look")
        opened(gathering, client, index=2, visibility="delegation")
        reply = made(client.post(f"/api/threads/{thread['id']}/comments", json={"body": SAID}))
        assert client.patch(f"/api/comments/{reply['id']}", json={"body": f"{SAID} edited"}).is_success
        assert client.delete(f"/api/comments/{reply['id']}").is_success
        assert client.put(f"/api/threads/{thread['id']}/resolved").is_success
        asyncio.run(edited(gathering, author.token))
        assert [each["detached"] for each in threads(gathering, client)] == [False, True]
        yield Spoken(gathering, server.data_dir / "rollingtext.db", thread)
        gathering.close()


async def edited(gathering: Gathering, token: str) -> None:
    """The second paragraph is split, and the third deleted."""
    async with Client(gathering.url, token) as writer:
        await writer.until(lambda: writer.synced)
        writer.type("\n", at=len("\nFirst.\nSec"))
        with writer.edit():
            del writer.text[len("\nFirst.\nSec\nond.") :]
        await writer.saved()


@pytest.fixture
def copy(spoken: Spoken, tmp_path: Path) -> Path:
    """Of the database."""
    path = tmp_path / "copy.db"
    with closing(sqlite3.connect(spoken.database)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return path


def test_r2_words_that_were_withdrawn_are_nowhere_and_the_chain_holds(spoken: Spoken) -> None:
    """In no table and no entry, edits included; only sealed answers to repeated requests may hold them for a day."""
    assert verified(spoken.database, spoken.gathering.document) == (None, None)
    with closing(sqlite3.connect(spoken.database)) as connection:
        assert SAID not in "\n".join(connection.iterdump())
    path = f"/api/documents/{spoken.gathering.document}/record?full=true&limit=200"
    entries = spoken.gathering.admin.get(path).json()["items"]
    assert [entry["summary"] for entry in entries if spoken.thread["id"] in entry["summary"]][-1].endswith("resolved")
    assert len({entry["payload"] for entry in entries}) == len(entries)


async def test_r3_whoever_opens_the_document_anew_tells_the_same(spoken: Spoken, copy: Path) -> None:
    document = spoken.gathering.document
    before = await asyncio.to_thread(threads, spoken.gathering, spoken.gathering.admin)
    store = await Store.open(f"sqlite:///{copy}", may_create=False)
    try:
        opened_anew = await open_document(store, document)
    finally:
        await store.close()
    standing = placed(opened_anew.standing.threads.values(), opened_anew.document.index)
    found = [told(document, each, unread=True) for each in standing if each.thread.readers is None]
    assert found == [{**each, "unread": True} for each in before]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE wording SET body = 'I never said so' WHERE body LIKE '@UZB%'", "not those that were recorded"),
        ("UPDATE wording SET mentions = '[]' WHERE body LIKE '@UZB%'", "not those that were recorded"),
        (
            "UPDATE wording SET body = NULL, salt = NULL, mentions = NULL WHERE body LIKE '@UZB%'",
            "nobody has withdrawn",
        ),
        ("UPDATE comment SET participant = (SELECT created_by FROM document)", "not those of the record"),
        ("UPDATE thread SET readers = NULL WHERE readers IS NOT NULL", "not those of the record"),
        ("UPDATE thread SET anchor = '1-1' WHERE detached_text IS NULL", "not those of the record"),
        ("UPDATE thread SET detached_text = NULL WHERE detached_text IS NOT NULL", "not those of the record"),
        ("UPDATE thread SET resolved_by = NULL, resolved_at = NULL", "not those of the record"),
        ("DELETE FROM wording WHERE body LIKE '@UZB%'", "names what is not there"),
    ],
)
def test_r3_tampering_with_what_was_said_is_found(spoken: Spoken, copy: Path, statement: str, reason: str) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        assert connection.execute(statement).rowcount > 0
    failed, said = verified(copy, spoken.gathering.document)
    assert failed is not None
    assert reason in str(said)


def test_r2_the_entry_says_everything_but_the_words(spoken: Spoken) -> None:
    with closing(sqlite3.connect(spoken.database)) as connection:
        ours = "SELECT payload FROM entry WHERE kind = 'comment' AND document = ? ORDER BY seq"
        rows = connection.execute(ours, (spoken.gathering.document,)).fetchall()
    payloads = [json.loads(payload) for (payload,) in rows]
    actions = [payload["action"] for payload in payloads]
    assert actions == ["thread", "thread", "comment", "edited", "withdrawn", "resolved"]
    for payload in payloads:
        assert not {"body", "salt", "mentions"} & set(payload)
        assert ("said" in payload) == (payload["action"] in ("thread", "comment", "edited"))
