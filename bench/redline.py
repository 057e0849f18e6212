"""What the past costs: two points compared, any point of a long record, and how long the loop stands still for it.

python -m bench.redline [entries]    # JSON, a line for each scenario

Through the server's own process beside, from a real database. `cold`: the first question after a start, for which that
process is started and the chronicle made; `loop_ms`: how long the loop stood still at most, which on a busy machine is
mostly others' work, and how long it worked at a stretch.
"""

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bench.crdt_core import WORDS, history
from crdt.compose import Draft, compose
from crdt.index import TextIndex
from crdt.paragraphs import Run
from crdt.units import utf16_len
from crdt.update import STRING, Struct, Update, decode, encode
from server import times
from server.auth.credentials import ensure_admin
from server.history import History
from server.store import EntryDraft, Store, documents, meetings, people, record
from server.tables import Document, EntryKind, Meeting, Participant, Role

BATCH = 500
PARAGRAPHS, CHANGED = 800, 3  # every third
ROUNDS = 25
PEOPLE = [f"{number:016x}" for number in range(12)]


def main(entries: int) -> None:
    for name, updates in (("paragraphs", rewritten()), ("entries", history(entries)[0])):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'past.db'}"
            print(json.dumps({"scenario": name, "entries": len(updates), **asyncio.run(_measure(updates, url))}))


def rewritten() -> list[bytes]:
    """A text of 800 paragraphs; in every third of them some words are replaced, taken out or put in."""
    rng = random.Random(1)
    drafts = [Draft((Run(" ".join(rng.choices(WORDS, k=24)) + "."),)) for _ in range(PARAGRAPHS)]
    updates, index = [compose(drafts, 1)], TextIndex()
    index.apply(decode(updates[0]))
    for number in range(0, PARAGRAPHS, CHANGED):
        for _ in range(3):
            updates.append(_change(rng, index, number, 10 + rng.randrange(len(PEOPLE))))
            index.apply(decode(updates[-1]))
    return updates


def _change(rng: random.Random, index: TextIndex, number: int, client: int) -> bytes:
    """A word of a paragraph is replaced by another."""
    head = index.items.at(tuple(map(int, index.paragraphs()[number].id.split("-"))))
    items = []
    item = head.right
    while item is not None and not item.head:
        items += [item] if item.alive and item.size > 12 else []
        item = item.right
    target = rng.choice(items or [head])
    start = rng.randrange(1, max(2, target.size - 8))
    while index.splits_pair((target.client, target.clock + start)) or index.splits_pair(
        (target.client, target.clock + min(start + 6, target.size))
    ):
        start += 1
    size = min(6, target.size - start)
    word = " " + rng.choice(WORDS)
    origin = (target.client, target.clock + start - 1)
    written = Struct(client, index.end(client), utf16_len(word), STRING, origin, value=word)
    return encode(Update((written,), {target.client: [(target.clock + start, size)]} if size > 0 else {}))


async def _measure(updates: Sequence[bytes], url: str) -> dict[str, Any]:
    store = await Store.open(url)
    past = History(store)
    try:
        document = await store.write(lambda connection: recorded(connection, updates))
        return await _asked(past, document, len(updates))
    finally:
        await past.close()
        await store.close()


async def _asked(past: History, document: str, last: int) -> dict[str, Any]:
    rng = random.Random(2)
    cold = await _timed(lambda: past.timeline(document, last))
    points = [rng.randint(1, last) for _ in range(ROUNDS)]
    jumps = [await _timed(lambda at=at: past.attribution(document, at)) for at in points]
    pairs = [(1, last), *((rng.randint(1, last), rng.randint(1, last)) for _ in range(ROUNDS // 5))]
    redlines = [await _timed(lambda pair=pair: past.diff(document, *pair)) for pair in pairs]
    again = await _timed(lambda: past.diff(document, 1, last))
    everything = [cold, *jumps, *redlines, again]
    return {
        "cold_ms": cold[0],
        "jump_ms": {
            "median": statistics.median(took for took, _, _ in jumps),
            "worst": max(took for took, _, _ in jumps),
        },
        "redline_ms": {
            "first_to_last": redlines[0][0],
            "worst": max(took for took, _, _ in redlines),
            "again": again[0],
        },
        "loop_ms": {
            "stood": max(stood for _, stood, _ in everything),
            "worked": max(worked for _, _, worked in everything),
        },
    }


async def _timed(call: Callable[[], Awaitable[object]]) -> tuple[float, float, float]:
    """Milliseconds: that it took, that the loop stood still at the longest, and that it worked at a stretch."""
    stood = worked = 0.0
    asking = asyncio.ensure_future(call())
    begun = time.perf_counter()
    while not asking.done():
        before, done = time.perf_counter(), time.thread_time()
        await asyncio.sleep(0.001)
        stood = max(stood, time.perf_counter() - before - 0.001)
        worked = max(worked, time.thread_time() - done)
    await asking
    return round((time.perf_counter() - begun) * 1000, 1), round(stood * 1000, 1), round(worked * 1000, 1)


def recorded(connection: Connection, updates: Sequence[bytes]) -> str:
    """A document whose record these are; its id."""
    ensure_admin(connection)
    for id_ in PEOPLE:
        people.add(connection, Participant(id=id_, name="Writer", role=Role.SECRETARIAT, created_at=times.now()))
    meeting = Meeting(title="Past", created_at=times.now())
    meetings.add(connection, meeting, [])
    document = Document(meeting=meeting.id, title="Past", created_at=times.now(), created_by=_author(updates[0]))
    documents.add(connection, document, updates[0])
    follow(connection, document.id, updates[1:])
    return document.id


def follow(connection: Connection, document: str, updates: Sequence[bytes]) -> None:
    """What is written in it next."""
    head = record.head(connection, document)
    for at in range(0, len(updates), BATCH):
        batch = updates[at : at + BATCH]
        drafts = [EntryDraft(EntryKind.UPDATE, _author(update), times.now(), update) for update in batch]
        head = record.append(connection, document, head, drafts)


def _author(update: bytes) -> str:
    """Each client of the updates is one participant's."""
    written = decode(update)
    client = written.structs[0].client if written.structs else next(iter(written.deletes))
    return PEOPLE[client % len(PEOPLE)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
