"""Word in: shown before anything is saved, then saved with comments, report and snapshot; bad files are refused."""

import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import words
from tests.contract.test_commands import answered, run
from tests.meetings import made
from tests.people import Gathering, refused
from tests.processes import ServerProcess
from tests.words import SPACES, about, came, comment, docx, p, r, went

COMMENTS = {
    "word/comments.xml": f"<w:comments {SPACES}>"
    + comment(0, "Aru (KAZ)", "Why so, @UZB?", "00000001")
    + comment(1, "Ravi", "Because.", "00000002")
    + "</w:comments>",
    "word/commentsExtended.xml": f'<w15:commentsEx {SPACES}><w15:commentEx w15:paraId="00000001" w15:done="1"/>'
    '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001" w15:done="0"/></w15:commentsEx>',
}
BODY = p("Draft", style="T") + p("1. Parties ", went("shall"), came(r("should")), " ", about(0, r("act")), r("."))


def send(gathering: Gathering, content: bytes, call: str = "", name: str = "a.docx", **form: str) -> httpx.Response:
    path = f"/api/meetings/{gathering.id}/documents{call}"
    return gathering.admin.post(path, files={"file": (name, content)}, data={"title": "Draft", **form})


def texts(gathering: Gathering, document: str) -> list[str]:
    found = gathering.admin.get(f"/api/documents/{document}/paragraphs").json()["paragraphs"]
    return [each["text"] for each in found]


def items(gathering: Gathering, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = gathering.admin.get(path).json()["items"]
    return found


@pytest.mark.parametrize(
    ("tracked", "text"),
    [
        ("accept", "Parties should act."),
        ("reject", "Parties shall act."),
        ("brackets", "Parties [KAZ: DELETE: shall][KAZ: should] act."),
    ],
)
def test_what_is_shown_is_what_is_made_and_showing_saves_nothing(gathering: Gathering, tracked: str, text: str) -> None:
    content = docx(BODY, COMMENTS)
    before = items(gathering, f"/api/meetings/{gathering.id}/documents")
    shown = send(gathering, content, "/preview", tracked=tracked)
    assert shown.status_code == 200, shown.text
    preview = shown.json()
    assert items(gathering, f"/api/meetings/{gathering.id}/documents") == before
    document = made(send(gathering, content, tracked=tracked))
    assert [each["text"] for each in preview["paragraphs"]] == texts(gathering, document["id"]) == ["Draft", text]
    assert preview["report"] == document["report"]
    assert preview["progress"] == document["progress"]
    assert preview["tracked"] == {"insertions": 1, "deletions": 1, "authors": ["Aigerim S. (KAZ)"]}
    assert preview["threads"] == [
        {
            "paragraph": 1,
            "quote": "act",
            "resolved": True,
            "comments": ["Aru (KAZ), 2026-11-24: Why so, @UZB?", "Ravi, 2026-11-24: Because."],
        }
    ]


def test_text_that_is_sent_as_text_is_shown_too(gathering: Gathering) -> None:
    path = f"/api/meetings/{gathering.id}/documents/preview"
    shown = gathering.admin.post(path, json={"title": "Draft", "text": "# One\n\n[two]"}).json()
    assert [(each["kind"], each["text"]) for each in shown["paragraphs"]] == [("heading", "One"), ("body", "[two]")]
    assert shown["progress"]["pairs"] == 1


def test_comments_become_threads_and_the_text_as_it_came_a_snapshot(gathering: Gathering) -> None:
    document = made(send(gathering, docx(BODY, COMMENTS)))
    (thread,) = items(gathering, f"/api/documents/{document['id']}/threads")
    assert (thread["quote"], thread["visibility"], thread["resolved"] is not None) == ("act", "all", True)
    assert [each["body"] for each in thread["comments"]] == [
        "Aru (KAZ), 2026-11-24: Why so, @UZB?",
        "Ravi, 2026-11-24: Because.",
    ]
    assert thread["comments"][0]["mentions"] == ["UZB"]
    paragraphs = gathering.admin.get(f"/api/documents/{document['id']}/paragraphs").json()["paragraphs"]
    assert (thread["paragraph"], paragraphs[1]["label"]) == (paragraphs[1]["id"], "1.")
    (snapshot,) = items(gathering, f"/api/documents/{document['id']}/snapshots")
    assert (snapshot["label"], snapshot["seq"], snapshot["progress"]) == (None, 1, document["progress"])
    entries = items(gathering, f"/api/documents/{document['id']}/record")
    assert [entry["kind"] for entry in entries] == ["update", "comment", "comment", "comment"]
    assert document["seq"] == 4


def test_what_was_imported_can_be_verified_restored_and_answered(gathering: Gathering) -> None:
    document = made(send(gathering, docx(BODY, COMMENTS)))["id"]
    (thread,) = items(gathering, f"/api/documents/{document}/threads")
    delegate = gathering.client(gathering.come("delegate"))
    refused(delegate.post(f"/api/threads/{thread['id']}/comments", json={"body": "No."}), 409, "thread_resolved")
    assert gathering.admin.delete(f"/api/threads/{thread['id']}/resolved").status_code == 204
    made(delegate.post(f"/api/threads/{thread['id']}/comments", json={"body": "No."}))
    (snapshot, *_) = items(gathering, f"/api/documents/{document}/snapshots")
    assert gathering.admin.post(f"/api/snapshots/{snapshot['id']}/restore").json()["changed"] is False
    assert run(gathering.server.data_dir, "verify", document).exit_code == 0


def test_a_snapshot_of_text_that_was_typed_is_not_taken(gathering: Gathering) -> None:
    assert items(gathering, f"/api/documents/{gathering.document}/snapshots") == []


@pytest.mark.parametrize(
    ("content", "status", "code", "why"),
    [
        (b"%PDF-1.7", 422, "file_refused", "PDF"),
        (words.macros(), 422, "file_refused", "macros"),
        (words.outside(), 422, "file_refused", "outside"),
        (words.entities(), 422, "file_refused", "entities"),
        (words.claimed_bomb(), 413, "too_large", "bomb"),
        (words.docx("", {"word/document.xml": "<a>"}), 422, "file_refused", "well-formed"),
    ],
    ids=["pdf", "macros", "outside", "entities", "bomb", "broken"],
)
@pytest.mark.parametrize("call", ["", "/preview"])
def test_bad_files_are_refused_and_nothing_is_made(
    gathering: Gathering, content: bytes, status: int, code: str, why: str, call: str
) -> None:
    before = items(gathering, f"/api/meetings/{gathering.id}/documents")
    assert why in refused(send(gathering, content, call), status, code)["detail"]
    assert items(gathering, f"/api/meetings/{gathering.id}/documents") == before


@pytest.mark.parametrize("said", [True, False], ids=["that says its length", "that does not"])
def test_a_body_of_500_mb_is_refused_at_once_and_kept_nowhere(
    server: ServerProcess, gathering: Gathering, said: bool
) -> None:
    """By a socket of our own, which sends all of it whatever is answered meanwhile."""
    port = int(server.url.rpartition(":")[2])
    head = (
        f"POST /api/meetings/{gathering.id}/documents HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: {gathering.admin.headers['authorization']}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n"
        + (f"Content-Length: {500 << 20}\r\n\r\n" if said else "Transfer-Encoding: chunked\r\n\r\n")
    )
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n'
    before, answer = memory(server), b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head.encode())
        data = part + bytes((1 << 20) - len(part))
        for number in range(500):
            if number == (0 if said else 32):  # it has seen enough: nothing more comes before it has answered
                answer = connection.recv(65536)
            connection.sendall(data if said else b"%x\r\n%b\r\n" % (len(data), data))
            data = bytes(1 << 20)
    assert b" 413 " in answer.split(b"\r\n", 1)[0]
    assert memory(server) - before < 256 << 20
    assert gathering.admin.get("/api/me").status_code == 200


