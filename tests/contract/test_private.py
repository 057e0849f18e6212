"""What one delegation says among itself leaves the server towards nobody else (section 4; P2 has no exception).

Not in an answer, an event, a log line, a metric or an export, whatever somebody asks for and may do otherwise. The
canaries are words in body and quote, and the ids. Every registered call is asked by somebody of every other role
and delegation; one that is added later is asked, too, or fails the test.
"""

import asyncio
import contextlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pypdfium2
import pytest

from server.api.routes import ROUTES
from server.api.routing import Open, Route
from server.api.system import PATHS
from tests.client import Line
from tests.contract.test_rights import BODIES, QUERIES, agreement, labelled, name
from tests.meetings import Person, made
from tests.people import Gathering, refused
from tests.processes import PROGRAM, ServerProcess

SECRET = "zebra-quagga-okapi"
TEXT = "First.\n\nSecond paragraph.\n\nThird."


@dataclass
class Whisper:
    """A private thread of Kazakhstan's, and everybody who must hear nothing of it."""

    gathering: Gathering
    insider: httpx.Client
    colleague: httpx.Client
    thread: dict[str, Any]
    paragraph: str
    outsiders: dict[str, tuple[Person, httpx.Client]] = field(default_factory=dict)
    snapshot: str = ""  # labelled after it was said

    @property
    def ids(self) -> list[str]:
        return [self.thread["id"], *(comment["id"] for comment in self.thread["comments"])]

    @property
    def canaries(self) -> list[str]:
        return [SECRET, *self.ids]

    def found_in(self, text: str) -> list[str]:
        return [canary for canary in self.canaries if canary in text]


