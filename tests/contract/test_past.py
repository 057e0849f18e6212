"""What one is told of a record's past (section 4): redlines, who wrote what, and its timeline; points by snapshot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.client import Client
from tests.contract.test_locks import lock, paragraph
from tests.contract.test_snapshots import labelled, restore
from tests.meetings import Person
from tests.people import Gathering, refused


@pytest.fixture
def presiding(gathering: Gathering) -> httpx.Client:
    return gathering.client(gathering.come("chair"))


def asked(gathering: Gathering, what: str, **query: Any) -> dict[str, Any]:
    answer = gathering.admin.get(f"/api/documents/{gathering.document}/{what}", params=query)
    assert answer.status_code == 200, answer.text
    shape: dict[str, Any] = answer.json()
    return shape


def diff(gathering: Gathering, one: int | str, other: int | str = "head") -> list[dict[str, Any]]:
    paragraphs: list[dict[str, Any]] = asked(gathering, "diff", **{"from": one, "to": other})["paragraphs"]
    return paragraphs


def told(paragraph: dict[str, Any], ops: str) -> str:
    return "".join(span["text"] for span in paragraph["spans"] if span["op"] in ops)


def texts(gathering: Gathering, at: int | str) -> list[str]:
    return [each["text"] for each in asked(gathering, "paragraphs", at=at)["paragraphs"]]


@asynccontextmanager
async def writing(gathering: Gathering, person: Person) -> AsyncIterator[Client]:
    async with Client(gathering.url, person.token) as client:
        await client.until(lambda: client.synced)
        yield client
        await client.saved()


async def edited(gathering: Gathering, person: Person, insert: str, at: int) -> None:
    async with writing(gathering, person) as client:
        client.type(insert, at=at)


async def test_a_redline_gives_both_texts_and_names_who_made_the_difference(gathering: Gathering) -> None:
    ann, uzbek = gathering.come("delegate"), gathering.enter(gathering.invite("delegate", delegation="UZB"), "Dilnoza")
    await edited(gathering, ann, " [new] words", at=6)
    await edited(gathering, uzbek, "\nAnother paragraph.", at=6)
    found = diff(gathering, 1)
    assert [told(each, "=-") for each in found if each["status"] != "added"] == texts(gathering, 1)
    assert [told(each, "=+") for each in found if each["status"] != "removed"] == texts(gathering, "head")
    added = [span for each in found for span in each["spans"] if span["op"] == "+"]
    assert {span["by"]["delegation"] for span in added if "[new] words" in span["text"]} == {"KAZ"}
    assert {span["by"]["delegation"] for span in added if "Another paragraph." in span["text"]} == {"UZB"}
    assert {span["by"]["delegation"] for span in added} == {"KAZ", "UZB"}
    new = next(each for each in found if each["status"] == "added")
    assert new["by"] == {"id": uzbek.id, "name": "Dilnoza", "delegation": "UZB"}
    untouched = [each for each in found if each["status"] == "same"]
    assert all(
        set(span) == {"op", "text", "marks"} and span["op"] == "=" for each in untouched for span in each["spans"]
    )
    back = diff(gathering, "head", 1)
    assert [told(each, "=+") for each in back if each["status"] != "removed"] == texts(gathering, 1)


async def test_points_are_named_by_seq_snapshot_or_head(gathering: Gathering, presiding: httpx.Client) -> None:
    snapshot = labelled(gathering, presiding)
    await edited(gathering, gathering.come("delegate"), " more", at=3)
    assert (
        diff(gathering, snapshot["id"]) == diff(gathering, snapshot["seq"]) == diff(gathering, snapshot["id"], "head")
    )
    was = asked(gathering, "paragraphs", at=snapshot["id"])
    assert was == asked(gathering, "paragraphs", at=snapshot["seq"]) != asked(gathering, "paragraphs", at="head")
    assert asked(gathering, "attribution", at=snapshot["id"])["seq"] == snapshot["seq"]
    assert {each["status"] for each in diff(gathering, snapshot["id"], snapshot["id"])} == {"same"}


@pytest.mark.parametrize("what", ["paragraphs", "attribution", "diff"])
def test_points_that_are_not_there_are_refused(gathering: Gathering, what: str) -> None:
    name = "from" if what == "diff" else "at"
    path = f"/api/documents/{gathering.document}/{what}"
    for point in ("99999", "0123456789abcdef", "1234567890123456"):
        refused(gathering.admin.get(path, params={name: point}), 404, "not_found")
    for point in ("-1", "1.0", "HEAD", "Rev.1", "0123456789abcdeff", ""):
        refused(gathering.admin.get(path, params={name: point}), 422, "invalid")


def test_a_snapshot_of_another_document_is_no_point_of_this_one(gathering: Gathering, presiding: httpx.Client) -> None:
    body = {"title": "Another", "text": "Words."}
    other = gathering.admin.post(f"/api/meetings/{gathering.id}/documents", json=body).json()["id"]
    snapshot = presiding.post(f"/api/documents/{other}/snapshots", json={"label": "Rev.1"}).json()["id"]
    path = f"/api/documents/{gathering.document}"
    refused(gathering.admin.get(f"{path}/paragraphs", params={"at": snapshot}), 404, "not_found")
    refused(gathering.admin.get(f"{path}/diff", params={"from": snapshot}), 404, "not_found")


async def test_each_word_is_its_writers_now_and_then(gathering: Gathering, presiding: httpx.Client) -> None:
    ann = gathering.come("delegate")
    first = gathering.paragraphs()["paragraphs"][0]["text"]
    before = asked(gathering, "attribution")
    await edited(gathering, ann, " and more", at=1 + len(first))
    after = asked(gathering, "attribution")
    runs = after["paragraphs"][0]["runs"]
    assert [run["text"] for run in runs] == [first, " and more"]
    assert (runs[1]["participant"], runs[1]["delegation"]) == (ann.id, "KAZ")
    assert runs[1]["at"] > runs[0]["at"]
    assert after["by"]["id"] == ann.id
    assert {each["id"] for each in after["participants"]} == {
        run["participant"] for p in after["paragraphs"] for run in p["runs"]
    }
    assert asked(gathering, "attribution", at=1) == before
    one = after["paragraphs"][1]["id"]
    assert asked(gathering, "attribution", paragraph=one)["paragraphs"] == [after["paragraphs"][1]]
    assert asked(gathering, "attribution", at=0) == {
        "seq": 0, "by": None, "at": None, "participants": [], "paragraphs": []
    }  # fmt: skip


async def test_what_a_restore_brings_back_is_its_first_authors(gathering: Gathering, presiding: httpx.Client) -> None:
    ann, other = gathering.come("delegate"), gathering.enter(gathering.invite("delegate", delegation="UZB"), "Dilnoza")
    first = gathering.paragraphs()["paragraphs"][0]["text"]
    await edited(gathering, ann, " and more", at=1 + len(first))
    snapshot = labelled(gathering, presiding)
    theirs = asked(gathering, "attribution")
    async with writing(gathering, other) as client:
        with client.edit():
            del client.text[1 : len(first) + 10]
    gone = gathering.paragraphs()["seq"]
    assert (await asyncio.to_thread(restore, gathering, snapshot["id"])).is_success
    again = asked(gathering, "attribution")
    assert [each["runs"] for each in again["paragraphs"]] == [each["runs"] for each in theirs["paragraphs"]]
    back = [span for each in diff(gathering, gone) for span in each["spans"] if span["op"] == "+"]
    assert [(span["by"]["delegation"], span["through"]["id"]) for span in back if "and more" in span["text"]] == [
        ("KAZ", "admin")
    ]


async def test_a_timeline_marks_locks_snapshots_and_restores(gathering: Gathering, presiding: httpx.Client) -> None:
    snapshot = labelled(gathering, presiding)
    await edited(gathering, gathering.come("delegate"), " more", at=3)
    assert (await asyncio.to_thread(restore, gathering, snapshot["id"])).is_success
    assert (await asyncio.to_thread(lock, gathering, presiding, 1)).is_success
    found = asked(gathering, "timeline")
    assert found["seq"] == gathering.paragraphs()["seq"]
    assert [
        (each["kind"], each.get("label"), each.get("paragraph"), each.get("restored")) for each in found["moments"]
    ] == [
        ("snapshot", "Rev.1", None, None),
        ("restore", None, None, snapshot["id"]),
        ("lock", None, paragraph(gathering, 1)["id"], None),
    ]
    assert found["ticks"][0]["seq"] == 1
    assert found["ticks"][-1]["seq"] == found["moments"][1]["seq"]
