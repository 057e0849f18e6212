"""Three servers behind a real proxy: what C2, P4, P5 and W1 promise holds through it."""

import asyncio
import contextlib
import time

import httpx
import pytest

from tests.client import Client, Line
from tests.meetings import TestMeeting, made
from tests.operations.conftest import Topology
from tests.operations.proxy import Proxy
from tests.processes import ServerProcess
from tests.server.rooms.waiting import until
from tests.server.session.peers import Peer

ELSEWHERE = "127.0.0.2"  # an address of this machine that is no trusted proxy: everybody who comes from afar


def meeting_behind(topology: Topology, admin: httpx.Client, text: str = "First.") -> TestMeeting:
    return TestMeeting.make(topology.proxy, admin, text)  # type: ignore[arg-type]  # it is asked like a server


def entered(meeting: TestMeeting, browser: httpx.Client) -> httpx.Response:
    """Somebody joins in a browser."""
    body = {"role": "delegate", "delegation": "KAZ"}
    invitation = made(meeting.admin.post(f"/api/meetings/{meeting.id}/invitations", json=body))
    return browser.post("/api/join", json={"token": invitation["token"], "name": "Aru"})


async def test_c2_people_on_different_servers_write_one_document(topology: Topology) -> None:
    with topology.proxy.admin() as admin:
        meeting = meeting_behind(topology, admin)
        people = [meeting.join(name=f"w{number}") for number in range(3)]
        await until(lambda: sum(map(sockets, topology.servers)) == 0)  # those of other tests
        async with contextlib.AsyncExitStack() as stack:
            clients = [
                await stack.enter_async_context(Client(meeting.url, person.token, seed=at))
                for at, person in enumerate(people)
            ]
            for client in clients:
                await client.until(lambda client=client: client.synced)  # type: ignore[misc]
            for at, client in enumerate(clients):
                client.type(f" w{at}")
            for client in clients:
                await client.saved()
                await client.until(lambda client=client: all(f"w{at}" in str(client.text) for at in range(3)))  # type: ignore[misc]
            assert len({str(client.text) for client in clients}) == 1
            await until(lambda: sum(map(sockets, topology.servers)) == 3)
            assert max(map(sockets, topology.servers)) < 3
        assert meeting.text() == [str(clients[0].text).removeprefix("\n")]


def sockets(server: ServerProcess) -> int:
    """How many take part in a document there."""
    with server.client() as inside:
        figures = inside.get("/metrics").text
    return int(float(next(line.split()[1] for line in figures.splitlines() if line.startswith("rollingtext_members "))))


async def test_p4_w1_by_https_cookies_are_secure_and_open_sockets_of_the_own_origin_alone(topology: Topology) -> None:
    proxy = topology.proxy
    with proxy.admin() as admin, proxy.browser() as browser:
        meeting = meeting_behind(topology, admin)
        joined = entered(meeting, browser)
        (cookie,) = joined.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-")
        assert "; secure" in cookie.lower()
        assert browser.get("/api/me").json()["participant"]["name"] == "Aru"
        url = f"{proxy.wss_url}/ws/documents/{meeting.document}?v=1"
        sent = {"Cookie": cookie.partition(";")[0]}
        async with Line.open(url, trust=proxy.trust(), Origin=proxy.https_url, **sent) as line:
            assert (await line.until("welcome"))["document"]["id"] == meeting.document
        async with Line.open(url, trust=proxy.trust(), Origin="https://elsewhere.example", **sent) as line:
            assert (await line.closed()).code == 4403


async def test_what_machines_ask_is_not_told_outside(topology: Topology) -> None:
    with topology.proxy.client() as outside:
        for path in ("/metrics", "/readyz"):
            assert outside.get(path).status_code == 404
        assert outside.get("/healthz").json() == {"status": "ok"}
        assert outside.get("/openapi.json").status_code == 200


async def test_no_protocol_is_announced_at_a_port_that_nobody_reaches(topology: Topology) -> None:
    """Containers listen on other ports than their hosts do, and Caddy announces its own."""
    with topology.proxy.browser() as browser:
        answer = browser.get("/healthz")
    assert answer.is_success
    assert "alt-svc" not in answer.headers


async def test_limits_count_the_address_that_the_proxy_saw_not_the_one_that_was_claimed(topology: Topology) -> None:
    """One address guesses until it is refused; another is not, and claiming another does not help."""
    with topology.proxy.browser(ELSEWHERE) as guesser, topology.proxy.browser("127.0.0.3") as other:
        wrong = {"token": "x" * 43, "name": "Eve"}
        statuses: set[int] = set()
        for number in range(100):
            claimed = {"X-Forwarded-For": f"192.0.2.{number}", "X-Forwarded-Host": "elsewhere.example"}
            statuses.add(guesser.post("/api/join", json=wrong, headers=claimed).status_code)
        assert statuses == {404, 429}
        assert other.post("/api/join", json=wrong).status_code == 404


async def test_a_link_that_cannot_be_served_leaves_no_token_in_the_log_of_the_proxy(topology: Topology) -> None:
    """P4: with no server there, the proxy writes down what it was asked for."""
    proxy = Proxy(topology.proxy.log.parent / "alone", patience="100ms")
    proxy.log.parent.mkdir()
    proxy.start(["127.0.0.1:9"])
    try:
        with proxy.client("a-bearer-token") as client:
            assert client.get("/join/an-invitation?x=1").status_code in (502, 503)
            assert client.get("/ws/documents/d?v=1&ticket=a-ticket").status_code in (502, 503)
    finally:
        proxy.stop()
    written = proxy.output()
    assert "/join/…?x=1" in written
    assert "ticket=…" in written
    assert not [secret for secret in ("an-invitation", "a-ticket", "a-bearer-token") if secret in written]


@pytest.mark.long
async def test_a_socket_on_which_nobody_says_anything_for_a_minute_stays(topology: Topology) -> None:
    with topology.proxy.admin() as admin:
        meeting = meeting_behind(topology, admin)
        person = meeting.join()
        async with Client(meeting.url, person.token, version=None) as client:
            await client.until(lambda: client.synced)
            await asyncio.sleep(150)  # longer than any time-out of the proxy for a connection that is idle
            client.type(" still here")
            await client.until(lambda: str(client.text).endswith(" still here"))
            assert client.connections == 1
            until = time.monotonic() + 20
            while meeting.text() != ["First. still here"]:
                assert time.monotonic() < until
                await asyncio.sleep(0.1)


@pytest.mark.long
async def test_half_a_header_is_not_waited_for(topology: Topology) -> None:
    peer = Peer(*await asyncio.open_connection("127.0.0.1", topology.proxy.port))
    peer.writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
    began = time.monotonic()
    async with asyncio.timeout(20):
        await peer.reader.read()
    assert time.monotonic() - began < 15
    peer.leave()
