"""Papers out of the running server: how long they take, and whether anybody who types meanwhile feels it.

python -m bench.papers [file] [rounds]    # JSON, a line for each format, for the package and for the proof

`file`: a .txt or .md; none: 113 kB of the demonstration's drafts. Every third paragraph is changed by one of
several delegations, and every fourth has a comment with a reply. `cold_ms`: the first paper; `cpu_ms`: what one
costs the server and its processes, all that can be said on a busy machine; `loop_ms`: the longest that the loop of
the server stood still while papers were made, and `busy_ms` the part of that in which the server was at work, not
another process; `saved_ms`: from a keystroke until it was saved.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.load.process import usage
from tests.client import Client
from tests.meetings import Person, made
from tests.people import Gathering
from tests.processes import ServerProcess

DRAFTS = Path(__file__).parents[1] / "server" / "demo" / "drafts"
SIZE = 113_000  # characters
EVERY, COMMENTED = 3, 4
FORMATS = ("docx", "pdf", "html", "md", "txt", "json", "akn")
PAUSE_S = 0.05  # between keystrokes

# The server, which writes down whenever its loop was late by a few milliseconds.
WATCHED = """#!{python}
import asyncio, contextlib, sys, time
sys.path[:0] = {path!r}
from server import serving
from server.__main__ import main

async def watch():
    with open({log!r}, "a", buffering=1) as log:
        while True:
            before, worked = time.monotonic(), time.process_time()
            await asyncio.sleep(0.001)
            late = time.monotonic() - before - 0.001
            if late > 0.003:
                print(before, late, min(late, time.process_time() - worked), file=log)

def serve(app, settings, on_ready, plain=serving.serve):
    running = app.router.lifespan_context
    @contextlib.asynccontextmanager
    async def watched(app):
        async with running(app) as state:
            task = asyncio.create_task(watch())
            yield state
            task.cancel()
    app.router.lifespan_context = watched
    plain(app, settings, on_ready)

