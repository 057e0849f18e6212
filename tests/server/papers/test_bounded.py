"""Bad input: refused within five seconds and 256 MB, each with a sentence that says why; the server goes on."""

import asyncio
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server.errors import Problem
from server.papers.bounded import KEPT, Readers
from server.papers.packing import packed, unpacked
from server.papers.source import Note, NoteCode, Remark, Source, Tracked
from tests import words
from tests.words import MAIN, docx, p

MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
WORKBOOK = MAIN.replace("wordprocessingml.document", "spreadsheetml.sheet")

BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "a part that unpacks to a thousand times its size": (words.packed_bomb, "bomb"),
    "parts that unpack to a quarter of a gigabyte": (words.claimed_bomb, "bomb"),
    "entities that grow": (words.entities, "entities"),
    "an entity that reads a file": (words.file_entity, "entities"),
    "the same in UTF-16": (lambda: words.file_entity("utf-16"), "entities"),
    "a template elsewhere": (words.outside, "outside of itself (attachedTemplate: http://evil.example/x.dotm)"),
    "a picture elsewhere": (lambda: words.outside("image", "https://evil.example/a.png"), "outside of itself"),
    "an object elsewhere": (lambda: words.outside("oleObject", "file:///c:/a.xls"), "outside of itself"),
    "a sub-document elsewhere": (lambda: words.outside("subDocument", "\\\\evil\\a.docx"), "outside of itself"),
    "a program": (words.macros, "macros"),
    "a .docm under another name": (lambda: docx(p("Text."), main=MACRO_MAIN), "macros"),
    "a workbook": (lambda: docx(p("Text."), main=WORKBOOK), "a workbook"),
    "XML that breaks off": (lambda: docx("", {"word/document.xml": "<w:document><w:body>"}), "no well-formed XML"),
    "styles that break off": (lambda: docx(p("Text."), {"word/styles.xml": "<a"}), "no well-formed XML"),
    "an unknown space": (lambda: docx("<x:y/>"), "no well-formed XML"),
    "a PDF": (lambda: b"%PDF-1.7 and so on", "is a PDF"),
    "an old .doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old .doc format"),
    "rich text": (lambda: b"{\\rtf1 words}", "rich text"),
    "a page": (lambda: b"<html>words</html>", "HTML"),
    "nothing": (lambda: b"", "no Word document"),
    "noise": (lambda: bytes(range(256)) * 40, "no Word document"),
    "a package that breaks off": (lambda: docx(p("Text."))[:-200], "damaged"),
    "another package": (lambda: words.zipped({"a.txt": "words"}), "no list of its parts"),
    "locked with a password": (words.encrypted, "password"),
    "elements in each other": (words.deep, "no well-formed XML"),
    "more runs than fit into memory": (words.broad, "memory"),
}


async def read(content: bytes) -> Source:
    """However long the machine lets it wait."""
    return unpacked(await Readers(seconds=120).read(content, "accept", [("KAZ", "Kazakhstan")]))


def work_of_others() -> float:
    """Seconds of a processor that processes of ours which have ended were at work."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", BAD)
async def test_each_is_refused_in_time_with_a_sentence(name: str) -> None:
    make, why = BAD[name]
    content = make()
    before = work_of_others()
    with pytest.raises(Problem) as refused:
        await read(content)
    assert why in refused.value.detail
    assert refused.value.code in ("file_refused", "too_large")
    assert work_of_others() - before < 6  # four, its beginning and its end


def test_the_process_confines_itself_before_it_reads() -> None:
    """256 MB of address space, four seconds of work, and no file can be written."""
    probe = (
        "import resource as r\nfrom server.papers.word.__main__ import confine\nconfine()\n"
        "print([r.getrlimit(each)[0] for each in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE)])\n"
        "bytearray(256 << 20)\n"
    )
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == str([256 << 20, 4, 0])
    assert "MemoryError" in ran.stderr


async def test_the_loop_turns_while_a_bomb_is_refused() -> None:
    content, late = words.broad(), [0.0]

    async def watch() -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.005)
            late[0] = max(late[0], time.monotonic() - began - 0.005)

    watching, began = asyncio.create_task(watch()), time.monotonic()
    with pytest.raises(Problem):
        await read(content)
    watching.cancel()
    took = time.monotonic() - began
    assert late[0] < max(0.5, took / 2)  # bench/imports.py measures it; here, that it is not as long as the reading


async def test_a_process_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sleeper.py").write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(Problem, match="longer than"):
        await Readers(seconds=0.3, module="sleeper").read(b"x" * (4 << 20), "accept", [])
    assert not _children("sleeper")


async def test_who_no_longer_waits_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dozer.py").write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    asked = asyncio.create_task(Readers(module="dozer").read(b"x", "accept", []))
    while not _children("dozer"):  # noqa: ASYNC110  # nobody tells when a process runs
        await asyncio.sleep(0.01)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not _children("dozer")


def _children(module: str) -> list[str]:
    """Processes of ours that run this module."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace")
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if line.endswith(f"-m\0{module}\0") and parent == str(os.getpid()):
                found.append(line)
    return found


async def test_a_file_is_read_and_so_is_the_next() -> None:
    readers = Readers()
    content = docx(p("Words."))
    found = await asyncio.gather(*(readers.read(content, "accept", []) for _ in range(5)))
    assert [unpacked(each).drafts[0].runs[0].text for each in found] == ["Words."] * 5


async def test_what_was_just_read_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "teller.py").write_text("import os, sys\nsys.stdin.buffer.read()\nprint(os.getpid())\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    readers = Readers(module="teller")
    first = await readers.read(b"x", "accept", [])
    assert await readers.read(b"x", "accept", []) == first
    for content, mode, parties in ((b"y", "accept", ()), (b"x", "reject", ()), (b"x", "accept", [("KAZ", "A")])):
        assert await readers.read(content, mode, parties) != first
        first = await readers.read(b"x", "accept", [])
    large = b"x" * KEPT
    assert await readers.read(large, "accept", []) != await readers.read(large, "accept", [])


def test_what_was_packed_comes_out_the_same() -> None:
    source = Source(
        (),
        (Note(NoteCode.TABLE, 3, "A row."), Note(NoteCode.HIDDEN, None, "«слова»")),
        (Remark(1, 2, 3, ("a", "b"), resolved=True),),
        Tracked(1, 2, ("KAZ",)),
    )
    assert unpacked(packed(source)) == source
    for nonsense in (b"{}", b"[]", b'{"drafts": 1}', b'{"refused": ["a"]}', b"\xff"):
        with pytest.raises(Problem, match="no sense"):
            unpacked(nonsense)
