"""The past read out of a real record, in either database: as the document itself was; it follows what is written."""

import asyncio
import contextlib
import json
import random
import subprocess
import sys
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest

from crdt.compose import Draft as Words
from crdt.compose import compose
from crdt.document import Document
from crdt.errors import Diverged
from crdt.paragraphs import Run
from crdt.restoring import plan
from server import times
from server.api.paragraphs import NEAR, shaped
from server.api.readings import seen
from server.aside import AsideDied
from server.auth.policy import Ground
from server.history import History, Shelf, history, redline
from server.history import shelf as shelves
from server.history.history import LONG
from server.past import desk, telling
from server.past.book import Book, Line
from server.rooms.opening import document_at
from server.rooms.standing import written
from server.store import EntryDraft, Store, people
from server.tables import EntryKind
from tests.processes import ANSWERED_WITHIN
from tests.server.conftest import Draft
from tests.writers import PycrdtWriter, random_steps


class Record:
    """Written by the two who may, straight into the database."""

    def __init__(self, store: Store, draft: Draft) -> None:
        self.store, self.draft = store, draft
        self.document = Document.new()
        self.writers = {name: PycrdtWriter(client) for client, name in enumerate((draft.chair, draft.delegate), 7)}

    async def type(self, who: str, *steps: list[object]) -> None:
        writer = self.writers[who]
        writer.receive([self.document.state()])
        drafts = []
        for update in writer.edit(steps):
            self.document.admit(update, who)
            self.document.commit([update])
            drafts.append(EntryDraft(EntryKind.UPDATE, who, times.now(), update))
        await self.append(*drafts)

    async def append(self, *drafts: EntryDraft) -> int:
        head = await self.store.head(self.draft.id)
        return (await self.store.append(self.draft.id, head, drafts)).seq

    async def decide(self, kind: EntryKind, **said: object) -> int:
        return await self.append(EntryDraft(kind, self.draft.chair, times.now(), written(said)))

    async def restore(self, seq: int) -> None:
        earlier, _ = await document_at(self.store, self.draft.id, seq)
        update = plan(self.document.paragraphs(), earlier.paragraphs()).update(self.document.index, 900 + seq)
        assert update is not None
        self.document.admit(update, self.draft.chair)
        self.document.commit([update])
        await self.decide(EntryKind.RESTORE, restored="0" * 16, seq=seq, update=b64encode(update).decode())


@pytest.fixture
async def record(store: Store, draft: Draft) -> Record:
    record = Record(store, draft)
    await record.type(draft.chair, ["insert", 0, "\nThe Parties [shall] cooperate.\nSecond.", None])
    return record


async def test_every_point_reads_as_when_it_is_replayed(store: Store, draft: Draft, record: Record) -> None:
    rng, shelf, parties = random.Random(1), Shelf(store), (("KAZ", "Kazakhstan"),)
    for _ in range(12):
        who = rng.choice(list(record.writers))
        await record.type(who, *random_steps(rng, record.document.text(), [], most=2))
    name = record.document.paragraphs()[0].id
    await record.decide(EntryKind.LOCK, paragraph=name, digest=record.document.paragraphs()[0].digest, status="agreed")
    await record.decide(EntryKind.UNLOCK, paragraph=name, reason="again")
    await record.restore(1)
    for seq in range((await store.head(draft.id)).seq + 1):
        document, standing = await document_at(store, draft.id, seq)
        told = await told_of(shelf, draft, seq, telling.paragraphs, seq, parties, {})
        assert told == shaped(seen(document, standing, seq, parties), {}).model_dump(mode="json")
    assert standing.ground == Ground(draft.meeting)


async def test_it_follows_the_record_and_the_names_of_today(store: Store, draft: Draft, record: Record) -> None:
    shelf = Shelf(store)
    assert [each.status for each in await redline(shelf, draft.id, 0, 1)] == ["added", "added"]
    await record.type(draft.delegate, ["insert", 8, "es", None])
    (first, second) = await redline(shelf, draft.id, 1, 2)
    (came,) = [span for span in first.spans if span.op == "+"]
    assert (came.by and came.by.id, second.status) == (draft.delegate, "same")
    await store.write(lambda connection: people.change(connection, draft.delegate, {"name": "Another name"}))
    (first, _) = await redline(shelf, draft.id, 1, 2)
    assert {span.by.name for span in first.spans if span.by} == {"Another name"}


