"""Brackets on the running server: found, held open by positions, resolved by the chair (B2 to B6, P2)."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.client import Client, Line
from tests.meetings import Person, made
from tests.people import Gathering, refused

TEXT = "Recalling [that] the Parties\n\n[KAZ: The Parties] [shall][should] act,\n\n[all of it]\n\n# Later\n\n[lost"


@dataclass
class Table:
    """A document full of brackets, and the people around it."""

    gathering: Gathering
    document: str
    chair: Person
    presiding: httpx.Client
    delegate: httpx.Client

    @property
    def path(self) -> str:
        return f"/api/documents/{self.document}"

    @property
    def url(self) -> str:
        return f"{self.gathering.server.ws_url}/ws/documents/{self.document}"

    def brackets(self, **query: Any) -> list[dict[str, Any]]:
        answer = self.delegate.get(f"{self.path}/brackets", params=query)
        assert answer.is_success, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def bracket(self, text: str, status: str = "open") -> dict[str, Any]:
        return next(each for each in self.brackets(status=status) if each["text"] == text)

    def text(self) -> list[str]:
        return [each["text"] for each in self.delegate.get(f"{self.path}/paragraphs").json()["paragraphs"]]

    def resolve(self, bracket: str, outcome: str, **more: Any) -> httpx.Response:
        path = f"{self.path}/brackets/{self.bracket(bracket)['id']}/resolution"
        return self.presiding.post(path, json={"outcome": outcome, "expect": bracket, **more})

    def position(self, who: httpx.Client, bracket: str, code: str, stance: str, **more: Any) -> httpx.Response:
        return who.put(f"{self.path}/brackets/{bracket}/positions/{code}", json={"stance": stance, **more})

    def record(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.delegate.get(f"{self.path}/record").json()["items"]
        return items


@pytest.fixture
def table(gathering: Gathering) -> Table:
    body = {"title": "Draft", "text": TEXT}
    document = made(gathering.admin.post(f"/api/meetings/{gathering.id}/documents", json=body))["id"]
    chair = gathering.come("chair")
    delegate = gathering.client(gathering.come("delegate"))
    return Table(gathering, document, chair, gathering.client(chair), delegate)


def test_b4_brackets_stand_in_the_order_of_the_text(table: Table) -> None:
    found = table.brackets()
    assert [each["text"] for each in found] == [
        "[that]", "[KAZ: The Parties]", "[shall]", "[should]", "[all of it]", "[",
    ]  # fmt: skip
    first, second, third, fourth, fifth, last = found
    assert (first["start"], first["end"], first["depth"], first["status"]) == (10, 16, 1, "open")
    assert second["attribution"] == [{"delegation": "KAZ", "stance": None}]
    assert third["run"] == fourth["run"] == second["id"]
    assert fourth["run_class"] == "alternatives"
    assert (fifth["kind"], fifth["run"], fifth["resolution"]) == ("paragraph", None, None)
    assert [each["closed"] for each in found] == [True] * 5 + [False]
    assert all(each["opened"] is None for each in found)  # imported
    (lint,) = table.delegate.get(f"{table.path}/lints").json()["items"]
    assert (lint["code"], lint["paragraph"], lint["start"]) == ("UNCLOSED", last["paragraph"], 0)
    assert lint["mend"] == {"paragraph": last["paragraph"], "at": 5, "delete": 0, "insert": "]"}
    page = table.delegate.get(f"{table.path}/brackets", params={"limit": 2, "after": 2}).json()
    assert ([each["text"] for each in page["items"]], page["next"]) == (["[shall]", "[should]"], "4")
    paragraphs = table.delegate.get(f"{table.path}/paragraphs").json()["paragraphs"]
    assert [each["open_brackets"] for each in paragraphs] == [1, 3, 1, 0, 0]


async def test_b2_b4_one_that_is_typed_says_who_opened_it(table: Table) -> None:
    writer = table.gathering.come("delegate")
    async with Client(table.url, writer.token) as client:
        await client.until(lambda: client.synced)
        client.type(" [typed]", at=1)
        await client.saved()
    opened = (await asyncio.to_thread(table.bracket, "[typed]"))["opened"]
    assert (opened["by"]["id"], opened["seq"]) == (writer.id, 2)
    assert opened["at"] == table.record()[-1]["at"]


def test_p2_a_delegate_speaks_for_the_own_delegation_and_history_stays(table: Table) -> None:
    name = table.bracket("[that]")["id"]
    assert table.position(table.delegate, name, "KAZ", "support", note="as in Doha").json()["on_behalf"] is False
    refused(table.position(table.delegate, name, "UZB", "oppose"), 403, "forbidden")
    said = table.position(table.presiding, name, "UZB", "oppose").json()
    assert (said["on_behalf"], said["by"]["id"]) == (True, table.chair.id)
    assert table.position(table.delegate, name, "KAZ", "can_accept").is_success
    found = table.bracket("[that]")["positions"]
    assert {code: each["stance"] for code, each in found.items()} == {"KAZ": "can_accept", "UZB": "oppose"}
    seq = table.record()[-1]["seq"]
    assert table.position(table.delegate, name, "KAZ", "can_accept").is_success  # nothing new
    assert table.position(table.presiding, name, "UZB", "none").json()["stance"] == "none"
    assert set(table.bracket("[that]")["positions"]) == {"KAZ"}
    history = table.delegate.get(f"{table.path}/brackets/{name}/history").json()["items"]
    steps = [(each["delegation"], each["stance"], each["note"]) for each in history]
    assert steps[0] == ("KAZ", "support", "as in Doha")
    assert [step[:2] for step in steps[1:]] == [("UZB", "oppose"), ("KAZ", "can_accept"), ("UZB", "none")]
    assert [each["seq"] for each in history] == [seq - 2, seq - 1, seq, seq + 1]
    assert "KAZ on bracket" in table.record()[-2]["summary"]
    refused(table.position(table.presiding, name, "XXX", "oppose"), 404, "not_found")
    refused(table.position(table.delegate, "1-1", "KAZ", "oppose"), 404, "not_found")
    refused(table.position(table.delegate, name, "KAZ", "maybe"), 422, "invalid")


def test_a_preview_says_how_it_will_read_and_writes_nothing(table: Table) -> None:
    name = table.bracket("[should]")["id"]
    seq = table.record()[-1]["seq"]
    answer = table.presiding.post(f"{table.path}/brackets/{name}/preview", json={"outcome": "choose"}).json()
    assert answer["expect"] == "[should]"
    (change,) = answer["paragraphs"]
    assert (change["before"], change["after"]) == (table.text()[1], "should act,")
    assert table.record()[-1]["seq"] == seq
    path = f"{table.path}/brackets/{name}/preview"
    refused(table.presiding.post(path, json={"outcome": "replace"}), 409, "contradiction")
    refused(table.presiding.post(path, json={"outcome": "keep", "text": "x"}), 409, "contradiction")
    refused(table.presiding.post(path, json={"outcome": "replace", "text": "a\nb"}), 422, "invalid")


@pytest.mark.parametrize(
    ("text", "outcome", "more", "place", "after", "recorded"),
    [
        ("[that]", "keep", {}, 0, "Recalling that the Parties", "kept"),
        ("[that]", "delete", {}, 0, "Recalling the Parties", "deleted"),
        ("[that]", "replace", {"text": "how"}, 0, "Recalling how the Parties", "replaced"),
        ("[all of it]", "delete", {}, 2, "Later", "deleted"),
    ],
)
def test_a_resolution_is_one_change_and_one_entry(
    table: Table, text: str, outcome: str, more: dict[str, Any], place: int, after: str, recorded: str
) -> None:
    before = table.record()[-1]["seq"]
    answer = table.resolve(text, outcome, **more)
    assert answer.status_code == 200, answer.text
    resolution = answer.json()["resolution"]
    assert (resolution["outcome"], resolution["by"]["id"], resolution["seq"]) == (recorded, table.chair.id, before + 1)
    assert table.text()[place] == after
    entry = table.record()[-1]
    assert (entry["seq"], entry["kind"]) == (before + 1, "resolution")
    gone = table.bracket(text, status="resolved")
    assert gone == answer.json()
    assert table.brackets()[-1] == gone
    assert len(table.brackets()) == len(table.brackets(status="open")) + 1
    name = gone["id"]
    refused(table.position(table.delegate, name, "KAZ", "oppose"), 409, "bracket_resolved")
    again = table.presiding.post(f"{table.path}/brackets/{name}/resolution", json={"outcome": "keep", "expect": text})
    refused(again, 409, "bracket_resolved")


def test_choosing_one_of_a_run_deletes_the_others_each_with_its_entry(table: Table) -> None:
    assert table.resolve("[shall]", "choose").json()["resolution"]["outcome"] == "chosen"
    assert table.text()[1] == "shall act,"
    gone = {each["text"]: each["resolution"]["outcome"] for each in table.brackets(status="resolved")}
    assert gone == {"[shall]": "chosen", "[KAZ: The Parties]": "deleted", "[should]": "deleted"}
    refused(table.resolve("[that]", "choose"), 409, "contradiction")
    refused(table.resolve("[", "keep"), 409, "contradiction")


async def test_a_resolution_of_a_text_that_has_moved_on_is_refused(table: Table) -> None:
    name = table.bracket("[that]")["id"]
    writer = table.gathering.come("delegate")
    async with Client(table.url, writer.token) as client:
        await client.until(lambda: client.synced)
        client.type("!", at=str(client.text).index("that"))
        await client.saved()
    path = f"{table.path}/brackets/{name}/resolution"
    answer = await asyncio.to_thread(table.presiding.post, path, json={"outcome": "keep", "expect": "[that]"})
    problem = refused(answer, 409, "text_changed")
    assert problem["bracket"] == table.bracket("[!that]")


def test_w4_no_resolution_reaches_into_what_is_locked_or_frozen(table: Table) -> None:
    paragraph = table.delegate.get(f"{table.path}/paragraphs").json()["paragraphs"][1]
    lock = f"{table.path}/paragraphs/{paragraph['id']}/lock"
    body = {"digest": paragraph["digest"], "status": "agreed", "allow_brackets": True}
    assert table.presiding.put(lock, json=body).is_success
    codes = {each["code"] for each in table.delegate.get(f"{table.path}/lints").json()["items"]}
    assert codes == {"UNCLOSED", "AGREED_WITH_BRACKETS"}
    before = table.record()[-1]["seq"], table.text()
    problem = refused(table.resolve("[shall]", "keep"), 409, "locked")
    assert problem["paragraphs"] == [paragraph["id"]]
    assert table.presiding.put(f"{table.path}/frozen", json={"frozen": True}).is_success
    refused(table.resolve("[that]", "keep"), 409, "frozen")
    assert (table.record()[-1]["seq"] - 1, table.text()) == before


async def test_w2_everybody_is_told_of_positions_and_resolutions(table: Table) -> None:
    reader = table.gathering.come("observer")
    name = table.bracket("[that]")["id"]
    async with Line.open(f"{table.url}?v=1", reader.token) as line:
        await line.until("welcome")
        await asyncio.to_thread(table.position, table.delegate, name, "KAZ", "oppose")
        event = await line.until("event")
        assert (event["kind"], event["data"]["bracket"], event["data"]["delegation"]) == ("position", name, "KAZ")
        assert event["data"]["position"]["stance"] == "oppose"
        await asyncio.to_thread(table.resolve, "[that]", "keep")
        event = await line.until("event")
        assert (event["kind"], event["data"]["bracket"], event["data"]["outcome"]) == ("resolution", name, "kept")
        assert event["by"]["id"] == table.chair.id


async def test_the_chairs_own_page_is_sent_what_the_server_wrote(table: Table) -> None:
    async with Client(table.url, table.chair.token) as client:
        await client.until(lambda: client.synced)
        await asyncio.to_thread(table.resolve, "[that]", "replace", text="whether 😀")
        await client.until(lambda: "Recalling whether 😀 the" in str(client.text))
        client.type("on ", at=1)
        await client.saved()
    assert table.text()[0] == "on Recalling whether 😀 the Parties"


def test_b6_progress_says_what_each_resolution_did(table: Table) -> None:
    table.resolve("[that]", "keep")
    table.resolve("[shall]", "choose")
    points = table.delegate.get(f"{table.path}/progress").json()["items"]
    now = table.delegate.get(table.path).json()
    assert points[-1]["counts"] == now["progress"]
    assert points[-1]["seq"] == now["seq"]
    kept, chosen = points[-2:]
    assert (kept["change"]["pairs"], kept["change"]["words"]) == (-1, 0)
    assert (chosen["change"]["pairs"], chosen["change"]["issues"]) == (-3, -1)
    assert [each["outcome"] for each in chosen["brackets"]] == ["chosen", "deleted", "deleted"]
    later = table.delegate.get(f"{table.path}/progress", params={"after": kept["seq"]}).json()["items"]
    assert later == [chosen]


def test_a_resolution_repeated_under_its_key_is_done_once(table: Table) -> None:
    path = f"{table.path}/brackets/{table.bracket('[that]')['id']}/resolution"
    answers = [
        table.presiding.post(
            path, json={"outcome": "keep", "expect": "[that]"}, headers={"Idempotency-Key": "resolve-it-once"}
        )
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert [entry["kind"] for entry in table.record()].count("resolution") == 1


def test_b3_what_a_restore_brings_back_keeps_positions_and_history(table: Table) -> None:
    name = table.bracket("[that]")["id"]
    table.position(table.delegate, name, "KAZ", "support")
    snapshot = made(table.presiding.post(f"{table.path}/snapshots", json={"label": "before lunch"}))
    table.resolve("[that]", "delete")
    table.resolve("[shall]", "choose")
    assert table.gathering.admin.post(f"/api/snapshots/{snapshot['id']}/restore").is_success
    again = table.bracket("[that]")
    assert again["id"] != name
    assert again["positions"]["KAZ"]["stance"] == "support"
    assert again["opened"] is None
    steps = table.delegate.get(f"{table.path}/brackets/{again['id']}/history").json()["items"]
    assert [step["stance"] or step["outcome"] for step in steps] == ["support", "deleted", "returned"]
    assert table.brackets(status="resolved") == []
    assert table.position(table.delegate, name, "KAZ", "oppose").is_success  # under the older id
    assert table.bracket("[that]")["positions"]["KAZ"]["stance"] == "oppose"
