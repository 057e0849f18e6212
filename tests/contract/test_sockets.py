"""Section 5 at the door: who gets a socket, what it says first, and how it is closed (W1, W2, W7, P5)."""

import asyncio
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from crdt import sync
from crdt.sync import SyncStep1, SyncStep2
from crdt.varint import write_bytes, write_uint
from tests.authors import shake_hands
from tests.client import WITHIN, Closed, Line
from tests.conftest import Launch
from tests.meetings import Person, TestMeeting
from tests.processes import ServerProcess

COOKIE = "rollingtext"
BESIDES = 4.0  # seconds that a machine with other work may add; where nobody is told, it never comes


async def greeting(url: str, token: str | None = None, **headers: str) -> object:
    """The first thing that a socket says, or how it was closed."""
    async with Line.open(url, token, **headers) as line:
        try:
            return await line.receive()
        except Closed as closed:
            return closed.code


@pytest.fixture
def person(meeting: TestMeeting) -> Person:
    return meeting.join()


@pytest.fixture(scope="module")
def often(server: ServerProcess) -> Iterator[tuple[TestMeeting, Person]]:
    """One meeting for many tests that do not mind what is in its document."""
    with server.admin() as admin:
        meeting = TestMeeting.make(server, admin)
        yield meeting, meeting.join()


async def test_w1_a_bearer_token_opens_a_socket_and_the_server_asks_for_what_it_lacks(
    meeting: TestMeeting, person: Person
) -> None:
    assert isinstance(await greeting(meeting.url, person.token), SyncStep1)


async def test_w1_the_admin_token_opens_every_socket(meeting: TestMeeting) -> None:
    token = meeting.admin.headers["authorization"].removeprefix("Bearer ")
    assert isinstance(await greeting(meeting.url, token), SyncStep1)


@pytest.mark.parametrize(
    ("origin", "answer"),
    [("own", SyncStep1), ("https://evil.example", 4403), ("null", 4403), (None, 4403)],
)
async def test_w1_a_cookie_needs_the_servers_own_origin(
    often: tuple[TestMeeting, Person], origin: str | None, answer: object
) -> None:
    meeting, person = often
    headers = {"Cookie": f"{COOKIE}={person.token}"}
    if origin is not None:
        headers["Origin"] = meeting.server.url if origin == "own" else origin
    got = await greeting(meeting.url, **headers)
    assert (got if isinstance(got, int) else type(got)) == answer


async def test_w1_a_bearer_token_may_come_from_any_origin(meeting: TestMeeting, person: Person) -> None:
    assert isinstance(await greeting(meeting.url, person.token, Origin="https://elsewhere.example"), SyncStep1)


async def test_w1_a_configured_origin_may_use_the_cookie(launch: Launch) -> None:
    server = launch(allowed_origins="https://draft.example.org")
    with server.admin() as admin:
        meeting = TestMeeting.make(server, admin)
        cookie = f"{COOKIE}={meeting.join().token}"
        assert isinstance(await greeting(meeting.url, Cookie=cookie, Origin="https://draft.example.org"), SyncStep1)
        assert await greeting(meeting.url, Cookie=cookie, Origin="https://draft.example.com") == 4403


def ticket(meeting: TestMeeting, person: Person, document: str | None = None) -> str:
    with meeting.server.client(person.token) as client:
        answer = client.post(f"/api/documents/{document or meeting.document}/ticket")
        assert answer.status_code in (200, 201), answer.text
        words: str = answer.json()["ticket"]
        return words


async def test_w1_a_ticket_opens_one_socket_on_one_document(meeting: TestMeeting, person: Person) -> None:
    given = ticket(meeting, person)
    assert isinstance(await greeting(f"{meeting.url}?ticket={given}"), SyncStep1)
    assert await greeting(f"{meeting.url}?ticket={given}") == 4401

    made = meeting.admin.post(f"/api/meetings/{meeting.id}/documents", json={"title": "Another", "text": "x"})
    other = ticket(meeting, person, made.json()["id"])
    assert await greeting(f"{meeting.url}?ticket={other}") == 4401