async def test_what_a_restore_wrote_is_its_first_authors(store: Store, draft: Draft, record: Record) -> None:
    await record.type(draft.delegate, ["insert", 5, "words of the delegate ", None])
    await record.type(draft.chair, ["delete", 1, 40])
    await record.restore(2)
    shelf = Shelf(store)
    before, after = [await told_of(shelf, draft, seq, telling.attribution, seq, None, None) for seq in (2, 4)]
    assert [[(run["text"], run["participant"]) for run in each["runs"]] for each in after["paragraphs"]] == [
        [(run["text"], run["participant"]) for run in each["runs"]] for each in before["paragraphs"]
    ]
    back = [span for each in await redline(shelf, draft.id, 3, 4) for span in each.spans if "delegate" in span.text]
    assert [(span.by and span.by.id, span.through and span.through.id) for span in back] == [
        (draft.delegate, draft.chair)
    ]


async def test_a_timeline_tells_some_points_of_many_and_every_decision(
    store: Store, draft: Draft, record: Record
) -> None:
    for number in range(2 * telling.TICKS):
        await record.type(draft.chair, ["insert", 1, str(number), None])
    await record.decide(EntryKind.FREEZE, frozen=True, reason="a pause")
    last = (await store.head(draft.id)).seq
    found = await told_of(Shelf(store), draft, last, telling.timeline, last)
    assert (found["ticks"][0]["seq"], found["ticks"][-1]["seq"]) == (1, last - 1)
    assert telling.TICKS <= len(found["ticks"]) <= telling.TICKS + 2
    (moment,) = found["moments"]
    assert (moment["kind"], moment["frozen"], moment["reason"]) == ("freeze", True, "a pause")


async def test_a_record_that_is_broken_is_not_told(store: Store, draft: Draft, record: Record) -> None:
    await record.append(EntryDraft(EntryKind.RESTORE, draft.chair, times.now(), b"no JSON"))
    with pytest.raises(Diverged):
        await Shelf(store).book(draft.id, 2)
    past = History(store)
    try:
        for _ in range(2):
            with pytest.raises(Diverged):
                await past.timeline(draft.id, 2)
        assert json.loads(await past.timeline(draft.id, 1))["seq"] == 1
    finally:
        await past.close()


async def test_the_process_beside_reads_it_and_a_long_one_beforehand(
    store: Store, draft: Draft, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "AT_ONCE", 2)  # so that it comes in parts
    monkeypatch.setattr(shelves, "AT_ONCE", 2)
    for number in range(4):
        await record.type(draft.delegate, ["insert", 1, f"{number} ", None])
    past = History(store)
    try:
        found = json.loads(await past.diff(draft.id, 1, 5))["paragraphs"]
        assert (found[0]["spans"][0]["op"], found[0]["spans"][0]["text"]) == ("+", "3 2 1 0 ")
        assert {span["by"]["name"] for span in found[0]["spans"] if "by" in span} == {"Delegate"}
        past.soon(draft.id, LONG)
        assert not past._preparing, "it is read already"
        await record.type(draft.chair, ["insert", 1, "more ", None])
        assert json.loads(await past.attribution(draft.id, 6))["by"]["id"] == draft.chair
        past._aside._kill()  # as if it had died
        with contextlib.suppress(AsideDied):
            await past.timeline(draft.id, 6)
        assert json.loads(await past.timeline(draft.id, 6))["ticks"][-1]["seq"] == 6
        past._readers.clear()
        past.soon(draft.id, 1)
        assert not past._preparing, "it is short"
        past.soon(draft.id, LONG)
        (task,) = past._preparing
        await asyncio.wait_for(task, ANSWERED_WITHIN)
        assert past._readers[draft.id].read == 6
    finally:
        await past.close()
    assert NEAR < LONG


async def told_of(shelf: Shelf, draft: Draft, until: int, question: Callable[..., bytes], *arguments: Any) -> Any:
    authors = await shelf.authors({draft.chair, draft.delegate})
    told = {id_: author.told() for id_, author in authors.items()}
    return json.loads(question(await shelf.book(draft.id, until), told, *arguments))


def a_line(seq: int) -> Line:
    update = compose([Words((Run("x"),))], 1) if seq == 1 else b"\0\0"
    return Line(seq, "update", "ann", f"2026-11-26T01:00:{seq:02}Z", update, {})


def test_books_that_nobody_asks_for_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "ROOM", 3)
    monkeypatch.setattr(desk, "_BOOKS", OrderedDict[str, Book]())
    lines = [a_line(seq) for seq in (1, 2)]
    assert desk.ask("one", 0, lines, None) == b""
    assert desk.ask("one", 2, [], None) == b""
    assert desk.ask("other", 0, lines, None) == b""
    assert desk.ask("one", 2, [], None) is None
    assert desk.ask("one", 1, lines[1:], None) is None
    assert desk.ask("one", 0, lines, None) == b""


def test_it_is_there_in_no_time_for_it_needs_nothing_of_the_server() -> None:
    """Whatever the process beside imports stands between a reader and the first answer."""
    code = "import sys, server.past.desk, server.past.telling; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"sqlalchemy", "pydantic", "starlette", "pycrdt"} & set(ran.stdout.split())
