"""C2 to C5: the command, its settings, and what machines ask of the server."""

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from server.commands import app
from tests.conftest import Launch
from tests.meetings import made
from tests.people import refused
from tests.processes import ServerProcess

COMMANDS = (
    "serve",
    "migrate",
    "invite",
    "import",
    "export",
    "brackets",
    "verify",
    "backup",
    "restore",
    "checker",
    "doctor",
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, *arguments: str, **settings: str) -> Result:
    """`rollingtext …` in this data directory."""
    environment = {f"ROLLINGTEXT_{name.upper()}": value for name, value in {"data_dir": str(data), **settings}.items()}
    return CliRunner().invoke(app, arguments, env={**environment, "COLUMNS": "200", "NO_COLOR": "1"})


def answered(result: Result, status: int = 0) -> dict[str, Any]:
    """What a command with `--json` answered."""
    assert result.exit_code == status, (result.output, result.exception)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def meeting_in(data: Path) -> str:
    """A database with one meeting, which no command makes."""
    assert run(data, "migrate").exit_code == 0
    with sqlite3.connect(data / "rollingtext.db") as database:
        row = ("0123456789abcdef", "Working group", False, "2026-11-25T22:12:42.123456Z")
        database.execute("INSERT INTO meeting (id, title, observers_may_comment, created_at) VALUES (?, ?, ?, ?)", row)
    return row[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_c4_every_command_helps_and_answers_in_json(data: Path, command: str) -> None:
    helped = run(data, command, "--help")
    assert helped.exit_code == 0
    assert "--json" in helped.output


@pytest.mark.parametrize("arguments", [["fly"], ["verify", "--unknown"], ["invite"], ["invite", "--role", "king"]])
def test_c4_what_is_asked_wrongly_ends_with_2(data: Path, arguments: list[str]) -> None:
    assert run(data, *arguments).exit_code == 2


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"colour": "red"}, "ROLLINGTEXT_COLOUR"),
        ({"port": "many"}, "ROLLINGTEXT_PORT"),
        ({"admin_token": "short"}, "ROLLINGTEXT_ADMIN_TOKEN"),
        ({"trusted_proxies": "somewhere"}, "ROLLINGTEXT_TRUSTED_PROXIES"),
        ({"database": "mysql://x"}, "ROLLINGTEXT_DATABASE"),
    ],
)
def test_c3_a_setting_that_is_unknown_or_wrong_stops_the_start_and_is_named(
    data: Path, settings: dict[str, str], named: str
) -> None:
    result = run(data, "serve", **settings)
    assert result.exit_code == 2
    assert named in result.stderr
    assert not data.exists()


def test_c4_commands_need_a_database_and_say_how_to_make_one(data: Path) -> None:
    for arguments in (["invite", "--role", "secretariat"], ["verify"], ["doctor"]):
        result = run(data, *arguments, "--json")
        assert result.exit_code == 1
        assert "rollingtext migrate" in result.stdout
    assert answered(run(data, "migrate", "--json")) == {"schema": "current"}
    assert answered(run(data, "migrate", "--json")) == {"schema": "current"}
    assert answered(run(data, "verify", "--json")) == {"documents": []}


def test_c4_serve_refuses_a_schema_that_is_not_its_own(data: Path) -> None:
    assert run(data, "migrate").exit_code == 0
    with sqlite3.connect(data / "rollingtext.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    command = [sys.executable, "-m", "server", "serve", "--data-dir", str(data)]  # it would take over our logging
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 1
    assert "newer" in ran.stderr


def test_c4_invite_prints_a_link(data: Path) -> None:
    meeting = meeting_in(data)
    everywhere = answered(run(data, "invite", "--role", "secretariat", "--json", public_url="https://draft.example"))
    assert everywhere["url"] == f"https://draft.example/join/{everywhere['token']}"
    link = run(data, "invite", "--meeting", meeting, "--role", "chair", "--max-uses", "1", "--expires-in", "60")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/join/[A-Za-z0-9_-]{43}\n", link.stdout)
    missing = run(data, "invite", "--meeting", "f" * 16, "--role", "chair", "--json")
    assert "meeting" in answered(missing, 1)["error"]
    nowhere = run(data, "invite", "--meeting", meeting, "--role", "delegate", "--delegation", "KAZ", "--json")
    assert "KAZ" in answered(nowhere, 1)["error"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--role", "chair"],
        ["--role", "delegate", "--meeting", "f" * 16],
        ["--role", "secretariat", "--delegation", "KAZ"],
        ["--role", "secretariat", "--max-uses", "0"],
        ["--role", "secretariat", "--name", "a\nb"],
    ],
)
def test_p1_an_invitation_fits_its_role_on_the_command_line_too(data: Path, arguments: list[str]) -> None:
    assert run(data, "invite", *arguments).exit_code == 2


