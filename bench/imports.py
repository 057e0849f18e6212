"""Word files into the running server: how long they take, and whether anybody who types meanwhile feels it.

python -m bench.imports [rounds]    # JSON, a line for each file

The files: one of 1 MB with some two million characters, every fourth run of twelve words emphasised, one with 113 kB of
text, and bad ones. `read_ms` and `held_mb`: of the bounded process alone, started for it; `preview_ms` and
`import_ms`: over REST, `cold_ms` the first of them, and an import sends what was just shown; `loop_ms`, `busy_ms` and
`saved_ms` as in `bench/papers.py`.
"""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from bench.papers import DRAFTS, WATCHED, Typist, lateness, milliseconds
from tests import words
from tests.client import Client
from tests.people import Gathering
from tests.processes import ServerProcess

RUN = 12  # words
MARKS = (*[""] * 9, "<w:b/>", "<w:i/>", '<w:u w:val="single"/>')
PAUSE_S = 0.2


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log, program = folder / "late", folder / "watched"
        program.write_text(WATCHED.format(python=sys.executable, path=[os.getcwd()], log=str(log)), encoding="utf-8")
        program.chmod(0o755)
        server = ServerProcess(folder / "data", program=program).start()
        try:
            asyncio.run(_measured(server, rounds, log))
        finally:
            server.end()


async def _measured(server: ServerProcess, rounds: int, log: Path) -> None:
    files = {
        "1 MB": sized(1_000_000),
        "113 kB of text": paper(113_000),
        "a bomb": words.packed_bomb(),
        "more than fits into memory": words.broad(),
        "20 MB of noise": random.Random(6).randbytes(20 << 20),
    }
    with server.admin() as admin:
        gathering = Gathering.make(server, admin)
        assert isinstance(gathering, Gathering)
        person = gathering.come("delegate")
        async with Client(gathering.url, person.token) as client:
            await client.until(lambda: client.synced)
            typist = Typist(client)
            typing = asyncio.create_task(typist.run())
            for name, content in files.items():
                print(json.dumps(await _file(gathering, name, content, rounds, typist, log)), flush=True)
            typing.cancel()


async def _file(
    gathering: Gathering, name: str, content: bytes, rounds: int, typist: Typist, log: Path
) -> dict[str, Any]:
    read_s, held = await asyncio.to_thread(_alone, content)
    begun, typist.waits = time.monotonic(), []
    took: dict[str, list[float]] = {"/preview": [], "": []}
    headers = dict(gathering.admin.headers)
    shown = httpx.Response(204)
    async with httpx.AsyncClient(base_url=gathering.server.url, headers=headers, timeout=120, trust_env=False) as rest:
        for _ in range(rounds):
            for call, times in took.items():
                started = time.perf_counter()
                path = f"/api/meetings/{gathering.id}/documents{call}"
                answer = await rest.post(path, files={"file": ("a.docx", content)}, data={"title": name})
                times.append(time.perf_counter() - started)
                shown = answer if call else shown
                await asyncio.sleep(PAUSE_S)
    stood = await asyncio.to_thread(lateness, log, begun)
    return {
        "file": name,
        "kilobytes": round(len(content) / 1000),
        "status": answer.status_code,
        "characters": sum(len(each["text"]) for each in shown.json().get("paragraphs", ())),
        "read_ms": milliseconds(read_s),
        "held_mb": round(held / (1 << 20)),
        "cold_ms": milliseconds(took["/preview"][0]),
        "preview_ms": milliseconds(statistics.median(took["/preview"])),
        "import_ms": milliseconds(statistics.median(took[""])),
        "loop_ms": milliseconds(max((wall for wall, _ in stood), default=0)),
        "busy_ms": milliseconds(max((busy for _, busy in stood), default=0)),
        "keystrokes": len(typist.waits),
        "saved_ms": milliseconds(statistics.median(typist.waits)),
        "saved_worst_ms": milliseconds(max(typist.waits)),
    }


def _alone(content: bytes) -> tuple[float, int]:
    """Seconds, and the most bytes that the process held."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as given:
        given.write(b'{"mode": "accept", "parties": []}\n' + content)
        given.seek(0)
        null = subprocess.DEVNULL
        process = subprocess.Popen([sys.executable, "-m", "server.papers.word"], stdin=given, stdout=null, stderr=null)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - begun, usage.ru_maxrss << 10


def sized(size: int) -> bytes:
    """A file of some `size` bytes."""
    characters = 2 * size
    while len(content := paper(characters)) < 0.98 * size:
        characters = int(characters * size / len(content))
    return content


def paper(characters: int) -> bytes:
    """The words of the demonstration's drafts in another order each time, in short runs under changing marks."""
    chance = random.Random(6)
    texts = [
        line for file in sorted(DRAFTS.iterdir()) for line in file.read_text(encoding="utf-8").splitlines() if line
    ]
    paragraphs: list[str] = []
    while characters > 0:
        text = chance.choice(texts).replace("&", "and").replace("<", "(").split()
        chance.shuffle(text)
        runs = [" ".join(text[at : at + RUN]) + " " for at in range(0, len(text), RUN)]
        characters -= sum(map(len, runs))
        paragraphs.append(words.p(*(words.r(run, chance.choice(MARKS)) for run in runs)))
    return words.docx("".join(paragraphs))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
