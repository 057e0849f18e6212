"""Two processes, one document (C2): what is true of one process is true of both together."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import httpx
import pytest

from crdt import awareness, sync
from crdt.awareness import State
from crdt.sync import Awareness
from server.auth.guesses import BURST
from server.store import Store
from server.verifying import verify
from tests.authors import shake_hands
from tests.client import WITHIN, Client, Line
from tests.cluster.cluster import Drafting
from tests.meetings import Person, made

PEOPLE = 3  # in each process
WORDS = 15
BESIDES = 1.0  # seconds that a machine with other work may add; who was not told of it looks every five


async def test_w3_all_write_at_once_in_two_processes_and_everybody_ends_with_the_same(drafting: Drafting) -> None:
    async with AsyncExitStack() as stack:
        clients = []
        for number in range(2 * PEOPLE):
            client = Client(drafting.urls[number % 2], drafting.join(name=f"n{number}").token, seed=number)
            clients.append(await stack.enter_async_context(client))
        for client in clients:
            await client.until(lambda client=client: client.synced)  # type: ignore[misc]
        for word in range(WORDS):
            for number, client in enumerate(clients):
                client.type(f" {number}.{word};")
            await asyncio.sleep(0.01)
        for client in clients:
            await client.saved()
        await _same(clients)
        text = str(clients[0].text)
        assert all(text.count(f" {number}.{word};") == 1 for number in range(len(clients)) for word in range(WORDS))
        assert all(client.closes == [] for client in clients)
    answers = [
        client.get(f"/api/documents/{drafting.meeting.document}/paragraphs").json() for client in drafting.clients
    ]
    assert answers[0] == answers[1]
    assert "".join("\n" + paragraph["text"] for paragraph in answers[0]["paragraphs"]) == text
    store = await Store.open(drafting.cluster.database, may_create=False)
    try:
        assert (await verify(store, drafting.meeting.document, "")).failed is None
    finally:
        await store.close()


async def _same(clients: list[Client]) -> None:
    """Until all of them show the same text."""
    async with asyncio.timeout(WITHIN):
        while len({str(client.text) for client in clients}) > 1:  # noqa: ASYNC110  # of several clients
            await asyncio.sleep(0.01)


async def test_w4_a_lock_of_one_process_holds_in_the_other(drafting: Drafting) -> None:
    delegate, chair = drafting.join(), drafting.join("chair", None, "Chair")
    path = f"/api/documents/{drafting.meeting.document}/paragraphs"
    async with Client(drafting.urls[1], delegate.token) as client:
        await client.until(lambda: client.synced)
        first = drafting.meeting.paragraphs()["paragraphs"][0]
        body = {"digest": first["digest"], "status": "agreed"}
        with drafting.cluster.servers[0].client(chair.token) as presiding:
            assert presiding.put(f"{path}/{first['id']}/lock", json=body).status_code == 200
        event = await client.event("event")
        assert (event["kind"], event["data"]["paragraph"]) == ("lock", first["id"])
        client.type("X", at=1)
        refused = await client.event("refused")
        assert (refused["reason"], refused["paragraphs"]) == ("locked", [first["id"]])
    found = [client.get(path).json()["paragraphs"][0] for client in drafting.clients]
    assert found[0] == found[1]
    assert found[1]["lock"]["status"] == "agreed"
    assert {**found[1], "lock": None} == first


async def _seconds_until_closed(line: Line) -> float:
    began = time.monotonic()
    assert (await line.closed()).code == 4401
    return time.monotonic() - began


@pytest.mark.parametrize("how", ["removed", "revoked", "signed out"])
async def test_p5_whoever_is_removed_in_one_process_is_out_of_the_other_within_a_second(
    drafting: Drafting, how: str
) -> None:
    taken = []
    for _ in range(3):  # the middle one of three counts: the machine has other things to do
        person = drafting.join()
        async with Line.open(drafting.urls[1], person.token) as line:
            await shake_hands(line)
            await asyncio.to_thread(_end, drafting, person, how)
            taken.append(await _seconds_until_closed(line))
        async with Line.open(drafting.urls[1], person.token) as line:
            assert (await line.closed()).code == 4401
    assert sorted(taken)[1] < 1.0 + BESIDES, taken


def _end(drafting: Drafting, person: Person, how: str) -> None:
    admin = drafting.clients[0]
    with drafting.cluster.servers[0].client(person.token) as own:
        match how:
            case "removed":
                answer = admin.delete(f"/api/participants/{person.id}")
            case "revoked":
                answer = admin.delete(f"/api/invitations/{person.invitation}")
            case _:
                answer = own.delete("/api/session")
    assert answer.status_code == 204


async def test_w4_whose_role_is_changed_in_one_process_has_it_in_the_other(drafting: Drafting) -> None:
    person = drafting.join()
    async with Client(drafting.urls[1], person.token) as client:
        await client.until(lambda: client.synced)
        client.type("before ")
        await client.saved()
        changed = await asyncio.to_thread(
            drafting.clients[0].patch, f"/api/participants/{person.id}", json={"role": "observer"}
        )
        assert changed.status_code == 200
        async with asyncio.timeout(WITHIN):
            while not any(event["type"] == "refused" for event in client.events):
                client.type("after ")
                await asyncio.sleep(0.05)
        assert (await client.event("refused"))["reason"] == "read_only"


async def test_w2_who_is_there_is_told_in_both(drafting: Drafting) -> None:
    one, other = drafting.join(name="One"), drafting.join(delegation="UZB", name="Other")
    observer = drafting.join("observer", "UNDP", "Reader")

    async def told(line: Line, names: list[str], observers: int) -> None:
        while True:
            presence = await line.until("presence")
            if ([person["name"] for person in presence["online"]], presence["observers"]) == (names, observers):
                return

    async with Line.open(f"{drafting.urls[0]}?v=1", one.token) as here:
        async with Line.open(f"{drafting.urls[1]}?v=1", other.token) as there:
            async with Line.open(drafting.urls[1], observer.token):
                await told(here, ["One", "Other"], 1)
                await told(there, ["One", "Other"], 1)
                await _online(drafting.clients, drafting.meeting.id, {one.id, other.id, observer.id})
            await told(here, ["One", "Other"], 0)
        await told(here, ["One"], 0)
        await _online(drafting.clients, drafting.meeting.id, {one.id})


async def _online(admins: Sequence[httpx.Client], meeting: str, wanted: set[str]) -> None:
    """Until these and no others are listed as online, whoever asks."""
    async with asyncio.timeout(WITHIN):
        for admin in admins:
            while await asyncio.to_thread(_found_online, admin, meeting) != wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.1)


def _found_online(admin: httpx.Client, meeting: str) -> set[str]:
    found = admin.get(f"/api/meetings/{meeting}/participants").json()["items"]
    return {person["id"] for person in found if person["online"]}


async def test_w6_carets_are_passed_on_under_the_servers_names(drafting: Drafting) -> None:
    one, other = drafting.join(name="One"), drafting.join(name="Other")
    async with Line.open(drafting.urls[0], other.token) as there:
        await shake_hands(there)
        async with Line.open(drafting.urls[1], one.token) as here:
            await shake_hands(here)
            await _says(here, State(7, 1, {"user": {"name": "Chair"}, "cursor": {"anchor": 1}}))
            heard = await _hears(there, 7)
            assert heard.fields is not None
            assert heard.fields["user"] == {"id": one.id, "name": "One", "delegation": "KAZ", "role": "delegate"}
            async with Line.open(drafting.urls[0], other.token) as late:
                assert (await _hears(late, 7)).fields == heard.fields
        assert (await _hears(there, 7)).fields is None
        async with Line.open(drafting.urls[0], other.token) as third:  # W5: whose id it was is known here, too
            await shake_hands(third)
            await _says(third, State(7, 5, {"cursor": {"anchor": 2}}))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(_hears(there, 7), 0.5)


async def _says(line: Line, state: State) -> None:
    await line.send(sync.awareness(awareness.encode([state])))


async def _hears(line: Line, client: int) -> State:
    """The next that is told of this client."""
    while True:
        message: Awareness = await line.until(Awareness)
        for state in awareness.decode(message.update):
            if state.client == client:
                return state


async def test_p2_where_the_chair_points_is_known_in_both(drafting: Drafting) -> None:
    delegate, chair = drafting.join(), drafting.join("chair", None, "Chair")
    first = drafting.meeting.paragraphs()["paragraphs"][0]["id"]
    async with Line.open(f"{drafting.urls[1]}?v=1", delegate.token) as line:
        await shake_hands(line)
        with drafting.cluster.servers[0].client(chair.token) as presiding:
            path = f"/api/documents/{drafting.meeting.document}/focus"
            assert (await asyncio.to_thread(presiding.put, path, json={"paragraph": first})).status_code == 200
        event = await line.until("event")
        assert (event["kind"], event["data"]["paragraph"], event["by"]["name"]) == ("focus", first, "Chair")
        async with Line.open(f"{drafting.urls[1]}?v=1", delegate.token) as late:
            assert (await late.until("welcome"))["focus"] == first


def test_whoever_guesses_links_is_slowed_down_in_both(drafting: Drafting) -> None:
    one, other = drafting.cluster.servers
    with one.client() as here, other.client() as there:
        for client in (here, there):
            client.headers["X-Forwarded-For"] = "203.0.113.7"
        for _ in range(BURST):
            assert here.post("/api/join/preview", json={"token": "wrong"}).status_code == 404
        tried = 0
        while there.post("/api/join/preview", json={"token": "wrong"}).status_code != 429:
            tried += 1
            assert tried < BURST // 2, "nobody has told it of the others"
            time.sleep(0.1)


def test_the_same_request_in_two_processes_at_once_is_done_once(drafting: Drafting) -> None:
    path, before = f"/api/meetings/{drafting.meeting.id}/documents", drafting.meeting.document
    with ThreadPoolExecutor(8) as threads:
        for number in range(4):
            headers = {"Idempotency-Key": f"key-{number}"}
            asked = [
                threads.submit(drafting.clients[at % 2].post, path, json={"title": f"T{number}"}, headers=headers)
                for at in range(8)
            ]
            assert len({made(each.result())["id"] for each in asked}) == 1
    found = drafting.clients[0].get(path).json()["items"]
    assert len(found) == 5
    assert before in {document["id"] for document in found}
