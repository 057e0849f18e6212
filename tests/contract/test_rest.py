"""Section 4: what holds of every call, and the calls of meetings and documents."""

import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import httpx
import pytest

from crdt.record import GENESIS, canonical, entry_hash
from tests.meetings import made
from tests.people import Gathering, refused
from tests.processes import ServerProcess

JSON = {"Content-Type": "application/json"}


# Problems


def test_a_path_that_leads_nowhere_is_404(nobody: httpx.Client) -> None:
    for path in ("/api", "/api/", "/api/nothing", "/api/me/", "/nothing/at/all", "/assets/nothing.js"):
        refused(nobody.get(path), 404, "not_found")


@pytest.mark.parametrize(("method", "path"), [("PUT", "/api/me"), ("TRACE", "/api/meetings"), ("POST", "/healthz")])
def test_a_method_that_is_not_known_is_405_and_says_which_are(nobody: httpx.Client, method: str, path: str) -> None:
    answer = nobody.request(method, path)
    refused(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


def test_head_answers_like_get_without_a_body(admin: httpx.Client) -> None:
    answer = admin.head("/api/me")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(admin.get("/api/me").content)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"nonsense", b'{"title": "\\ud800"}', b"[" * 5000, b'{"title": "\xff"}', b"\x00", b'{"title": "a"} x'],
)
def test_what_is_not_json_is_400(admin: httpx.Client, content: bytes) -> None:
    refused(admin.post("/api/meetings", content=content, headers=JSON), 400, "malformed")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_another_kind_of_body_is_415(admin: httpx.Client, content_type: str) -> None:
    answer = admin.post("/api/meetings", content=b'{"title": "x"}', headers={"Content-Type": content_type})
    refused(answer, 415, "unsupported_type")


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({}, "body/title"),
        ({"title": 5}, "body/title"),
        ({"title": None}, "body/title"),
        ({"title": " "}, "body/title"),
        ({"title": "x" * 301}, "body/title"),
        ({"title": "x", "unknown": 1}, "body/unknown"),
        ({"title": "x", "starts_at": "yesterday"}, "body/starts_at"),
        ({"title": "x", "starts_at": 1764108762}, "body/starts_at"),
        ({"title": "x", "starts_at": "2026-11-25T09:00:00"}, "body/starts_at"),
        ({"title": "x", "delegations": "un"}, "body/delegations"),
        ({"title": "x", "delegations": [{"code": "K Z", "name": "x"}]}, "body/delegations"),
        ([], "body"),
    ],
)
def test_a_body_that_does_not_fit_is_422_and_says_where(admin: httpx.Client, body: Any, at: str) -> None:
    problem = refused(admin.post("/api/meetings", json=body), 422, "invalid")
    assert problem["errors"][0]["at"].startswith(at)
    assert problem["errors"][0]["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=",
        "limit=%2B5",
        "limit=5.0",
        "limit=1&limit=2",
        "after=nowhere",
        "up=1",
    ],
)
def test_a_query_that_does_not_fit_is_422_and_says_where(admin: httpx.Client, query: str) -> None:
    problem = refused(admin.get(f"/api/meetings?{query}"), 422, "invalid")
    assert problem["errors"][0]["at"] == f"query/{query.partition('=')[0]}"


def test_json_of_more_than_a_megabyte_is_413(admin: httpx.Client) -> None:
    refused(admin.post("/api/meetings", json={"title": "x" * (1 << 20)}), 413, "too_large")