async def test_p4_tokens_never_appear_in_logs(meeting: TestMeeting) -> None:
    body = {"role": "delegate", "delegation": "KAZ"}
    invitation = meeting.admin.post(f"/api/meetings/{meeting.id}/invitations", json=body).json()["token"]
    with meeting.server.client() as client:
        client.get(f"/join/{invitation}")
        client.get("/healthz", params={"token": invitation})
        joined = client.post("/api/join", json={"token": invitation, "name": "Aru"}).json()
    person = Person(joined["participant"]["id"], joined["access_token"], "Aru", "delegate", "KAZ", "")
    given = ticket(meeting, person)
    await greeting(f"{meeting.url}?v=1&ticket={given}")
    await greeting(f"{meeting.url}?v=7&ticket={given}")
    await greeting(meeting.url, Cookie=f"{COOKIE}={person.token}", Origin=meeting.server.url)
    log = meeting.server.output()
    assert f"/api/documents/{meeting.document}/ticket" in log
    assert [secret for secret in (invitation, person.token, given) if secret in log] == []


@pytest.mark.parametrize("token", [None, "no-such-token"])
async def test_w7_who_is_not_signed_in_is_told_4401(meeting: TestMeeting, token: str | None) -> None:
    assert await greeting(meeting.url, token) == 4401
    assert await greeting(f"{meeting.url}?ticket=no-such-ticket") == 4401


async def test_w7_no_such_document_and_one_of_another_meeting_look_alike(
    meeting: TestMeeting, person: Person, admin: httpx.Client
) -> None:
    other = TestMeeting.make(meeting.server, admin)
    for document in ("0123456789abcdef", "nonsense", other.document):
        assert await greeting(f"{meeting.server.ws_url}/ws/documents/{document}", person.token) == 4404


@pytest.mark.parametrize("version", ["2", "0", "", "x", "1&v=2"])
async def test_w7_an_old_page_names_a_version_that_is_not_spoken_and_must_not_write(
    often: tuple[TestMeeting, Person], version: str
) -> None:
    meeting, person = often
    async with Line.open(f"{meeting.url}?v={version}", person.token) as line:
        closed = await line.closed()
    assert closed.code == 4400
    assert "reload the page" in closed.reason


async def test_w2_welcome_is_first_on_every_socket_of_version_1(meeting: TestMeeting, person: Person) -> None:
    for _ in range(3):
        welcome = await greeting(f"{meeting.url}?v=1", person.token)
        assert isinstance(welcome, dict)
        assert welcome["type"] == "welcome"
        assert welcome["seq"] == meeting.paragraphs()["seq"]
        assert welcome["participant"] == {"id": person.id, "name": "Aru", "delegation": "KAZ", "role": "delegate"}
        assert welcome["document"]["id"] == meeting.document
        assert welcome.keys() >= {"locks", "focus"}


async def test_w2_others_see_no_message_of_type_100(meeting: TestMeeting, person: Person) -> None:
    async with Line.open(meeting.url, person.token) as line:
        author = await shake_hands(line)
        await line.send(sync.update(author.append("one")))
        await line.send(sync.update(b"\0\0"))
        assert await settled(lambda: meeting.text()[-1] == "Third.one")
        assert [message for message in await line.quiet(1.5) if isinstance(message, dict)] == []


MALFORMED = {
    "text": "hello",
    "empty": b"",
    "sync without a step": b"\x00",
    "step 3": b"\x00\x03\x00",
    "cut off in an update": b"\x00\x02\x7fx",
    "a length without end": b"\x00\x02" + b"\xff" * 12,
    "bytes behind a message": sync.update(b"\0\0") + b"\x00",
    "too many messages": sync.update(b"\0\0") * 65,
    "awareness cut off": b"\x01\x05\x01",
    "awareness that is no JSON": sync.awareness(b"\x01\x07\x01\x01{"),
    "awareness nested too deep": sync.awareness(
        write_uint(1) + write_uint(7) + write_uint(1) + write_bytes(b'{"a":' + b"[" * 500 + b"]" * 500 + b"}")
    ),
    "a state vector that is none": sync.step1(b"\x05\x01"),
    "an enormous state vector": sync.step1(write_uint(2**40)),
    "an update that is none": sync.update(b"\x01\x01\x01"),
    "an update with bytes behind": sync.update(b"\0\0\0"),
    "an empty update": sync.update(b""),
    "nothing instead of a step 2": sync.step2(b""),
}


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.parametrize("query", ["", "?v=1"])
async def test_w7_whatever_is_malformed_closes_with_4400_and_a_sentence(
    often: tuple[TestMeeting, Person], name: str, query: str
) -> None:
    meeting, person = often
    async with Line.open(f"{meeting.url}?v=1", person.token) as other:
        author = await shake_hands(other)
        async with Line.open(meeting.url + query, person.token) as line:
            if "step 2" not in name:
                await shake_hands(line)
            await line.send(MALFORMED[name])
            closed = await line.closed()
        assert closed.code == 4400
        assert closed.reason.endswith(".")
        await other.send(sync.update(author.append("unharmed")))
        while (await other.until("saved"))["updates"] < 1:
            pass