def test_c4_import_makes_a_document_that_verify_finds_right(data: Path, tmp_path: Path) -> None:
    meeting = meeting_in(data)
    draft = tmp_path / "draft.md"
    draft.write_text("# Plan\n\nOne [two].\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", encoding="utf-8")
    made_here = answered(run(data, "import", str(draft), "--meeting", meeting, "--json"))
    assert made_here["report"]
    assert set(made_here["report"][0]) == {"code", "paragraph", "detail"}
    (found,) = answered(run(data, "verify", "--json"))["documents"]
    assert found == {
        "document": made_here["id"], "title": "draft", "entries": 1, "statements": 0, "failed": None, "reason": None,
    }  # fmt: skip
    assert "all right" in run(data, "verify", made_here["id"]).stdout
    assert run(data, "verify", "f" * 16).exit_code == 1
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    assert ".png" in answered(run(data, "import", str(picture), "--meeting", meeting, "--json"), 1)["error"]
    assert run(data, "import", str(tmp_path / "none.md"), "--meeting", meeting).exit_code == 2


def test_c4_verify_ends_with_1_and_names_the_entry_that_fails(data: Path, tmp_path: Path) -> None:
    meeting = meeting_in(data)
    draft = tmp_path / "draft.txt"
    draft.write_text("One\n\nTwo", encoding="utf-8")
    document = answered(run(data, "import", str(draft), "--meeting", meeting, "--json"))["id"]
    with sqlite3.connect(data / "rollingtext.db") as database:
        database.execute("UPDATE entry SET participant = ?, at = at || 'x' WHERE seq = 1", ("admin",))
    (found,) = answered(run(data, "verify", "--json"), 1)["documents"]
    assert (found["document"], found["failed"]) == (document, 1)
    assert "FAILS at 1" in run(data, "verify").stdout


def test_c4_doctor_looks_at_everything(data: Path) -> None:
    assert run(data, "migrate").exit_code == 0
    checks = {check["name"]: check for check in answered(run(data, "doctor", "--json"))["checks"]}
    assert checks.keys() >= {"database", "clock", "commits", "disk", "redis", "address", "proxy", "open files"}
    assert checks["database"]["state"] == "ok"
    assert checks["secretariat"]["state"] == "warning"
    exposed = answered(run(data, "doctor", "--json", host="0.0.0.0", redis="redis://127.0.0.1:1/0"))["checks"]
    states = {check["name"]: check["state"] for check in exposed}
    assert (states["address"], states["redis"]) == ("warning", "warning")


def test_p3_the_first_start_prints_one_link_for_the_secretariat_once(launch: Launch) -> None:
    def link_of(process: ServerProcess) -> list[str]:
        return re.findall(r"/join/([A-Za-z0-9_-]{43})$", process.output(), re.MULTILINE)

    process = launch(admin_token="")
    (token,) = link_of(process)
    with process.client() as client:
        joined = made(client.post("/api/join", json={"token": token, "name": "Aru"}))
        assert joined["participant"]["role"] == "secretariat"
        again = client.post("/api/join", json={"token": token, "name": "Eve"})
        refused(again, 410, "invitation_used_up")
    assert process.stop() == 0
    process.start()
    assert link_of(process) == [token]
    with process.client(joined["access_token"]) as secretary:
        assert secretary.get("/api/me").json()["meeting"] is None
        made(secretary.post("/api/meetings", json={"title": "First"}))


