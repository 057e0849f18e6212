"""The past read out of a real record, in either database: as the document itself was; it follows what is written."""

import asyncio
import random
from base64 import b64encode

import pytest

from crdt.document import Document
from crdt.errors import Diverged
from crdt.restoring import plan
from server import times
from server.api.paragraphs import NEAR, shaped
from server.api.readings import seen
from server.auth.policy import Ground
from server.history import History, Shelf, redline
from server.history.attribution import attribution
from server.history.history import LONG
from server.history.shelf import ROOM
from server.history.standing import stood
from server.history.timeline import TICKS, timeline
from server.rooms.opening import document_at
from server.rooms.standing import written
from server.store import EntryDraft, Store, people
from server.tables import EntryKind
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
    rng, shelf = random.Random(1), Shelf(store)
    for _ in range(12):
        who = rng.choice(list(record.writers))
        await record.type(who, *random_steps(rng, record.document.text(), [], most=2))
    name = record.document.paragraphs()[0].id
    await record.decide(EntryKind.LOCK, paragraph=name, digest=record.document.paragraphs()[0].digest, status="agreed")
    await record.decide(EntryKind.UNLOCK, paragraph=name, reason="again")
    await record.restore(1)
    for seq in range((await store.head(draft.id)).seq + 1):
        document, standing = await document_at(store, draft.id, seq)
        then = await stood(shelf, draft.id, seq, (("KAZ", "Kazakhstan"),))
        replayed = seen(document, standing, seq, (("KAZ", "Kazakhstan"),))
        assert shaped(then, {}) == shaped(replayed, {})
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
    before, after = [await attribution(shelf, draft.id, seq) for seq in (2, 4)]
    assert [[(words.text, words.by.id) for words in each.words] for each in after.paragraphs] == [
        [(words.text, words.by.id) for words in each.words] for each in before.paragraphs
    ]
    back = [span for each in await redline(shelf, draft.id, 3, 4) for span in each.spans if "delegate" in span.text]
    assert [(span.by and span.by.id, span.through and span.through.id) for span in back] == [
        (draft.delegate, draft.chair)
    ]


async def test_a_timeline_tells_some_points_of_many_and_every_decision(
    store: Store, draft: Draft, record: Record
) -> None:
    for number in range(2 * TICKS):
        await record.type(draft.chair, ["insert", 1, str(number), None])
    await record.decide(EntryKind.FREEZE, frozen=True, reason="a pause")
    last = (await store.head(draft.id)).seq
    found = await timeline(Shelf(store), draft.id, last)
    assert (found.ticks[0][0], found.ticks[-1][0]) == (1, last - 1)
    assert TICKS <= len(found.ticks) <= TICKS + 2
    assert [(each.kind, each.about) for each in found.moments] == [("freeze", {"frozen": True, "reason": "a pause"})]


async def test_a_record_that_is_broken_is_not_told(store: Store, draft: Draft, record: Record) -> None:
    await record.append(
        EntryDraft(EntryKind.UPDATE, draft.chair, times.now(), record.writers[draft.chair].missing(b"\0"))
    )
    await record.append(EntryDraft(EntryKind.RESTORE, draft.chair, times.now(), b"no JSON"))
    with pytest.raises(Diverged):
        await timeline(Shelf(store), draft.id, 3)


async def test_books_that_nobody_asks_for_make_room(store: Store, draft: Draft, record: Record) -> None:
    shelf = Shelf(store)
    (await shelf.book(draft.id, 1)).read = ROOM
    await shelf.book("0" * 16, 0)
    shelf._books["0" * 16].read = 1
    await shelf.book("0" * 16, 1)
    assert list(shelf._books) == ["0" * 16]


async def test_the_process_beside_reads_it_and_a_long_one_beforehand(
    store: Store, draft: Draft, record: Record
) -> None:
    past = History(store)
    try:
        assert [each.status for each in await past.redline(draft.id, 0, 1)] == ["added", "added"]
        past.soon(draft.id, 1)
        assert not past._preparing
        past.soon(draft.id, LONG)
        (task,) = past._preparing
        await asyncio.wait_for(task, 30)
        past.soon(draft.id, LONG)
        assert not past._preparing
    finally:
        await past.close()
    assert NEAR < LONG
