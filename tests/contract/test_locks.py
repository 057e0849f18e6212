"""What is agreed stays agreed: locks, freezing, focus, and rights that change on open sockets (W4, section 4)."""

import asyncio
from typing import Any

import httpx
import pytest

from crdt import sync
from tests.authors import shake_hands
from tests.client import Client, Line
from tests.contract.test_updates import saved
from tests.meetings import Person
from tests.people import Gathering, refused


def paragraph(gathering: Gathering, index: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = gathering.paragraphs()["paragraphs"][index]
    return found


def lock_path(gathering: Gathering, id_: str) -> str:
    return f"/api/documents/{gathering.document}/paragraphs/{id_}/lock"


def lock(gathering: Gathering, chair: httpx.Client, index: int = 1, **terms: Any) -> httpx.Response:
    target = paragraph(gathering, index)
    body = {"digest": target["digest"], "status": "agreed", **terms}
    return chair.put(lock_path(gathering, target["id"]), json=body)


@pytest.fixture
def chair(gathering: Gathering) -> Person:
    return gathering.come("chair")


@pytest.fixture
def presiding(gathering: Gathering, chair: Person) -> httpx.Client:
    return gathering.client(chair)


def test_a_lock_is_answered_shown_counted_and_recorded(
    gathering: Gathering, chair: Person, presiding: httpx.Client
) -> None:
    answer = lock(gathering, presiding)
    assert answer.status_code == 200, answer.text
    shown = paragraph(gathering)["lock"]
    assert answer.json() == shown
    assert (shown["status"], shown["by"]["id"]) == ("agreed", chair.id)
    document = presiding.get(f"/api/documents/{gathering.document}").json()
    assert document["progress"]["agreed_paragraphs"] == 1
    entry = presiding.get(f"/api/documents/{gathering.document}/record").json()["items"][-1]
    assert (entry["kind"], entry["by"]["id"], entry["seq"]) == ("lock", chair.id, document["seq"])
    before = presiding.get(f"/api/documents/{gathering.document}/paragraphs", params={"at": entry["seq"] - 1}).json()
    assert before["paragraphs"][1]["lock"] is None
    assert lock(gathering, presiding).json() == shown  # again: nothing new
    assert gathering.paragraphs()["seq"] == entry["seq"]


def test_the_chair_locks_this_text_and_is_told_when_it_has_moved_on(
    gathering: Gathering, presiding: httpx.Client
) -> None:
    target = paragraph(gathering)
    body = {"digest": "0" * 64, "status": "agreed"}
    problem = refused(presiding.put(lock_path(gathering, target["id"]), json=body), 409, "text_changed")
    assert problem["paragraph"] == target
    assert paragraph(gathering)["lock"] is None
    refused(presiding.put(lock_path(gathering, "1-1"), json=body), 404, "not_found")
    refused(presiding.put(lock_path(gathering, target["id"]), json={**body, "status": "maybe"}), 422, "invalid")


async def test_a_paragraph_with_open_brackets_is_locked_only_on_request(
    gathering: Gathering, presiding: httpx.Client
) -> None:
    writer = gathering.come("delegate")
    async with Client(gathering.url, writer.token) as client:
        await client.until(lambda: client.synced)
        client.type("[shall]")
        await client.saved()
    last = len(gathering.paragraphs()["paragraphs"]) - 1
    refused(await asyncio.to_thread(lock, gathering, presiding, last), 409, "open_brackets")
    answer = await asyncio.to_thread(lambda: lock(gathering, presiding, last, allow_brackets=True))
    assert answer.status_code == 200


def test_unlocking_needs_a_reason_and_a_lock(gathering: Gathering, presiding: httpx.Client) -> None:
    path = lock_path(gathering, paragraph(gathering)["id"])
    refused(presiding.request("DELETE", path, json={"reason": "too early"}), 409, "not_locked")
    lock(gathering, presiding)
    refused(presiding.request("DELETE", path, json={"reason": "  "}), 422, "invalid")
    assert presiding.request("DELETE", path, json={"reason": "India asked for it"}).status_code == 204
    assert paragraph(gathering)["lock"] is None
    entry = presiding.get(f"/api/documents/{gathering.document}/record").json()["items"][-1]
    assert entry["kind"] == "unlock"
    assert "India asked for it" in entry["summary"]


@pytest.mark.parametrize("role", ["secretariat", "delegate", "observer"])
def test_p2_only_the_chair_presides(gathering: Gathering, role: str) -> None:
    client = gathering.client(gathering.come(role))
    refused(lock(gathering, client), 403, "forbidden")
    refused(client.put(f"/api/documents/{gathering.document}/frozen", json={"frozen": True}), 403, "forbidden")


async def test_w4_nobody_changes_a_locked_paragraph_and_the_offender_types_on(
    gathering: Gathering, presiding: httpx.Client
) -> None:
    """The chair's own hand, too; what was not taken comes back, the rest of the update stays."""
    await asyncio.to_thread(lock, gathering, presiding)
    locked, chair = paragraph(gathering), gathering.come("chair")
    async with Client(gathering.url, chair.token) as client:
        await client.until(lambda: client.synced)
        text = str(client.text)
        inside = len(text[: text.index(locked["text"])].encode()) + 3
        with client.edit("both"):
            client.text.insert(inside, "forced")
            client.text.insert(len(client.text), " legal")
            del client.text[inside + 6 : inside + 8]
        told = await client.event("refused")
        assert (told["reason"], told["paragraphs"], told["text"]) == ("locked", [locked["id"]], ["forced"])
        client.type(" and on")
        await client.saved()
    assert paragraph(gathering) == locked
    assert gathering.text()[-1].endswith(" legal and on")


async def test_w2_events_and_welcome_tell_of_locks_focus_and_freezing(
    gathering: Gathering, chair: Person, presiding: httpx.Client
) -> None:
    document, target = f"/api/documents/{gathering.document}", paragraph(gathering)["id"]
    reader = gathering.come("observer")
    by = {"id": chair.id, "name": chair.name, "delegation": None}
    async with Line.open(f"{gathering.url}?v=1", reader.token) as line:
        welcome = await line.until("welcome")
        assert (welcome["locks"], welcome["focus"], welcome["document"]["frozen"]) == ({}, None, False)
        await asyncio.to_thread(lock, gathering, presiding)
        event = await line.until("event")
        assert (event["kind"], event["by"], event["data"]["paragraph"]) == ("lock", by, target)
        assert event["seq"] == gathering.paragraphs()["seq"]
        await asyncio.to_thread(presiding.put, f"{document}/focus", json={"paragraph": target})
        event = await line.until("event")
        assert (event["kind"], event["data"]) == ("focus", {"paragraph": target, "bracket": None})
        await asyncio.to_thread(presiding.put, f"{document}/focus", json={"paragraph": target, "bracket": "1-2"})
        assert (await line.until("event"))["data"] == {"paragraph": target, "bracket": "1-2"}
        await asyncio.to_thread(presiding.put, f"{document}/frozen", json={"frozen": True, "reason": "lunch"})
        event = await line.until("event")
        assert (event["kind"], event["data"]) == ("freeze", {"frozen": True, "reason": "lunch"})
    async with Line.open(f"{gathering.url}?v=1", reader.token) as line:
        welcome = await line.until("welcome")
        assert welcome["locks"][target]["status"] == "agreed"
        told = welcome["document"]
        assert (welcome["focus"], told["frozen"], told["frozen_reason"]) == (target, True, "lunch")
    nowhere = await asyncio.to_thread(presiding.put, f"{document}/focus", json={"paragraph": "1-1"})
    refused(nowhere, 404, "not_found")


async def test_w4_a_frozen_document_takes_nothing_from_anybody(gathering: Gathering, presiding: httpx.Client) -> None:
    path, writer = f"/api/documents/{gathering.document}/frozen", gathering.come("delegate")
    async with Line.open(f"{gathering.url}?v=1", writer.token) as line:
        author = await shake_hands(line)
        await asyncio.to_thread(presiding.put, path, json={"frozen": True})
        await line.send(sync.update(author.append("late")))
        assert (await line.until("refused"))["reason"] == "frozen"
    before = gathering.text()
    await asyncio.to_thread(presiding.put, path, json={"frozen": False})
    async with Line.open(f"{gathering.url}?v=1", writer.token) as line:
        author = await shake_hands(line)
        await line.send(sync.update(author.append("in time")))
        await saved(line, 1)
    assert gathering.text()[-1] == before[-1] + "in time"


async def test_a_role_that_changes_holds_on_open_sockets_at_once(gathering: Gathering) -> None:
    """Mid-typing: what is sent after the answer is judged by the new role."""
    writer = gathering.come("delegate")
    async with Line.open(f"{gathering.url}?v=1", writer.token) as line:
        author = await shake_hands(line)
        await line.send(sync.update(author.append("may")))
        await saved(line, 1)
        path = f"/api/participants/{writer.id}"
        answer = await asyncio.to_thread(gathering.admin.patch, path, json={"role": "observer"})
        assert answer.json()["role"] == "observer"
        await line.send(sync.update(author.append(" not")))
        assert (await line.until("refused"))["reason"] == "read_only"
    assert gathering.text()[-1].endswith("may")
    refused(gathering.admin.patch(path, json={"role": "secretariat"}), 409, "contradiction")
    refused(gathering.admin.patch(path, json={"delegation": "XXX"}), 409, "no_such_delegation")


def test_a_lock_repeated_under_its_key_is_answered_as_before(gathering: Gathering, presiding: httpx.Client) -> None:
    lock(gathering, presiding)
    path = lock_path(gathering, paragraph(gathering)["id"])
    headers = {"Idempotency-Key": "open-it-once"}
    for _ in range(2):
        answer = presiding.request("DELETE", path, json={"reason": "again"}, headers=headers)
        assert answer.status_code == 204, answer.text