def whispering(gathering: Gathering, visibility: str = "delegation") -> Whisper:
    insider, colleague = (gathering.client(gathering.come("delegate")) for _ in range(2))
    paragraph = gathering.paragraphs()["paragraphs"][1]["id"]
    path = f"/api/documents/{gathering.document}/paragraphs/{paragraph}/threads"
    body = {"body": f"{SECRET} @UZB", "quote": SECRET, "visibility": visibility}
    thread = made(insider.post(path, json=body))
    made(colleague.post(f"/api/threads/{thread['id']}/comments", json={"body": f"{SECRET} again"}))
    thread = insider.get(f"/api/documents/{gathering.document}/threads").json()["items"][0]
    whisper = Whisper(gathering, insider, colleague, thread, paragraph)
    uzbek = gathering.enter(gathering.invite("delegate", delegation="UZB"), "Dilnoza")
    chairing = gathering.enter(gathering.invite("chair", delegation="UZB"), "Chair of another")
    people = {
        "delegate": uzbek,
        "chair": gathering.come("chair"),
        "chair of another delegation": chairing,
        "observer": gathering.come("observer"),
        "secretariat": gathering.come("secretariat"),
    }
    whisper.outsiders = {role: (person, gathering.client(person)) for role, person in people.items()}
    whisper.snapshot = labelled(gathering)
    return whisper


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of its own, whose log is read."""
    process = ServerProcess(tmp_path_factory.mktemp("private") / "data", {"log_level": "debug"})
    try:
        yield process.start()
    finally:
        process.end()


@pytest.fixture(scope="module")
def whisper(alone: ServerProcess) -> Iterator[Whisper]:
    with alone.admin() as admin:
        gathering = Gathering.make(alone, admin, TEXT)
        assert isinstance(gathering, Gathering)
        settings = {"settings": {"observers_may_comment": True}}
        assert admin.patch(f"/api/meetings/{gathering.id}", json=settings).is_success
        yield whispering(gathering)
        gathering.close()


SIGNED_IN = [route for route in ROUTES if route.act is not Open.ANYONE and route.path != "/api/session"]
ROLES = ("delegate", "chair", "chair of another delegation", "observer", "secretariat")


def things(whisper: Whisper, route: Route) -> dict[str, str]:
    """What a path names; a parameter that nobody knows here fails the test."""
    known: dict[str, Any] = {
        "meeting": lambda: whisper.gathering.id,
        "document": lambda: whisper.gathering.document,
        "paragraph": lambda: whisper.paragraph,
        "thread": lambda: whisper.thread["id"],
        "comment": lambda: whisper.thread["comments"][0]["id"],
        "participant": lambda: whisper.gathering.come("observer").id,
        "invitation": lambda: str(whisper.gathering.invite("observer")["id"]),
        "bracket": lambda: whisper.paragraph,
        "delegation": lambda: "UZB",
        "format": lambda: "json",
        "snapshot": lambda: whisper.snapshot,
    }
    return {parameter: known[parameter]() for parameter in route.parameters}


def asked(whisper: Whisper, route: Route, client: httpx.Client) -> Iterator[httpx.Response]:
    """Every way to ask: as it is meant, with every flag and filter that there is, and with nonsense."""
    path = route.path.format(**things(whisper, route))
    body = agreement(whisper.gathering) if route.path.endswith("/lock") else BODIES.get(name(route))
    fields = route.query.model_json_schema().get("properties", {})
    queries: list[dict[str, Any]] = [{**QUERIES.get(name(route), {})}]
    for field_, schema in fields.items():
        for value in values(schema):
            queries.append({**queries[0], field_: value})
    queries.append({"nonsense": "1"})
    for query in queries:
        yield client.request(route.method, path, json=body, params=query)
    yield client.request(route.method, path, json={"body": 7})


def values(schema: dict[str, Any]) -> list[str]:
    kinds = [schema, *schema.get("anyOf", [])]
    listed = [str(value) for kind in kinds for value in kind.get("enum", [])]
    if any(kind.get("type") == "boolean" for kind in kinds):
        listed += ["true", "false"]
    if any(kind.get("type") == "integer" for kind in kinds):
        listed += ["1", "3", "200"]
    return listed


def heard_of(answer: httpx.Response) -> str:
    return f"{answer.headers.multi_items()} {unpacked(answer.content)}"


def unpacked(content: bytes) -> str:
    """What is packed, at any depth, the words of PDFs, and what is neither."""
    if content.startswith(b"%PDF"):
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(f"{name} {unpacked(archive.read(name))}" for name in archive.namelist())


@pytest.mark.parametrize("role", ROLES)
def test_no_call_gives_it_away(whisper: Whisper, role: str) -> None:
    _, client = whisper.outsiders[role]
    for route in SIGNED_IN:
        for answer in asked(whisper, route, client):
            assert whisper.found_in(heard_of(answer)) == [], f"{name(route)}: {answer.request.url}"
            assert answer.status_code != 500, name(route)
            if route.place in ("thread", "comment"):  # it does not exist, rather than being forbidden
                refused(answer, 404, "not_found")
    threads = whisper.insider.get(f"/api/documents/{whisper.gathering.document}/threads").json()["items"]
    assert whisper.thread in threads


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_there_and_what_is_private_are_answered_alike(whisper: Whisper, role: str) -> None:
    _, client = whisper.outsiders[role]
    for route in SIGNED_IN:
        if route.place not in ("thread", "comment"):
            continue
        path = route.path.format(**{route.place: "0" * 16})
        nowhere = client.request(route.method, path, json=BODIES.get(name(route)))
        private = client.request(
            route.method, route.path.format(**things(whisper, route)), json=BODIES.get(name(route))
        )
        assert (nowhere.status_code, nowhere.content) == (private.status_code, private.content)
        assert nowhere.headers.keys() == private.headers.keys()


@pytest.mark.parametrize("role", ROLES)
def test_it_is_not_counted_and_its_entries_say_one_word(whisper: Whisper, role: str) -> None:
    _, client = whisper.outsiders[role]
    document = f"/api/documents/{whisper.gathering.document}"
    shown = client.get(f"{document}/threads").json()["items"]
    counted = client.get(f"{document}/paragraphs").json()["paragraphs"]
    assert sum(each["threads"] for each in counted) == len(shown)
    for filter_ in ("for_us", "unread", "mine"):
        found = client.get(f"{document}/inbox", params={"filter": filter_}).json()["items"]
        assert {each["id"] for each in found} <= {each["id"] for each in shown}
    entries = client.get(f"{document}/record", params={"full": True, "limit": 200}).json()["items"]
    theirs = [entry for entry in entries if entry["kind"] == "comment" and entry["by"]["delegation"] == "KAZ"]
    assert {entry["summary"] for entry in theirs} == {"private"}


def test_it_is_all_there_for_the_delegation(whisper: Whisper) -> None:
    """The other half, without which every test here would pass on a server that loses everything."""
    document = f"/api/documents/{whisper.gathering.document}"
    for client in (whisper.insider, whisper.colleague):
        found = client.get(f"{document}/threads").json()["items"]
        assert whisper.thread["id"] in {each["id"] for each in found}
        counted = client.get(f"{document}/paragraphs").json()["paragraphs"]
        assert sum(each["threads"] for each in counted) == len(found)
        entries = client.get(f"{document}/record", params={"limit": 200}).json()["items"]
        assert any(whisper.thread["id"] in entry["summary"] for entry in entries)


@pytest.mark.parametrize("path", [path.path for path in PATHS])
def test_machines_are_told_nothing(whisper: Whisper, path: str) -> None:
    with whisper.gathering.server.client() as nobody:
        assert whisper.found_in(heard_of(nobody.get(path))) == []
    assert whisper.found_in(heard_of(whisper.gathering.admin.get(path))) == []


async def test_no_message_of_a_socket_gives_it_away(alone: ServerProcess) -> None:
    """All that can be done to a thread, while everybody listens, with `?v=1` and without; and how new sockets begin."""
    with alone.admin() as admin:
        gathering = Gathering.make(alone, admin, TEXT)
        assert isinstance(gathering, Gathering)
        whisper = await asyncio.to_thread(whispering, gathering)
        mate = gathering.come("delegate")
        urls = (f"{gathering.url}?v=1", gathering.url)
        async with contextlib.AsyncExitStack() as stack:
            lines = [
                await stack.enter_async_context(Line.open(url, person.token))
                for person, _ in whisper.outsiders.values()
                for url in urls
            ]
            inside = await stack.enter_async_context(Line.open(urls[0], mate.token))
            await inside.until("welcome")
            await asyncio.to_thread(everything, whisper)
            actions = [(await inside.until("event"))["data"]["action"] for _ in range(7)]
            assert actions == ["comment", "edited", "withdrawn", "resolved", "reopened", "thread", "comment"]
            late = [
                await stack.enter_async_context(Line.open(urls[0], person.token))
                for person, _ in whisper.outsiders.values()
            ]
            # What everybody hears comes after what they must not: then nothing is on its way any more.
            chair = whisper.outsiders["chair"][1]
            focus = f"/api/documents/{gathering.document}/focus"
            await asyncio.to_thread(chair.put, focus, json={"paragraph": whisper.paragraph})
            for line in lines[::2] + late:
                said: list[Any] = []
                while not said or not (isinstance(said[-1], dict) and said[-1].get("kind") == "focus"):
                    said.append(await line.receive())
                assert whisper.found_in(str(said)) == []
                assert [each for each in said if isinstance(each, dict) and each.get("kind") == "comment"] == []
            for line in lines[1::2]:
                assert whisper.found_in(str(await line.quiet(0.2))) == []
        gathering.close()


def everything(whisper: Whisper) -> None:
    client, thread = whisper.insider, f"/api/threads/{whisper.thread['id']}"
    reply = made(client.post(f"{thread}/comments", json={"body": SECRET}))
    assert client.patch(f"/api/comments/{reply['id']}", json={"body": f"{SECRET} more"}).is_success
    assert client.delete(f"/api/comments/{reply['id']}").is_success
    assert client.put(f"{thread}/resolved").is_success
    assert client.delete(f"{thread}/resolved").is_success
    path = f"/api/documents/{whisper.gathering.document}/paragraphs/{whisper.paragraph}/threads"
    another = made(client.post(path, json={"body": SECRET, "visibility": "delegation"}))
    whisper.thread["comments"].append({"id": another["id"]})
    made(client.post(f"/api/threads/{another['id']}/comments", json={"body": f"{SECRET} too"}))


def test_who_leaves_the_delegation_loses_it_and_who_comes_finds_it(whisper: Whisper) -> None:
    gathering = whisper.gathering
    person = gathering.come("delegate")
    client, change = gathering.client(person), f"/api/participants/{person.id}"

    def sees() -> bool:
        return whisper.thread["id"] in client.get(f"/api/documents/{gathering.document}/threads").text

    assert sees()
    assert gathering.admin.patch(change, json={"delegation": "UZB"}).is_success
    assert not sees()
    refused(client.put(f"/api/threads/{whisper.thread['id']}/published"), 404, "not_found")
    assert gathering.admin.patch(change, json={"delegation": "KAZ"}).is_success
    assert sees()


def test_the_secretariat_cannot_join_a_delegation_to_read_along(whisper: Whisper) -> None:
    person, client = whisper.outsiders["secretariat"]
    path = f"/api/documents/{whisper.gathering.document}"
    whisper.gathering.admin.patch(f"/api/participants/{person.id}", json={"delegation": "KAZ"})
    assert whisper.found_in(client.get(f"{path}/threads").text) == []
    answer = client.post(
        f"{path}/paragraphs/{whisper.paragraph}/threads", json={"body": "Hm", "visibility": "delegation"}
    )
    refused(answer, 409, "contradiction")


def test_it_is_published_once_and_for_all(server: ServerProcess, gathering: Gathering) -> None:
    whisper = whispering(gathering)
    uzbek = whisper.outsiders["delegate"][1]
    path = f"/api/threads/{whisper.thread['id']}/published"
    refused(uzbek.put(path), 404, "not_found")
    for _ in range(2):
        assert whisper.colleague.put(path).json()["visibility"] == "all"
    threads = f"/api/documents/{gathering.document}/threads"
    for _, client in whisper.outsiders.values():
        shown = client.get(threads).json()["items"]
        assert [(each["id"], each["unread"]) for each in shown] == [(whisper.thread["id"], True)]
    refused(uzbek.put(path), 403, "forbidden")
    assert uzbek.request("DELETE", path).status_code == 405
    inbox = uzbek.get(f"/api/documents/{gathering.document}/inbox", params={"filter": "for_us"})
    assert [each["id"] for each in inbox.json()["items"]] == [whisper.thread["id"]]


def test_z_the_log_the_tools_and_the_files_beside_say_nothing(whisper: Whisper) -> None:
    """The last test of this file: all that was asked above stands in the log, in debug detail."""
    server = whisper.gathering.server
    said = server.output()
    assert "/paragraphs" in said
    assert whisper.found_in(said) == []
    assert not re.search(r"/api/(threads|comments)/[0-9a-f]{16}", said)
    for command in (["verify", "--json"], ["doctor", "--json"]):
        ran = subprocess.run(
            [str(PROGRAM), *command, "--data-dir", str(server.data_dir)], capture_output=True, text=True, check=False
        )
        assert whisper.found_in(ran.stdout + ran.stderr) == []
        assert ran.stdout, ran.stderr
        json.loads(ran.stdout)