def memory(server: ServerProcess) -> int:
    """The most bytes that its process has ever held."""
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) << 10


def test_a_file_sent_twice_under_a_key_has_its_comments_once(gathering: Gathering) -> None:
    path, key = f"/api/meetings/{gathering.id}/documents", {"Idempotency-Key": "word-file"}
    content = docx(BODY, COMMENTS)
    first, second = (
        gathering.admin.post(path, files={"file": ("a.docx", content)}, data={"title": "F"}, headers=key)
        for _ in range(2)
    )
    assert made(first)["id"] == made(second)["id"]
    assert len(items(gathering, f"/api/documents/{made(first)['id']}/threads")) == 1


def test_the_command_line_shows_and_makes_the_same(gathering: Gathering, tmp_path: Path) -> None:
    file = tmp_path / "draft.docx"
    file.write_bytes(docx(BODY, COMMENTS))
    before = items(gathering, f"/api/meetings/{gathering.id}/documents")

    def told(*more: str, status: int = 0) -> dict[str, Any]:
        command = ("import", str(file), "--meeting", gathering.id, "--json", *more)
        return answered(run(gathering.server.data_dir, *command), status)

    shown = told("--preview", "--tracked", "brackets")
    assert (shown["id"], shown["paragraphs"], shown["threads"]) == (None, 2, 1)
    assert items(gathering, f"/api/meetings/{gathering.id}/documents") == before
    document = told("--tracked", "reject")["id"]
    assert texts(gathering, document) == ["Draft", "Parties shall act."]
    assert len(items(gathering, f"/api/documents/{document}/threads")) == 1
    assert len(items(gathering, f"/api/documents/{document}/snapshots")) == 1
    file.write_bytes(b"%PDF-1.7")
    assert "PDF" in told(status=1)["error"]