def test_c5_health_readiness_and_figures(nobody: httpx.Client) -> None:
    assert nobody.get("/healthz").json() == {"status": "ok"}
    assert nobody.get("/readyz").json() == {"status": "ready"}
    figures = nobody.get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    assert "rollingtext_rooms" in figures.text
    assert 'rollingtext_requests_total{method="GET",path="/healthz",status="200"}' in figures.text


def test_c5_figures_name_no_tokens_and_grow_no_labels(nobody: httpx.Client) -> None:
    nobody.get("/join/a-token-that-nobody-should-read")
    nobody.request("PROPFIND", "/nowhere/at/all")
    figures = nobody.get("/metrics").text
    assert 'path="/join/{token}"' in figures
    assert "a-token-that" not in figures
    assert 'method="other",path="none",status="404"' in figures
    assert "PROPFIND" not in figures


def test_c5_not_ready_where_the_database_is_not_there(launch: Launch) -> None:
    process = launch()
    with process.client() as client:
        with sqlite3.connect(process.data_dir / "rollingtext.db") as database:
            database.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
        refused(client.get("/readyz"), 503, "unavailable")
        assert client.get("/healthz").status_code == 200


def test_the_brackets_of_a_file_are_counted_without_a_database(tmp_path: Path, data: Path) -> None:
    paper = tmp_path / "draft.txt"
    paper.write_text("Parties [shall][should] act\n\n[Kazakhstan: and [do] so]\n\n[lost", encoding="utf-8")
    found = answered(run(data, "brackets", str(paper), "--json"))
    assert (found["counts"]["pairs"], found["counts"]["issues"], found["counts"]["lints"]) == (4, 2, 1)
    assert [each["text"] for each in found["brackets"]][:2] == ["[shall]", "[should]"]
    assert found["brackets"][2]["attribution"] == [{"delegation": "KAZ", "stance": None}]
    assert found["lints"] == [{"code": "UNCLOSED", "paragraph": 3, "start": 0, "end": 1}]
    said = run(data, "brackets", str(paper))
    assert said.exit_code == 0
    assert "pairs: 4" in said.output
    assert "UNCLOSED" in said.output
    assert not data.exists()
    (tmp_path / "draft.bin").write_bytes(b"\0")
    assert answered(run(data, "brackets", str(tmp_path / "draft.bin"), "--json"), 1)["error"]


def test_a_backup_is_made_and_had_back_where_nothing_is(tmp_path: Path, data: Path) -> None:
    meeting_in(data)
    paper = tmp_path / "draft.md"
    paper.write_text("Parties [shall] act.", encoding="utf-8")
    answered(run(data, "import", str(paper), "--meeting", "0123456789abcdef", "--json"))
    file = str(tmp_path / "backup.db")
    made = answered(run(data, "backup", file, "--json"))
    assert (made["file"], made["bytes"], len(made["documents"])) == (file, Path(file).stat().st_size, 1)
    assert answered(run(data, "backup", file, "--json"), 1)["error"]
    assert answered(run(data, "restore", file, "--json"), 1)["error"]
    new = tmp_path / "new"
    assert answered(run(new, "restore", file, "--json"))["restored"] is True
    assert answered(run(new, "verify", "--json"))["documents"] == made["documents"]
    said = run(tmp_path / "another", "restore", file)
    assert "It is restored." in said.output
    assert run(data, "restore", str(tmp_path / "none.db")).exit_code == 2


def test_the_checker_is_written_with_its_digest(tmp_path: Path, data: Path, nobody: httpx.Client) -> None:
    found = answered(run(data, "checker", str(tmp_path / "check.pyz"), "--json"))
    content = (tmp_path / "check.pyz").read_bytes()
    assert found["sha256"] == hashlib.sha256(content).hexdigest()
    assert nobody.get("/api/checker").content == content
    assert run(data, "checker", str(tmp_path / "nowhere" / "check.pyz")).exit_code == 1
    assert not data.exists()
