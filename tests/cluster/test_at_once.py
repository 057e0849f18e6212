"""What two processes are asked at the same moment: either is answered as if it had come before the other, or after."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from tests.cluster.cluster import Cluster, Drafting
from tests.meetings import Person, made

ROUNDS = 12  # in most of which the two do meet
CODES = ("KAZ", "UZB", "UNDP")

Ask = Callable[[httpx.Client], httpx.Response]


def request(method: str, path: str, body: object = None, key: str | None = None) -> Ask:
    """`key`: under which it is done once."""
    headers = {} if key is None else {"Idempotency-Key": key}
    return lambda client: client.request(method, path, json=body, headers=headers)


class Both:
    """Somebody at either process."""

    def __init__(self, clients: tuple[httpx.Client, httpx.Client]) -> None:
        self.clients = clients
        self._threads = ThreadPoolExecutor(2)

    def ask(self, one: Ask, other: Ask) -> tuple[httpx.Response, httpx.Response]:
        """The answers to two requests that go out at the same moment."""
        together = Barrier(2)

        def asked(ask: Ask, client: httpx.Client) -> httpx.Response:
            together.wait()
            return ask(client)

        here, there = self._threads.map(asked, (one, other), self.clients)
        return here, there

    def close(self) -> None:
        self._threads.shutdown()
        for client in self.clients:
            client.close()


def at_both(cluster: Cluster, person: Person | None = None) -> Both:
    one, other = cluster.servers
    token = None if person is None else person.token
    return Both((one.client(token), other.client(token)))


@pytest.fixture(autouse=True)
def no_errors(cluster: Cluster) -> Iterator[None]:
    before = [len(server.output()) for server in cluster.servers]
    yield
    for server, size in zip(cluster.servers, before, strict=True):
        assert '"level": "error"' not in server.output()[size:]


@pytest.fixture
def admins(drafting: Drafting) -> Iterator[Both]:
    one, other = drafting.cluster.servers
    both = Both((one.admin(), other.admin()))
    yield both
    both.close()


@pytest.fixture
def chairs(drafting: Drafting) -> Iterator[Both]:
    both = at_both(drafting.cluster, drafting.join("chair", None))
    yield both
    both.close()


@pytest.fixture
def strangers(cluster: Cluster) -> Iterator[Both]:
    both = at_both(cluster)
    yield both
    both.close()


def listing(*codes: str) -> dict[str, object]:
    return {"delegations": [{"code": code, "name": code, "kind": "member"} for code in codes]}


def test_a_list_of_delegations_is_one_of_the_two(drafting: Drafting, admins: Both) -> None:
    path, orders = f"/api/meetings/{drafting.meeting.id}", [("AAA", "BBB", *CODES), (*CODES, "CCC", "AAA")]
    changes = [request("PATCH", path, listing(*order)) for order in orders]
    for _ in range(ROUNDS):
        answers = admins.ask(changes[0], changes[1])
        assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
        found = admins.clients[0].get(path).json()["delegations"]
        assert tuple(each["code"] for each in found) in orders


def test_p1_nobody_is_invited_for_a_delegation_that_is_taken_away(drafting: Drafting, admins: Both) -> None:
    path, codes = f"/api/meetings/{drafting.meeting.id}", CODES
    for number in range(ROUNDS):
        code = f"X{number:02}"
        assert admins.clients[0].patch(path, json=listing(*codes, code)).status_code == 200
        invite = request("POST", f"{path}/invitations", {"role": "delegate", "delegation": code})
        invited, changed = admins.ask(invite, request("PATCH", path, listing(*codes)))
        outcome = (invited.status_code, changed.status_code)
        assert outcome in ((201, 409), (409, 200)), (invited.text, changed.text)
        if invited.status_code == 201:
            codes = (*codes, code)  # it stays


def test_p1_a_delegate_has_a_delegation(drafting: Drafting, admins: Both) -> None:
    path = f"/api/participants/{drafting.join('chair', 'KAZ').id}"
    for _ in range(ROUNDS):
        assert admins.clients[0].patch(path, json={"role": "chair", "delegation": "KAZ"}).status_code == 200
        answers = admins.ask(
            request("PATCH", path, {"role": "delegate"}),
            request("PATCH", path, {"delegation": None}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]


def test_p3_the_last_use_of_a_link_is_had_once_and_whoever_asks_again_has_the_same(
    drafting: Drafting, strangers: Both
) -> None:
    terms = {"role": "delegate", "delegation": "KAZ", "max_uses": 1}
    for _ in range(ROUNDS):
        link = made(drafting.meeting.admin.post(f"/api/meetings/{drafting.meeting.id}/invitations", json=terms))
        join = request("POST", "/api/join", {"token": link["token"], "name": "Aru"}, secrets.token_hex(16))
        one, other = strangers.ask(join, join)
        assert (one.status_code, other.status_code) == (201, 201), (one.text, other.text)
        assert one.json() == other.json()


def test_w4_what_is_unlocked_twice_under_one_key_is_unlocked_once(drafting: Drafting, chairs: Both) -> None:
    paragraph = drafting.meeting.paragraphs()["paragraphs"][0]
    path = f"/api/documents/{drafting.meeting.document}/paragraphs/{paragraph['id']}/lock"
    for _ in range(ROUNDS):
        lock = {"digest": paragraph["digest"], "status": "agreed"}
        assert chairs.clients[0].put(path, json=lock).status_code == 200
        unlock = request("DELETE", path, {"reason": "New proposal"}, secrets.token_hex(16))
        answers = chairs.ask(unlock, unlock)
        assert [answer.status_code for answer in answers] == [204, 204], [answer.text for answer in answers]


def test_a_snapshot_has_one_statement_wherever_one_asks(drafting: Drafting, chairs: Both) -> None:
    for number in range(ROUNDS // 4):
        path = f"/api/documents/{drafting.meeting.document}/snapshots"
        snapshot = made(chairs.clients[0].post(path, json={"label": f"Rev.{number}"}))["id"]
        state = request("GET", f"/api/snapshots/{snapshot}/statement")
        one, other = chairs.ask(state, state)
        assert (one.status_code, other.status_code) == (200, 200), (one.text, other.text)
        assert one.json() == other.json()
