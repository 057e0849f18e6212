"""Signed statements about labelled snapshots, and that an outsider can check them with Python alone."""

import asyncio
import json
import subprocess
import sys
import zipfile
from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from server.proof.checker import checker
from tests.client import Client
from tests.contract.test_locks import lock
from tests.contract.test_snapshots import labelled, listed, typed, verified
from tests.people import Gathering, refused
from tests.processes import ServerProcess


@pytest.fixture
def chair(gathering: Gathering) -> httpx.Client:
    return gathering.client(gathering.come("chair"))


def statement_of(client: httpx.Client, snapshot: str) -> dict[str, Any]:
    answer = client.get(f"/api/snapshots/{snapshot}/statement")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def facts_of(client: httpx.Client, snapshot: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(statement_of(client, snapshot)["statement"])["facts"]
    return facts


def proof_of(client: httpx.Client, snapshot: str, path: Path) -> Path:
    """The ZIP as it was handed out."""
    answer = client.get(f"/api/snapshots/{snapshot}/proof")
    assert answer.status_code == 200, answer.text
    path.write_bytes(answer.content)
    return path


def current_key(client: httpx.Client) -> dict[str, Any]:
    (found,) = [each for each in client.get("/api/keys").json()["items"] if each["current"]]
    shape: dict[str, Any] = found
    return shape


def run_checker(proof: Path, *options: str, program: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """With nothing but Python: no site packages, none of our modules in sight."""
    if program is None:
        program = proof.parent / "check.pyz"
        program.write_bytes(checker())
    command = [sys.executable, "-I", "-S", str(program), str(proof), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", encoding="utf-8")


async def erased(gathering: Gathering, start: int, stop: int) -> str:
    """By somebody from Uzbekistan: these bytes of the text; their id."""
    person = gathering.enter(gathering.invite("delegate", delegation="UZB"), "Dilnoza")
    async with Client(gathering.url, person.token) as client:
        await client.until(lambda: client.synced)
        with client.edit():
            del client.text[start:stop]
        await client.saved()
    return person.id


@pytest.fixture
async def revised(gathering: Gathering, chair: httpx.Client) -> tuple[dict[str, Any], str]:
    """The second labelled snapshot: the first paragraph is agreed, and somebody has deleted a word since the first."""
    await asyncio.to_thread(labelled, gathering, chair)
    await typed(gathering, " more [text]")
    assert (await asyncio.to_thread(lock, gathering, chair, 0)).status_code == 200
    who = await erased(gathering, 8, 14)
    return await asyncio.to_thread(labelled, gathering, chair, "Rev.2"), who


def test_what_is_signed_says_what_the_record_says(
    gathering: Gathering, revised: tuple[dict[str, Any], str], nobody: httpx.Client
) -> None:
    snapshot, who = revised
    found = statement_of(gathering.admin, snapshot["id"])
    key = current_key(nobody)
    loaded = load_pem_public_key(key["pem"].encode())
    assert isinstance(loaded, Ed25519PublicKey)
    loaded.verify(b64decode(found["signature"]), found["statement"].encode())
    assert found["key"] == key["fingerprint"]
    statement = json.loads(found["statement"])
    facts, named = statement["facts"], statement["named"]
    assert (facts["snapshot"]["label"], facts["digest"]) == ("Rev.2", snapshot["digest"])
    assert facts["record"]["seq"] == snapshot["seq"]
    assert [each["text"] for each in facts["paragraphs"]] == gathering.text()
    assert facts["counts"] == snapshot["progress"]
    first = gathering.paragraphs()["paragraphs"][0]
    assert [(each["paragraph"], each["digest"]) for each in facts["locks"]] == [(first["id"], first["digest"])]
    (deletion,) = facts["deletions"]
    assert (deletion["text"], deletion["by"]) == ("Second", who)
    assert named["people"][who] == {"name": "Dilnoza", "delegation": "UZB", "role": "delegate"}
    assert facts["before"]["label"] == "Rev.1"


def test_it_is_signed_once_and_stays_as_it_was(gathering: Gathering, revised: tuple[dict[str, Any], str]) -> None:
    snapshot, _ = revised
    before = statement_of(gathering.admin, snapshot["id"])
    assert gathering.admin.patch(f"/api/documents/{gathering.document}", json={"title": "Renamed"}).is_success
    assert statement_of(gathering.admin, snapshot["id"]) == before
    verified(gathering)


def test_an_outsider_checks_it_with_python_alone(
    gathering: Gathering, revised: tuple[dict[str, Any], str], nobody: httpx.Client, tmp_path: Path
) -> None:
    snapshot, _ = revised
    proof = proof_of(gathering.admin, snapshot["id"], tmp_path / "proof.zip")
    key = current_key(nobody)
    done = run_checker(proof, "--key", key["fingerprint"], "--text")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("TRUE: Rev.2 of “Draft”")
    assert "“Second” by Dilnoza (UZB)" in done.stdout
    assert "agreed by Aru (chair)" in done.stdout
    with zipfile.ZipFile(proof) as archive:
        assert archive.read("check.pyz") == checker() == nobody.get("/api/checker").content
        archive.extractall(tmp_path / "folder")
    (tmp_path / "key.pem").write_text(key["pem"])
    done = run_checker(tmp_path / "folder", "--json", "--key", str(tmp_path / "key.pem"))
    told = json.loads(done.stdout)
    assert (told["true"], told["entries"], done.returncode) == (True, snapshot["seq"], 0)


def test_the_checker_says_what_is_false(
    gathering: Gathering, revised: tuple[dict[str, Any], str], tmp_path: Path
) -> None:
    snapshot, _ = revised
    folder = tmp_path / "folder"
    with zipfile.ZipFile(proof_of(gathering.admin, snapshot["id"], tmp_path / "proof.zip")) as archive:
        archive.extractall(folder)
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    lines = whole["record.jsonl"].splitlines(keepends=True)
    wrong = {
        "the signature is not": ("statement.json", whole["statement.json"].replace(b"Rev.2", b"Rev.3")),
        "entry 2: its hash": (
            "record.jsonl",
            b"".join([lines[0], lines[1].replace(b'"by":"', b'"by":"f'), *lines[2:]]),
        ),
        "entry 3: the entry is missing": ("record.jsonl", b"".join([*lines[:2], *lines[3:]])),
        "the signature": ("statement.sig", bytes(64)),
        "no Ed25519 key": ("public-key.pem", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
    }
    for reason, (name, content) in wrong.items():
        (folder / name).write_bytes(content)
        done = run_checker(folder)
        assert (done.returncode, done.stdout.partition(":")[0]) == (1, "FALSE"), done.stdout + done.stderr
        assert reason in done.stdout
        (folder / name).write_bytes(whole[name])
    assert run_checker(folder, "--key", "f" * 64).returncode == 1
    assert run_checker(folder).returncode == 0
    (folder / "record.jsonl").unlink()
    assert run_checker(folder).returncode == 2
    assert run_checker(tmp_path / "check.pyz", program=tmp_path / "check.pyz").returncode == 2


def test_openssl_checks_the_signature_alone(
    gathering: Gathering, revised: tuple[dict[str, Any], str], tmp_path: Path
) -> None:
    """The command that stands in docs/proof.md."""
    with zipfile.ZipFile(proof_of(gathering.admin, revised[0]["id"], tmp_path / "proof.zip")) as archive:
        archive.extractall(tmp_path)
        command = archive.read("README.txt").decode().rpartition("openssl")[2].split()
    done = subprocess.run(["openssl", *command], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "Signature Verified Successfully" in done.stdout, done.stderr


def test_only_what_the_chair_has_labelled_is_stated(
    gathering: Gathering,
    chair: httpx.Client,
) -> None:
    assert lock(gathering, chair, 0).status_code == 200
    (automatic,) = listed(gathering)
    for what in ("statement", "proof"):
        refused(gathering.admin.get(f"/api/snapshots/{automatic['id']}/{what}"), 404, "not_found")


def test_what_was_said_in_comments_is_not_handed_out(gathering: Gathering, chair: httpx.Client, tmp_path: Path) -> None:
    client = gathering.client(gathering.come("delegate"))
    paragraph = gathering.paragraphs()["paragraphs"][0]["id"]
    path = f"/api/documents/{gathering.document}/paragraphs/{paragraph}/threads"
    assert client.post(path, json={"body": "okapi", "quote": "First", "visibility": "delegation"}).is_success
    snapshot = labelled(gathering, chair)
    proof = proof_of(gathering.admin, snapshot["id"], tmp_path / "proof.zip")
    with zipfile.ZipFile(proof) as archive:
        kept = [json.loads(line) for line in archive.read("record.jsonl").splitlines()]
    assert [each["payload"] is None for each in kept] == [each["kind"] == "comment" for each in kept]
    assert "1 known by their digests alone" in run_checker(proof).stdout


def test_the_key_is_made_once_and_nobody_else_reads_it(server: ServerProcess, nobody: httpx.Client) -> None:
    path = server.data_dir / "signing.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert [each["current"] for each in nobody.get("/api/keys").json()["items"]].count(True) == 1
    assert path.read_text().splitlines()[1] not in nobody.get("/api/keys").text
