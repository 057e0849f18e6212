"""Snapshots and restoring (section 4): named points of the record, and the text of one had back."""

import asyncio
import subprocess
import sys
from typing import Any

import httpx
import pytest

from tests.client import Client, Line
from tests.contract.test_locks import lock, lock_path, paragraph
from tests.people import Gathering, refused


@pytest.fixture
def presiding(gathering: Gathering) -> httpx.Client:
    return gathering.client(gathering.come("chair"))


def path(gathering: Gathering) -> str:
    return f"/api/documents/{gathering.document}/snapshots"


def labelled(gathering: Gathering, chair: httpx.Client, label: str = "Rev.1", **headers: str) -> dict[str, Any]:
    answer = chair.post(path(gathering), json={"label": label}, headers=headers)
    assert answer.status_code == 201, answer.text
    shape: dict[str, Any] = answer.json()
    return shape


def listed(gathering: Gathering) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = gathering.admin.get(path(gathering)).json()["items"]
    return items


def restore(gathering: Gathering, snapshot: str, **headers: str) -> httpx.Response:
    return gathering.admin.post(f"/api/snapshots/{snapshot}/restore", headers=headers)


def reads(gathering: Gathering, **at: int) -> list[str]:
    answer = gathering.admin.get(f"/api/documents/{gathering.document}/paragraphs", params=at)
    return [each["digest"] for each in answer.json()["paragraphs"]]


def last_entry(gathering: Gathering) -> dict[str, Any]:
    entries: list[dict[str, Any]] = gathering.admin.get(f"/api/documents/{gathering.document}/record").json()["items"]
    return entries[-1]


def freeze(gathering: Gathering, chair: httpx.Client, frozen: bool) -> None:
    assert chair.put(f"/api/documents/{gathering.document}/frozen", json={"frozen": frozen}).is_success


def unlock(gathering: Gathering, chair: httpx.Client, id_: str) -> None:
    assert chair.request("DELETE", lock_path(gathering, id_), json={"reason": "to go back"}).is_success


async def typed(gathering: Gathering, words: str) -> None:
    """At the end, by a delegate."""
    async with Client(gathering.url, gathering.come("delegate").token) as client:
        await client.until(lambda: client.synced)
        client.type(words)
        await client.saved()


def verified(gathering: Gathering) -> None:
    command = [sys.executable, "-m", "server", "verify", "--data-dir", str(gathering.server.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


async def test_the_chair_names_a_point_of_the_record_which_can_be_read(
    gathering: Gathering, presiding: httpx.Client
) -> None:
    before = reads(gathering)
    shape = labelled(gathering, presiding)
    assert (shape["label"], shape["seq"]) == ("Rev.1", gathering.paragraphs()["seq"])
    assert shape["progress"]["paragraphs"] == 3
    entry = last_entry(gathering)
    assert (entry["kind"], entry["seq"], entry["summary"]) == ("snapshot", shape["seq"], "snapshot Rev.1")
    await typed(gathering, " more")
    assert reads(gathering, at=shape["seq"]) == before != reads(gathering)
    later = labelled(gathering, presiding, "Rev.2")
    assert later["digest"] != shape["digest"]
    assert [each for each in listed(gathering) if each["label"]] == [shape, later]


async def test_restoring_is_one_change_and_keeps_what_reads_alike(
    gathering: Gathering, presiding: httpx.Client
) -> None:
    before = gathering.paragraphs()["paragraphs"]
    first = labelled(gathering, presiding)
    await typed(gathering, " more\nand another")
    seq = gathering.paragraphs()["seq"]
    async with Line.open(f"{gathering.url}?v=1", gathering.come("observer").token) as line:
        await line.until("welcome")
        answer = await asyncio.to_thread(restore, gathering, first["id"])
        assert (answer.status_code, answer.json()) == (200, {"seq": seq + 1, "changed": True})
        event = await line.until("event")
        assert (event["kind"], event["data"]["restored"], event["seq"]) == ("snapshot", first["id"], seq + 1)
    assert gathering.paragraphs()["paragraphs"] == before
    automatic = listed(gathering)[-1]
    assert (automatic["label"], automatic["seq"]) == (None, seq)
    answer = await asyncio.to_thread(restore, gathering, automatic["id"])  # there is a way back
    assert answer.status_code == 200
    assert gathering.text()[-1] == "and another"
    again = await asyncio.to_thread(restore, gathering, automatic["id"])
    assert again.json()["changed"] is False
    assert labelled(gathering, presiding, "Rev.2")["digest"] == automatic["digest"]


async def test_w4_restoring_is_refused_where_a_lock_or_freezing_forbids_it(
    gathering: Gathering, presiding: httpx.Client
) -> None:
    first = labelled(gathering, presiding)
    await typed(gathering, " more")
    last = len(gathering.paragraphs()["paragraphs"]) - 1
    locked = paragraph(gathering, last)
    assert (await asyncio.to_thread(lock, gathering, presiding, last)).status_code == 200
    held = gathering.paragraphs()
    problem = refused(await asyncio.to_thread(restore, gathering, first["id"]), 409, "locked")
    assert problem["paragraphs"] == [locked["id"]]
    assert gathering.paragraphs() == held
    unlock(gathering, presiding, locked["id"])
    freeze(gathering, presiding, True)
    refused(await asyncio.to_thread(restore, gathering, first["id"]), 409, "frozen")
    freeze(gathering, presiding, False)
    assert (await asyncio.to_thread(lock, gathering, presiding, 0)).status_code == 200
    assert (
        await asyncio.to_thread(restore, gathering, first["id"])
    ).status_code == 200  # the agreed one stays as it is
    assert paragraph(gathering, 0)["lock"]["status"] == "agreed"
    verified(gathering)


def test_before_every_lock_one_is_taken(gathering: Gathering, presiding: httpx.Client) -> None:
    seq = gathering.paragraphs()["seq"]
    lock(gathering, presiding)
    assert [(each["label"], each["seq"]) for each in listed(gathering)] == [(None, seq)]


def test_what_is_asked_for_twice_under_one_key_is_done_once(gathering: Gathering, presiding: httpx.Client) -> None:
    key = {"Idempotency-Key": "rev-1"}
    assert labelled(gathering, presiding, **key) == labelled(gathering, presiding, **key)
    assert len(listed(gathering)) == 1


def test_p2_the_chair_labels_and_the_secretariat_restores(gathering: Gathering, presiding: httpx.Client) -> None:
    shape = labelled(gathering, presiding)
    refused(gathering.admin.post(path(gathering), json={"label": "Rev.2"}), 403, "forbidden")
    refused(presiding.post(f"/api/snapshots/{shape['id']}/restore"), 403, "forbidden")
    refused(presiding.post(path(gathering), json={"label": " "}), 422, "invalid")
    refused(gathering.admin.post("/api/snapshots/0123456789abcdef/restore"), 404, "not_found")