serving.serve = serve
main()
"""


@dataclass
class Typist:
    """Types while papers are made; `waits`: seconds from each keystroke until it was saved."""

    client: Client
    waits: list[float] = field(default_factory=list)

    async def run(self) -> None:
        while True:
            begun = time.perf_counter()
            self.client.type("x")
            await self.client.saved()
            self.waits.append(time.perf_counter() - begun)
            await asyncio.sleep(PAUSE_S)


def main(text: str, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log, program = folder / "late", folder / "watched"
        program.write_text(WATCHED.format(python=sys.executable, path=[os.getcwd()], log=str(log)), encoding="utf-8")
        program.chmod(0o755)
        server = ServerProcess(folder / "data", program=program).start()
        try:
            for found in asyncio.run(_measured(server, text, rounds, log)):
                print(json.dumps(found))
        finally:
            server.end()


async def _measured(server: ServerProcess, text: str, rounds: int, log: Path) -> list[dict[str, Any]]:
    with server.admin() as admin:
        gathering = Gathering.make(server, admin, text)
        assert isinstance(gathering, Gathering)
        people = [gathering.enter(gathering.invite("delegate", delegation=code)) for code in ("KAZ", "UZB")]
        for at, person in enumerate(people):
            await _amend(gathering, person, at, len(people))
        await asyncio.to_thread(_comment, gathering, people)
        results = []
        async with Client(gathering.url, people[0].token) as client:
            await client.until(lambda: client.synced)
            typist = Typist(client)
            typing = asyncio.create_task(typist.run())
            for format_ in FORMATS:
                path = f"/api/documents/{gathering.document}/export/{format_}?against=1&comments=true"
                results.append({"paper": format_, **await _paper(gathering, path, rounds, typist, log)})
            snapshot = await asyncio.to_thread(_label, gathering)
            for name, path in (
                ("package", f"/api/documents/{gathering.document}/package"),
                ("proof", f"/api/snapshots/{snapshot}/proof"),
            ):
                results.append({"paper": name, **await _paper(gathering, path, rounds, typist, log)})
            typing.cancel()
        return results


def _label(gathering: Gathering) -> str:
    chair = gathering.client(gathering.enter(gathering.invite("chair")))
    path = f"/api/documents/{gathering.document}/snapshots"
    return str(made(chair.post(path, json={"label": "Rev.1"}))["id"])


async def _paper(gathering: Gathering, path: str, rounds: int, typist: Typist, log: Path) -> dict[str, Any]:
    took: list[float] = []
    begun, typist.waits = time.monotonic(), []
    before = await asyncio.to_thread(usage, gathering.server.pid)
    headers = dict(gathering.admin.headers)
    async with httpx.AsyncClient(base_url=gathering.server.url, headers=headers, timeout=120, trust_env=False) as rest:
        for _ in range(rounds):
            started = time.perf_counter()
            answer = await rest.get(path)
            took.append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.text
    after = await asyncio.to_thread(usage, gathering.server.pid)
    late = await asyncio.to_thread(lateness, log, begun)
    return {
        "kilobytes": round(len(answer.content) / 1000),
        "cold_ms": milliseconds(took[0]),
        "median_ms": milliseconds(statistics.median(took)),
        "worst_ms": milliseconds(max(took)),
        "cpu_ms": milliseconds((after.cpu - before.cpu) / rounds),
        "loop_ms": milliseconds(max((wall for wall, _ in late), default=0)),
        "busy_ms": milliseconds(max((busy for _, busy in late), default=0)),
        "keystrokes": len(typist.waits),
        "saved_ms": milliseconds(statistics.median(typist.waits)),
        "saved_worst_ms": milliseconds(max(typist.waits)),
    }


async def _amend(gathering: Gathering, person: Person, at: int, of: int) -> None:
    """Replaces a word in each of this delegation's share of every third paragraph, from the end to the beginning."""
    async with Client(gathering.url, person.token) as client:
        await client.until(lambda: client.synced)
        whole = str(client.text)
        starts = [place for place, char in enumerate(whole) if char == "\n"][::EVERY][at::of]
        for place in reversed(starts):
            end = whole.find(" ", place + 2)
            size = len(whole[place + 1 : end].encode()) if 0 < end - place < 30 else 0
            byte = len(whole[: place + 1].encode())
            with client.edit():
                del client.text[byte : byte + size]
                client.text.insert(byte, "Amended")
            if len(client.unsaved) > 20:
                await client.saved()
        await client.saved()


def _comment(gathering: Gathering, people: Sequence[Person]) -> None:
    one, other = (gathering.client(person) for person in people)
    for paragraph in gathering.paragraphs()["paragraphs"][::COMMENTED]:
        body = {"body": "Why is this here?\nWe would rather not.", "quote": paragraph["text"][:20], "visibility": "all"}
        body["quote"] = body["quote"].strip() or "x"
        path = f"/api/documents/{gathering.document}/paragraphs/{paragraph['id']}/threads"
        thread = made(one.post(path, json=body))
        made(other.post(f"/api/threads/{thread['id']}/comments", json={"body": "Because it was agreed."}))


def lateness(log: Path, since: float) -> list[tuple[float, float]]:
    """How late the loop was each time, and how much of that the server was at work."""
    lines = (map(float, line.split()) for line in log.read_text().splitlines())
    return [(wall, busy) for begun, wall, busy in lines if begun >= since]


def milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 1)


def _text(name: str | None) -> str:
    if name is not None:
        return "\n\n".join(line for line in Path(name).read_text(encoding="utf-8-sig").splitlines() if line.strip())
    drafts = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(DRAFTS.glob("*.md")))
    return (drafts + "\n\n") * (SIZE // len(drafts) + 1)


if __name__ == "__main__":
    main(_text(sys.argv[1] if len(sys.argv) > 1 else None), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