async def settled(condition: Callable[[], bool]) -> bool:
    """True as soon as it holds; gives up after a while."""
    until = time.monotonic() + WITHIN
    while not condition():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.02)
    return True


async def test_w7_types_that_this_version_does_not_know_are_passed_over(meeting: TestMeeting, person: Person) -> None:
    async with Line.open(meeting.url, person.token) as line:
        author = await shake_hands(line)
        await line.send(b"\x02\x00\x03abc")
        await line.send(write_uint(100) + write_bytes(b'{"type":"saved"}'))
        await line.send(write_uint(9_999) + b"whatever")
        await line.send(sync.update(author.append("typed")))
        assert await settled(lambda: meeting.text()[-1] == "Third.typed")


async def test_w7_an_honest_client_may_burst_a_hundred_updates(meeting: TestMeeting, person: Person) -> None:
    async with Line.open(f"{meeting.url}?v=1", person.token) as line:
        author = await shake_hands(line)
        for _ in range(100):
            await line.send(sync.update(author.append("x")))
        saved = await line.until("saved")
        while saved["updates"] < 100:
            saved = await line.until("saved")
    assert meeting.text()[-1] == "Third." + "x" * 100


@pytest.mark.parametrize("query", ["", "?v=1"])
async def test_w7_a_flood_of_updates_is_closed_with_4529(meeting: TestMeeting, person: Person, query: str) -> None:
    async with Line.open(meeting.url + query, person.token) as line:
        author = await shake_hands(line)
        for update in [sync.update(author.append("x")) for _ in range(1000)]:
            await line.send(update)
        rest, closed = await line.rest()
    assert closed.code == 4529
    events = [message for message in rest if isinstance(message, dict)]
    reasons = [event["reason"] for event in events if event["type"] == "refused"]
    assert reasons == (["too_fast"] if query else [])
    assert set(meeting.text()[-1].removeprefix("Third.")) <= {"x"}


@pytest.mark.parametrize(
    "message", [sync.step1(b"\0"), sync.awareness(b"\0"), b"\x03", b"\x7f", sync.step2(b"\0\0")], ids=lambda m: m.hex()
)
async def test_w7_a_flood_of_anything_else_is_closed_with_4529_too(
    often: tuple[TestMeeting, Person], message: bytes
) -> None:
    meeting, person = often
    async with Line.open(meeting.url, person.token) as line:
        await shake_hands(line)
        for _ in range(1000):
            await line.send(message)
        assert (await line.closed()).code == 4529


async def test_p5_removing_a_participant_closes_their_sockets_at_once(meeting: TestMeeting, person: Person) -> None:
    await _ends(meeting, person, lambda: meeting.admin.delete(f"/api/participants/{person.id}"))


async def test_p5_revoking_an_invitation_closes_the_sockets_of_all_who_came_by_it(
    meeting: TestMeeting, person: Person
) -> None:
    await _ends(meeting, person, lambda: meeting.admin.delete(f"/api/invitations/{person.invitation}"))


async def _ends(meeting: TestMeeting, person: Person, revoke: Callable[[], httpx.Response]) -> None:
    other = meeting.join(delegation="UZB", name="Bek")
    async with (
        Line.open(meeting.url, other.token) as unharmed,
        Line.open(meeting.url, person.token) as stock,
        Line.open(f"{meeting.url}?v=1", person.token) as line,
    ):
        await shake_hands(unharmed)
        author = await shake_hands(line)
        await line.send(sync.update(author.append("in the middle of ty")))
        began = time.monotonic()
        answer = await asyncio.to_thread(revoke)
        assert answer.status_code == 204, answer.text
        for mine in (stock, line):
            assert (await mine.closed()).code == 4401
        assert time.monotonic() - began < 1.0 + BESIDES
        await unharmed.send(sync.step1(b"\0"))
        await unharmed.until(SyncStep2)
    assert await greeting(meeting.url, person.token) == 4401
