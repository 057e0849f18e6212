"""P1, P3, P4 and P5: invitations, joining, sessions, and their end."""

import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.meetings import made
from tests.people import ROLES, Gathering, refused
from tests.processes import ServerProcess

SESSION = "rollingtext"


@pytest.fixture(scope="module")
def https_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One that people reach by https, and that some test may be shut out of."""
    settings = {"public_url": "https://draft.example.org"}
    process = ServerProcess(tmp_path_factory.mktemp("https") / "data", settings)
    try:
        yield process.start()
    finally:
        process.end()


# P1


@pytest.mark.parametrize(
    "terms",
    [
        {"role": "delegate"},
        {"role": "observer"},
        {"role": "secretariat", "delegation": "KAZ"},
        {"role": "president", "delegation": "KAZ"},
        {"delegation": "KAZ"},
    ],
)
def test_p1_an_invitation_fits_its_role(gathering: Gathering, terms: dict[str, Any]) -> None:
    """Delegates and observers belong to a delegation, the secretariat to none."""
    answer = gathering.admin.post(f"/api/meetings/{gathering.id}/invitations", json=terms)
    refused(answer, 422, "invalid")


def test_p1_a_chair_may_have_a_delegation_or_none(gathering: Gathering) -> None:
    assert gathering.invite("chair")["delegation"] is None
    assert gathering.invite("chair", delegation="UZB")["delegation"] == "UZB"


def test_p1_delegations_are_those_of_the_meeting(gathering: Gathering) -> None:
    body = {"role": "delegate", "delegation": "FRA"}
    refused(gathering.admin.post(f"/api/meetings/{gathering.id}/invitations", json=body), 409, "no_such_delegation")


def test_p1_cica_brings_its_members_and_observers(admin: httpx.Client) -> None:
    meeting = made(admin.post("/api/meetings", json={"title": "SWG", "delegations": "cica"}))
    kinds = {each["code"]: (each["name"], each["kind"]) for each in meeting["delegations"]}
    assert sum(kind == "member" for _, kind in kinds.values()) == 28
    assert kinds["KAZ"] == ("Kazakhstan", "member")
    assert kinds["JPN"] == ("Japan", "observer")
    assert kinds["OSCE"] == ("Organization for Security and Co-operation in Europe", "organisation")
    assert kinds["UN"] == ("United Nations", "organisation")
    states = [code for code, (_, kind) in kinds.items() if kind != "organisation"]
    assert all(re.fullmatch("[A-Z]{3}", code) for code in states)


def test_p1_the_secretariat_of_one_meeting_acts_in_every_one(gathering: Gathering, admin: httpx.Client) -> None:
    other = made(admin.post("/api/meetings", json={"title": "Other"}))["id"]
    secretariat = gathering.client(gathering.come("secretariat"))
    assert secretariat.get(f"/api/meetings/{other}").status_code == 200


# P3


def test_p3_the_token_is_in_one_answer_and_nowhere_else(gathering: Gathering, server: ServerProcess) -> None:
    invitation = gathering.invite("delegate", name="Aru", max_uses=3, expires_in=60)
    token = invitation["token"]
    assert invitation["url"] == f"{server.url}/join/{token}"
    assert len(token) >= 43
    listed = gathering.admin.get(f"/api/meetings/{gathering.id}/invitations").text
    assert invitation["id"] in listed
    assert token not in listed


def test_p3_secrets_are_stored_as_hashes_and_stay_out_of_logs(gathering: Gathering, server: ServerProcess) -> None:
    """Also where answers are kept for idempotency, and in paths that people open."""
    headers = {"Idempotency-Key": "to-be-looked-for-in-the-database"}
    path = f"/api/meetings/{gathering.id}/invitations"
    invitation = made(gathering.admin.post(path, json={"role": "chair"}, headers=headers))
    person = gathering.enter(invitation)
    gathering.client(person).get("/api/me")
    ticket = made(gathering.client(person).post(f"/api/documents/{gathering.document}/ticket"))["ticket"]
    with server.client() as nobody:
        nobody.get(f"/join/{invitation['token']}")
        nobody.post("/api/join", json={"token": invitation["token"], "name": "Aru"}, headers=headers)
    secrets = [invitation["token"], person.token, ticket]
    with sqlite3.connect(server.data_dir / "rollingtext.db") as database:
        stored = "\n".join(database.iterdump())
    for secret in secrets:
        assert secret not in stored
        assert secret.encode().hex() not in stored.lower()
        assert secret not in server.output()


def test_p3_opening_a_link_consumes_nothing(gathering: Gathering, nobody: httpx.Client) -> None:
    invitation = gathering.invite("delegate", max_uses=1, name="Aru")
    for _ in range(3):
        assert nobody.get(f"/join/{invitation['token']}").status_code in (200, 503)  # 503: the client is not built
        shown = nobody.post("/api/join/preview", json={"token": invitation["token"]})
        assert shown.status_code == 200
    assert shown.json() == {
        "meeting": {"id": gathering.id, "title": "Working group", "body": None, "starts_at": None},
        "role": "delegate",
        "delegation": {"code": "KAZ", "name": "Kazakhstan", "kind": "member"},
        "name": "Aru",
        "expires_at": None,
    }
    gathering.enter(invitation)


def test_p3_a_link_ends_with_its_uses(gathering: Gathering, nobody: httpx.Client) -> None:
    invitation = gathering.invite("delegate", max_uses=2)
    gathering.enter(invitation)
    gathering.enter(invitation)
    body = {"token": invitation["token"], "name": "Third"}
    refused(nobody.post("/api/join", json=body), 410, "invitation_used_up")
    refused(nobody.post("/api/join/preview", json={"token": invitation["token"]}), 410, "invitation_used_up")
    listed = gathering.admin.get(f"/api/meetings/{gathering.id}/invitations").json()["items"]
    assert [each["uses"] for each in listed] == [2]


def test_p3_the_last_use_is_taken_once_however_many_come_at_once(gathering: Gathering, server: ServerProcess) -> None:
    invitation = gathering.invite("delegate", max_uses=3)

    def come(number: int) -> int:
        with server.client() as client:
            body = {"token": invitation["token"], "name": f"Guest {number}"}
            return client.post("/api/join", json=body).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = sorted(pool.map(come, range(12)))
    assert statuses == [201] * 3 + [410] * 9


def test_p3_a_link_expires(gathering: Gathering, nobody: httpx.Client) -> None:
    invitation = gathering.invite("delegate", expires_in=1)
    body = {"token": invitation["token"], "name": "Late"}
    until = time.monotonic() + 60
    while (answer := nobody.post("/api/join/preview", json={"token": invitation["token"]})).status_code == 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    refused(answer, 410, "invitation_expired")
    refused(nobody.post("/api/join", json=body), 410, "invitation_expired")


def test_p3_a_revoked_link_admits_nobody(gathering: Gathering, nobody: httpx.Client) -> None:
    invitation = gathering.invite("delegate")
    for _ in range(2):
        assert gathering.admin.delete(f"/api/invitations/{invitation['id']}").status_code == 204
    body = {"token": invitation["token"], "name": "Late"}
    refused(nobody.post("/api/join", json=body), 410, "invitation_revoked")


# P4


def test_p4_joining_gives_a_token_and_a_cookie(gathering: Gathering, server: ServerProcess) -> None:
    with server.client() as browser:
        body = {"token": gathering.invite("delegate")["token"], "name": "  Áru Қ. "}
        joined = browser.post("/api/join", json=body)
        access = made(joined)
        cookie = joined.headers["set-cookie"].split("; ")
        assert cookie[0] == f"{SESSION}={access['access_token']}"
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie)
        assert "Secure" not in cookie
        me = browser.get("/api/me").json()
        assert me["participant"] == access["participant"]
        assert (me["participant"]["name"], me["participant"]["delegation"]) == ("Áru Қ.", "KAZ")
        assert me["meeting"]["id"] == gathering.id
        assert me["rights"] == ["read", "edit", "comment", "take_position"]
    with server.client(access["access_token"]) as machine:
        assert machine.get("/api/me").json() == me


def test_p4_under_https_the_cookie_is_secure_and_of_this_host_alone(https_server: ServerProcess) -> None:
    with https_server.admin() as admin, https_server.client() as nobody:
        gathering = Gathering.make(https_server, admin)
        assert isinstance(gathering, Gathering)
        invitation = gathering.invite("chair")
        assert invitation["url"].startswith("https://draft.example.org/join/")
        joined = nobody.post("/api/join", json={"token": invitation["token"], "name": "Aru"})
        cookie = joined.headers["set-cookie"].split("; ")
        token = made(joined)["access_token"]
        assert cookie[0] == f"__Host-{SESSION}={token}"
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie)
        nobody.cookies.clear()
        assert nobody.get("/api/me", headers={"Cookie": cookie[0]}).status_code == 200
        assert nobody.get("/api/me", headers={"Cookie": f"{SESSION}={token}"}).status_code == 401


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 121,
        "Ann\u202egnol",
        "a\nb",
        "a\tb",
        "\tAnn",
        "Ann\n",
        "\u0000",
        "\u2066Ann",
        "\u200b",
        "a\u2028b",
    ],
)
def test_p4_a_name_is_one_line_that_can_be_seen_and_turns_nothing_round(
    gathering: Gathering, nobody: httpx.Client, name: str
) -> None:
    token = gathering.invite("chair")["token"]
    problem = refused(nobody.post("/api/join", json={"token": token, "name": name}), 422, "invalid")
    assert problem["errors"][0]["at"] == "body/name"


@pytest.mark.parametrize("name", ["x" * 120, "😀" * 120, "محمد‌رضا", "Ли Сын", "李雪", "O’Neil-Şen"])
def test_p4_names_of_all_scripts_up_to_120_code_points(gathering: Gathering, name: str) -> None:
    assert gathering.enter(gathering.invite("chair"), name).name == name


def test_p4_what_a_foreign_page_sends_with_ones_cookie_is_refused(
    gathering: Gathering, server: ServerProcess, nobody: httpx.Client
) -> None:
    invitation = gathering.invite("secretariat", max_uses=1)
    body = {"token": invitation["token"], "name": "Aru"}
    evil = {"Origin": "https://evil.example"}
    refused(nobody.post("/api/join", json=body, headers=evil), 403, "foreign_origin")
    made(nobody.post("/api/join", json=body, headers={"Origin": server.url}))
    path, change = f"/api/meetings/{gathering.id}", {"title": "Changed"}
    refused(nobody.patch(path, json=change, headers=evil), 403, "foreign_origin")
    refused(nobody.patch(path, json=change), 403, "foreign_origin")
    refused(nobody.patch(path, json=change, headers={"Origin": "null"}), 403, "foreign_origin")
    refused(nobody.patch(path, json=change, headers={"Sec-Fetch-Site": "cross-site"}), 403, "foreign_origin")
    assert nobody.get(path).json()["title"] == "Working group"
    assert nobody.patch(path, json=change, headers={"Origin": server.url}).status_code == 200
    assert nobody.patch(path, json=change, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_p4_signing_out_ends_the_session(gathering: Gathering, server: ServerProcess, nobody: httpx.Client) -> None:
    token = made(nobody.post("/api/join", json={"token": gathering.invite("chair")["token"], "name": "A"}))
    left = nobody.delete("/api/session", headers={"Origin": server.url})
    assert left.status_code == 204
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert nobody.get("/api/me").status_code == 401
    with server.client(token["access_token"]) as bearer:
        assert bearer.get("/api/me").status_code == 401


def test_p4_whoever_tries_links_is_slowed_down(https_server: ServerProcess) -> None:
    with https_server.client() as nobody:
        for _ in range(100):
            answer = nobody.post("/api/join", json={"token": "wrong", "name": "Aru"})
            if answer.status_code != 404:
                break
            refused(answer, 404, "no_such_invitation")
        refused(answer, 429, "too_many_requests")
        assert int(answer.headers["Retry-After"]) > 0
        refused(nobody.post("/api/join/preview", json={"token": "wrong"}), 429, "too_many_requests")


# P5: the sockets' side is in test_sockets.py


def test_p5_revoking_an_invitation_ends_the_sessions_of_all_who_came_by_it(gathering: Gathering) -> None:
    invitation = gathering.invite("delegate")
    guests = [gathering.client(gathering.enter(invitation)) for _ in range(2)]
    other = gathering.client(gathering.come("delegate"))
    gathering.admin.delete(f"/api/invitations/{invitation['id']}")
    for guest in guests:
        refused(guest.get("/api/me"), 401, "not_signed_in")
    assert other.get("/api/me").status_code == 200


def test_p5_removing_a_participant_ends_their_session_and_keeps_what_they_wrote(gathering: Gathering) -> None:
    secretary = gathering.come("secretariat")
    client = gathering.client(secretary)
    path = f"/api/meetings/{gathering.id}"
    document = made(client.post(f"{path}/documents", json={"title": "Draft", "text": "Words"}))["id"]
    assert secretary.id in gathering.admin.get(f"{path}/participants").text
    assert gathering.admin.delete(f"/api/participants/{secretary.id}").status_code == 204
    refused(client.get("/api/me"), 401, "not_signed_in")
    assert secretary.id not in gathering.admin.get(f"{path}/participants").text
    refused(gathering.admin.delete(f"/api/participants/{secretary.id}"), 404, "not_found")
    entry = gathering.admin.get(f"/api/documents/{document}/record").json()["items"][0]
    assert entry["by"] == {"id": secretary.id, "name": "Aru", "delegation": None}


def test_p5_a_ticket_dies_with_the_session(gathering: Gathering) -> None:
    person = gathering.come("delegate")
    made(gathering.client(person).post(f"/api/documents/{gathering.document}/ticket"))
    gathering.admin.delete(f"/api/participants/{person.id}")
    refused(gathering.client(person).post(f"/api/documents/{gathering.document}/ticket"), 401, "not_signed_in")


@pytest.mark.parametrize("role", ROLES)
def test_the_list_of_participants_says_who_they_are(gathering: Gathering, role: str) -> None:
    person = gathering.come(role)
    listed = gathering.client(person).get(f"/api/meetings/{gathering.id}/participants").json()["items"]
    (found,) = [each for each in listed if each["id"] == person.id]
    assert (found["name"], found["role"], found["online"]) == ("Aru", role, False)