def test_a_body_that_does_not_say_its_length_is_bounded_too(admin: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(2048):
            yield b" " * 1024

    refused(admin.post("/api/meetings", content=endless(), headers=JSON), 413, "too_large")


def test_broken_http_harms_nobody_else(server: ServerProcess, admin: httpx.Client) -> None:
    for sent in (
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET /api/me HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nA\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
            line.sendall(sent)
            assert line.recv(200).startswith(b"HTTP/1.1 4")
    assert admin.get("/api/me").status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/me", "/api/nothing", "/join/abc", "/healthz", "/openapi.json"])
def test_every_answer_tells_browsers_to_be_careful(nobody: httpx.Client, path: str) -> None:
    headers = nobody.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    if path.startswith("/api"):
        assert headers["cache-control"] == "no-store"


def test_times_are_utc_in_iso_8601(admin: httpx.Client) -> None:
    body = {"title": "x", "starts_at": "2026-12-01T09:00:00+05:00", "ends_at": "2026-12-01T18:00:00.5Z"}
    meeting = made(admin.post("/api/meetings", json=body))
    assert meeting["starts_at"] == "2026-12-01T04:00:00.000000Z"
    assert meeting["ends_at"] == "2026-12-01T18:00:00.500000Z"


# Pages


def test_a_list_comes_in_pages_each_thing_once(gathering: Gathering) -> None:
    sent = [gathering.invite("chair", name=f"Guest {number}")["id"] for number in range(7)]
    path, got, after = f"/api/meetings/{gathering.id}/invitations?limit=3", [], ""
    while True:
        page = gathering.admin.get(path + after).json()
        assert set(page) == {"items", "next"}
        got += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert got == sent
    assert gathering.admin.get(f"/api/meetings/{gathering.id}/invitations?limit=7").json()["next"] is None


# Idempotency keys


def test_a_key_makes_a_write_once_and_answers_it_alike(gathering: Gathering) -> None:
    """Also where the answer holds a secret."""
    path, key = f"/api/meetings/{gathering.id}/invitations", {"Idempotency-Key": "one"}
    first = gathering.admin.post(path, json={"role": "chair"}, headers=key)
    again = gathering.admin.post(path, json={"role": "chair"}, headers=key)
    assert (again.status_code, again.json()) == (201, made(first))
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(gathering.admin.get(path).json()["items"]) == 1
    refused(gathering.admin.post(path, json={"role": "secretariat"}, headers=key), 409, "key_reused")
    refused(gathering.admin.post("/api/meetings", json={"title": "x"}, headers=key), 409, "key_reused")


def test_a_key_is_its_senders_own(gathering: Gathering) -> None:
    path, key = f"/api/meetings/{gathering.id}/invitations", {"Idempotency-Key": "mine"}
    made(gathering.admin.post(path, json={"role": "chair"}, headers=key))
    other = gathering.client(gathering.come("secretariat"))
    assert "idempotency-replayed" not in other.post(path, json={"role": "secretariat"}, headers=key).headers


def test_requests_with_one_key_that_come_at_once_make_one_thing(gathering: Gathering, server: ServerProcess) -> None:
    path, token = f"/api/meetings/{gathering.id}/documents", gathering.come("secretariat").token

    def send(_: int) -> str:
        with server.client(token) as client:
            answer = client.post(path, json={"title": "Once", "text": "x"}, headers={"Idempotency-Key": "k" * 200})
            return str(made(answer)["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    assert len(gathering.admin.get(path).json()["items"]) == 2  # with the gathering's own


def test_a_key_answers_again_when_what_it_did_is_done(gathering: Gathering) -> None:
    person = gathering.come("chair")
    for _ in range(2):
        answer = gathering.admin.delete(f"/api/participants/{person.id}", headers={"Idempotency-Key": person.id})
        assert answer.status_code == 204


def test_what_was_refused_can_be_tried_again_under_its_key(gathering: Gathering) -> None:
    path, key = f"/api/meetings/{gathering.id}/invitations", {"Idempotency-Key": "again"}
    body = {"role": "delegate", "delegation": "FRA"}
    refused(gathering.admin.post(path, json=body, headers=key), 409, "no_such_delegation")
    delegations = [{"code": code, "name": code} for code in ("KAZ", "UZB", "UNDP", "FRA")]
    assert gathering.admin.patch(f"/api/meetings/{gathering.id}", json={"delegations": delegations}).is_success
    made(gathering.admin.post(path, json=body, headers=key))


def test_joining_twice_under_a_key_makes_one_participant(gathering: Gathering, nobody: httpx.Client) -> None:
    invitation = gathering.invite("chair", max_uses=1)
    body, key = {"token": invitation["token"], "name": "Aru"}, {"Idempotency-Key": "0123456789abcdef"}
    first = nobody.post("/api/join", json=body, headers=key)
    again = nobody.post("/api/join", json=body, headers=key)
    assert again.json() == made(first)
    assert again.headers["set-cookie"] == first.headers["set-cookie"]
    refused(nobody.post("/api/join", json={**body, "name": "Eve"}, headers=key), 409, "key_reused")
    short = {"Idempotency-Key": "guessable"}
    refused(nobody.post("/api/join", json=body, headers=short), 422, "invalid")


def test_a_key_looks_like_a_key(admin: httpx.Client) -> None:
    for key in ("", "two words", "k" * 201):
        answer = admin.post("/api/meetings", json={"title": "x"}, headers={"Idempotency-Key": key})
        refused(answer, 422, "invalid")


def test_a_file_sent_twice_under_a_key_makes_one_document(gathering: Gathering) -> None:
    """The boundary of a form differs each time; what it holds does not."""
    path, key = f"/api/meetings/{gathering.id}/documents", {"Idempotency-Key": "file"}

    def send(content: bytes) -> httpx.Response:
        return gathering.admin.post(path, files={"file": ("a.md", content)}, data={"title": "F"}, headers=key)

    assert made(send(b"One"))["id"] == made(send(b"One"))["id"]
    refused(send(b"Two"), 409, "key_reused")


# Meetings


def test_a_meeting_is_changed_where_something_is_given(gathering: Gathering) -> None:
    path = f"/api/meetings/{gathering.id}"
    before = gathering.admin.get(path).json()
    assert before["settings"] == {"observers_may_comment": False}
    change = {"body": "CICA", "settings": {"observers_may_comment": True}}
    changed = gathering.admin.patch(path, json=change).json()
    assert changed == {**before, "body": "CICA", "settings": {"observers_may_comment": True}}
    assert gathering.admin.patch(path, json={}).json() == changed
    assert gathering.admin.get(path).json() == changed
    assert gathering.admin.patch(path, json={"body": None}).json()["body"] is None


def test_an_observer_may_comment_where_the_meeting_allows_it_p2(gathering: Gathering) -> None:
    observer = gathering.client(gathering.come("observer"))
    assert observer.get("/api/me").json()["rights"] == ["read"]
    gathering.admin.patch(f"/api/meetings/{gathering.id}", json={"settings": {"observers_may_comment": True}})
    assert observer.get("/api/me").json()["rights"] == ["read", "comment"]


def test_a_delegation_that_somebody_bears_stays(gathering: Gathering) -> None:
    gathering.come("delegate")
    path = f"/api/meetings/{gathering.id}"
    without = [{"code": "UZB", "name": "Uzbekistan", "kind": "member"}]
    assert "KAZ" in refused(gathering.admin.patch(path, json={"delegations": without}), 409, "in_use")["detail"]
    renamed = [{"code": "KAZ", "name": "Kazakhstan (Republic of)", "kind": "member"}]
    assert gathering.admin.patch(path, json={"delegations": renamed}).json()["delegations"] == renamed


def test_contradictions_are_409(admin: httpx.Client) -> None:
    twice = {"title": "x", "delegations": [{"code": "KAZ", "name": "A"}, {"code": "KAZ", "name": "B"}]}
    refused(admin.post("/api/meetings", json=twice), 409, "contradiction")
    backwards = {"title": "x", "starts_at": "2026-12-02T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z"}
    refused(admin.post("/api/meetings", json=backwards), 409, "contradiction")


# Documents


def test_a_document_from_text(gathering: Gathering) -> None:
    body = {"title": "Plan", "symbol": "A/1", "text": "# Title\n\nOne [two][three].\n\nUnder *four*."}
    document = made(gathering.admin.post(f"/api/meetings/{gathering.id}/documents", json=body))
    keys = {"id", "meeting", "title", "symbol", "seq", "frozen", "progress", "created_at", "report"}
    assert set(document) == keys
    assert (document["seq"], document["frozen"], document["report"]) == (1, False, [])
    assert document["progress"] == {
        "pairs": 2,
        "issues": 1,
        "placeholders": 0,
        "words": 6,
        "words_bracketed": 2,
        "paragraphs": 3,
        "clean_paragraphs": 2,
        "agreed_paragraphs": 0,
        "lints": 0,
    }
    path = f"/api/documents/{document['id']}"
    assert gathering.admin.get(path).json() == {key: document[key] for key in keys - {"report"}}
    text = gathering.admin.get(f"{path}/paragraphs").json()
    assert text["seq"] == 1
    assert [(each["text"], each["open_brackets"]) for each in text["paragraphs"]] == [
        ("Title", 0),
        ("One [two][three].", 2),
        ("Under four.", 0),
    ]
    first, _, last = text["paragraphs"]
    assert set(first) == {
        "id",
        "index",
        "kind",
        "level",
        "label",
        "text",
        "runs",
        "digest",
        "lock",
        "open_brackets",
        "threads",
    }
    assert (first["kind"], first["index"], first["lock"], first["threads"]) == ("heading", 0, None, 0)
    assert last["runs"] == [
        {"text": "Under ", "marks": []},
        {"text": "four", "marks": ["em"]},
        {"text": ".", "marks": []},
    ]


def test_a_document_without_a_text_has_one_empty_paragraph(gathering: Gathering) -> None:
    document = made(gathering.admin.post(f"/api/meetings/{gathering.id}/documents", json={"title": "Empty"}))
    paragraphs = gathering.admin.get(f"/api/documents/{document['id']}/paragraphs").json()["paragraphs"]
    assert [(each["text"], each["kind"]) for each in paragraphs] == [("", "body")]


@pytest.mark.parametrize("name", ["draft.md", "draft.txt", "ПРОЕКТ.MD"])
def test_a_document_from_a_file(gathering: Gathering, name: str) -> None:
    form = {"title": "Draft", "symbol": "A/2", "tracked": "accept"}
    path = f"/api/meetings/{gathering.id}/documents"
    answer = gathering.admin.post(path, files={"file": (name, "Один\n\nTwo".encode())}, data=form)
    document = made(answer)
    assert (document["symbol"], document["progress"]["paragraphs"]) == ("A/2", 2)


def test_a_file_that_cannot_be_read_is_415_and_says_what_can(gathering: Gathering) -> None:
    path = f"/api/meetings/{gathering.id}/documents"
    answer = gathering.admin.post(path, files={"file": ("draft.odt", b"PK\x03\x04")}, data={"title": "Draft"})
    assert ".docx" in refused(answer, 415, "unsupported_type")["detail"]


def test_a_file_of_more_than_20_mb_is_413(gathering: Gathering) -> None:
    path = f"/api/meetings/{gathering.id}/documents"
    answer = gathering.admin.post(path, files={"file": ("a.txt", b"x" * (21 << 20))}, data={"title": "Draft"})
    refused(answer, 413, "too_large")


@pytest.mark.parametrize(
    ("files", "data"),
    [
        ({}, {"title": "No file"}),
        ({"file": ("a.md", b"x")}, {}),
        ({"file": ("a.md", b"x")}, {"title": "x", "tracked": "maybe"}),
        ({"file": ("a.md", b"x")}, {"title": "x", "more": "y"}),
    ],
)
def test_a_form_that_does_not_fit_is_422(gathering: Gathering, files: Any, data: Any) -> None:
    path = f"/api/meetings/{gathering.id}/documents"
    answer = gathering.admin.post(path, files=files or {"text": ("", b"x")}, data=data)
    refused(answer, 422, "invalid")


def test_a_form_that_breaks_off_is_400(gathering: Gathering) -> None:
    path, headers = f"/api/meetings/{gathering.id}/documents", {"Content-Type": "multipart/form-data; boundary=x"}
    refused(gathering.admin.post(path, content=b"--x\r\nnonsense", headers=headers), 400, "malformed")
    half = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\nHalf of a'
    refused(gathering.admin.post(path, content=half, headers=headers), 400, "malformed")
    no_boundary = {"Content-Type": "multipart/form-data"}
    refused(gathering.admin.post(path, content=b"--x", headers=no_boundary), 400, "malformed")


def test_a_document_is_renamed(gathering: Gathering) -> None:
    path = f"/api/documents/{gathering.document}"
    assert gathering.admin.patch(path, json={"symbol": "A/3"}).json()["title"] == "Draft"
    renamed = gathering.admin.patch(path, json={"title": "Plan", "symbol": None}).json()
    assert (renamed["title"], renamed["symbol"]) == ("Plan", None)
    assert gathering.admin.get(f"/api/meetings/{gathering.id}/documents").json()["items"] == [renamed]


def test_the_text_as_it_was(gathering: Gathering) -> None:
    path = f"/api/documents/{gathering.document}/paragraphs"
    assert gathering.admin.get(f"{path}?at=0").json() == {"seq": 0, "paragraphs": []}
    assert gathering.admin.get(f"{path}?at=1").json() == gathering.admin.get(path).json()
    refused(gathering.admin.get(f"{path}?at=2"), 404, "not_found")
    refused(gathering.admin.get(f"{path}?at=-1"), 422, "invalid")


def test_digests_can_be_computed_elsewhere_t3(gathering: Gathering) -> None:
    for each in gathering.paragraphs()["paragraphs"]:
        runs = [{"marks": sorted(run["marks"]), "text": run["text"]} for run in each["runs"]]
        whole = {"kind": each["kind"], "label": each["label"], "level": each["level"], "runs": runs}
        text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert each["digest"] == sha256(text.encode()).hexdigest()


def test_the_record_can_be_recomputed_r1(gathering: Gathering) -> None:
    path = f"/api/documents/{gathering.document}/record"
    (entry,) = gathering.admin.get(path).json()["items"]
    assert set(entry) == {"seq", "kind", "by", "at", "summary", "hash"}
    assert (entry["seq"], entry["kind"], entry["by"]["id"]) == (1, "update", "admin")
    (full,) = gathering.admin.get(f"{path}?full=true").json()["items"]
    assert full["previous"] == GENESIS.hex()
    form = canonical(full["document"], 1, full["kind"], full["by"]["id"], full["at"], bytes.fromhex(full["payload"]))
    assert entry_hash(GENESIS, form).hex() == full["hash"] == entry["hash"]
    assert gathering.admin.get(f"{path}?after=1").json() == {"items": [], "next": None}


def test_a_ticket_is_another_one_each_time(gathering: Gathering) -> None:
    observer = gathering.client(gathering.come("observer"))
    path = f"/api/documents/{gathering.document}/ticket"
    tickets = {made(observer.post(path))["ticket"] for _ in range(3)}
    assert len(tickets) == 3
    assert all(re.fullmatch("[A-Za-z0-9_-]{43}", ticket) for ticket in tickets)
