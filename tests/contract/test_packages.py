"""The hand-over package: all of it in one ZIP, what is missing said, and nothing that was said in private."""

import asyncio
import io
import subprocess
import zipfile
from pathlib import Path

import httpx
import pypdfium2
import pytest
from docx import Document

from tests.contract.test_locks import lock
from tests.contract.test_proofs import run_checker
from tests.contract.test_snapshots import labelled, typed
from tests.people import Gathering

PARTS = ("1 Report", "3 Bracketed text", "4 Changes since the first version", "5 Positions", "6 Reservations")
FILES = {f"{part}.{suffix}" for part in PARTS for suffix in ("docx", "pdf")} | {"README.txt", "5 Positions.csv"}
PROOF = {"statement.json", "statement.sig", "public-key.pem", "record.jsonl", "check.pyz", "README.txt"}


@pytest.fixture
def chair(gathering: Gathering) -> httpx.Client:
    return gathering.client(gathering.come("chair"))


def package_of(client: httpx.Client, gathering: Gathering) -> dict[str, bytes]:
    """What is in it, by name."""
    answer = client.get(f"/api/documents/{gathering.document}/package")
    assert answer.status_code == 200, answer.text
    assert "hand-over.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def words(content: bytes) -> str:
    """Of a PDF, or of a .docx with its tables."""
    if content.startswith(b"%PDF"):
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    document = Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


async def test_it_holds_everything_and_its_proof_is_true(
    gathering: Gathering, chair: httpx.Client, tmp_path: Path
) -> None:
    await typed(gathering, " [India: more] and [less]")
    bracket = (await asyncio.to_thread(chair.get, f"/api/documents/{gathering.document}/brackets")).json()["items"][1]
    position = f"/api/documents/{gathering.document}/brackets/{bracket['id']}/positions/KAZ"
    said = {"stance": "reserve", "note": "pending instructions"}
    assert (await asyncio.to_thread(chair.put, position, json=said)).is_success
    assert (await asyncio.to_thread(lock, gathering, chair, 0, status="agreed_ad_ref")).is_success
    await asyncio.to_thread(labelled, gathering, chair)
    found = await asyncio.to_thread(package_of, gathering.admin, gathering)
    assert found.keys() == FILES | {"2 Clean text - none.txt"} | {f"7 Proof/{name}" for name in PROOF}
    for suffix in ("pdf", "docx"):
        report = words(found[f"1 Report.{suffix}"])
        assert "Agreed ad referendum (1)" in report
        assert "Kazakhstan (KAZ)" in report
        assert "pending instructions" in words(found[f"6 Reservations.{suffix}"]).replace("\r\n", " ")
        assert "[less]" in words(found[f"5 Positions.{suffix}"])
    assert ",reserve" in found["5 Positions.csv"].decode()
    assert "[India: more]" in words(found["3 Bracketed text.pdf"])
    assert b"w:ins " in zipfile.ZipFile(io.BytesIO(found["4 Changes since the first version.docx"])).read(
        "word/document.xml"
    )
    assert b"There is no clean text yet. Brackets are open in 1 paragraphs" in found["2 Clean text - none.txt"]
    proof = tmp_path / "proof"
    proof.mkdir()
    for name in PROOF:
        (proof / name).write_bytes(found[f"7 Proof/{name}"])
    assert run_checker(proof, program=proof / "check.pyz").returncode == 0


def test_the_clean_text_is_in_it_once_nothing_is_open(gathering: Gathering) -> None:
    found = package_of(gathering.client(gathering.come("observer")), gathering)
    assert found.keys() == FILES | {"2 Clean text.docx", "2 Clean text.pdf", "7 Proof - none.txt"}
    assert "Second." in words(found["2 Clean text.pdf"])
    assert b"labelled no snapshot" in found["7 Proof - none.txt"]
    assert b"7 Proof: The chair has labelled no snapshot" in found["README.txt"]


async def test_a_proof_of_an_earlier_text_says_so(gathering: Gathering, chair: httpx.Client) -> None:
    await asyncio.to_thread(labelled, gathering, chair)
    await typed(gathering, " more")
    found = await asyncio.to_thread(package_of, chair, gathering)
    assert "7 Proof: it is of Rev.1, entry 2; the document has gone on since." in found["README.txt"].decode()


async def test_who_ask_at_once_are_given_one(gathering: Gathering) -> None:
    clients = [gathering.client(gathering.come(role)) for role in ("delegate", "observer", "secretariat")]
    found = await asyncio.gather(*(asyncio.to_thread(package_of, client, gathering) for client in clients))
    assert found[0] == found[1] == found[2]


@pytest.mark.long
async def test_libreoffice_reads_every_word_file_of_it(gathering: Gathering, tmp_path: Path) -> None:
    await typed(gathering, " [Kazakhstan: more] and [تتعاون الأطراف]")
    for name, content in (await asyncio.to_thread(package_of, gathering.admin, gathering)).items():
        if not name.endswith(".docx"):
            continue
        (tmp_path / name).write_bytes(content)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/home", "--convert-to", "pdf"]
        done = await asyncio.to_thread(
            subprocess.run, [*command, name], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (tmp_path / name).with_suffix(".pdf").exists(), done.stderr
        if name == "1 Report.docx":
            assert len(pypdfium2.PdfDocument(tmp_path / "1 Report.pdf")) <= 2
