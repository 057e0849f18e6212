"""Comments on the running server: two thousand threads in one document, and a new one on the way to everybody.

python -m bench.comments [threads] [sockets]    # one line of JSON
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from tests.client import Line
from tests.meetings import Person
from tests.people import Gathering
from tests.processes import ServerProcess

PARAGRAPHS = 300
WRITERS = 20  # requests at once while the threads are made
ROUNDS = 30  # new comments that everybody hears of
TEXT = "\n\n".join(
    f"{number}. Parties shall take note of paragraph {number} of this text." for number in range(PARAGRAPHS)
)


async def measured(threads: int, sockets: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder) / "data", {"max_sockets_per_address": str(sockets + 50)}).start()
        try:
            with server.admin() as admin:
                gathering = Gathering.make(server, admin, TEXT)
                assert isinstance(gathering, Gathering)
                writer, readers = gathering.come("delegate"), [gathering.come("observer") for _ in range(sockets)]
                bare = [await _opening(gathering, writer) for _ in range(5)]
                made = await _fill(gathering, writer, threads)
                full = [await _opening(gathering, writer) for _ in range(5)]
                waits = await _heard(gathering, writer, readers)
                return {
                    "scenario": "comments",
                    "threads": threads,
                    "made_per_second": round(threads / made),
                    "paragraphs_ms": round(1000 * statistics.median(each[0] for each in bare), 1),
                    "paragraphs_with_threads_ms": round(1000 * statistics.median(each[0] for each in full), 1),
                    "list_of_threads_ms": round(1000 * statistics.median(each[1] for each in full), 1),
                    "sockets": sockets,
                    "heard_p50_ms": round(1000 * statistics.median(waits), 1),
                    "heard_p99_ms": round(1000 * statistics.quantiles(waits, n=100)[98], 1),
                    "heard_max_ms": round(1000 * max(waits), 1),
                }
        finally:
            server.end()


async def _opening(gathering: Gathering, reader: Person) -> tuple[float, float]:
    """Seconds for the paragraphs, and for all pages of the list of threads."""
    document = f"/api/documents/{gathering.document}"
    async with _client(gathering, reader) as client:
        began = time.perf_counter()
        (await client.get(f"{document}/paragraphs")).raise_for_status()
        read = time.perf_counter()
        after: str | None = "0"
        while after is not None:
            answer = await client.get(f"{document}/threads", params={"after": after, "limit": 200})
            after = answer.raise_for_status().json()["next"]
        return read - began, time.perf_counter() - read


async def _fill(gathering: Gathering, writer: Person, threads: int) -> float:
    """Seconds to make so many threads, spread over the paragraphs, each quoting a word."""
    ids = [each["id"] for each in gathering.paragraphs()["paragraphs"]]
    numbers = iter(range(threads))

    async def make(client: httpx.AsyncClient) -> None:
        for number in numbers:
            body = {"body": f"What of {number}? " * 10, "quote": "take note", "visibility": "all"}
            path = f"/api/documents/{gathering.document}/paragraphs/{ids[number % len(ids)]}/threads"
            (await client.post(path, json=body)).raise_for_status()

    began = time.perf_counter()
    async with _client(gathering, writer) as client:
        await asyncio.gather(*(make(client) for _ in range(WRITERS)))
    return time.perf_counter() - began


async def _heard(gathering: Gathering, writer: Person, readers: list[Person]) -> list[float]:
    """Seconds from a comment's request until a socket has its event, for every comment and socket."""
    paragraph = gathering.paragraphs()["paragraphs"][7]["id"]
    path = f"/api/documents/{gathering.document}/paragraphs/{paragraph}/threads"
    waits: list[float] = []
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(Line.open(f"{gathering.url}?v=1", reader.token)) for reader in readers]
        await asyncio.gather(*(line.until("welcome") for line in lines))
        client = await stack.enter_async_context(_client(gathering, writer))
        for _ in range(ROUNDS):
            await asyncio.sleep(0.2)
            began = time.perf_counter()
            listening = asyncio.gather(*(_until(line, began) for line in lines))
            (await client.post(path, json={"body": "And now?", "visibility": "all"})).raise_for_status()
            taken = await listening
            waits += taken
    return waits


async def _until(line: Line, began: float) -> float:
    await line.until("event")
    return time.perf_counter() - began


def _client(gathering: Gathering, person: Person) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {person.token}"}
    return httpx.AsyncClient(base_url=gathering.server.url, headers=headers, timeout=60, trust_env=False)


if __name__ == "__main__":
    wanted = [int(given) for given in sys.argv[1:]]
    print(json.dumps(asyncio.run(measured(*(wanted + [2000, 200][len(wanted) :])))))
