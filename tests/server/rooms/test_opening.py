"""Opening: a checkpoint and what came after it, at the head or at any earlier entry."""

import pytest
from sqlalchemy import delete, update

from crdt.document import Document
from server import metrics
from server.errors import Problem
from server.rooms import Rooms, document_at
from server.rooms.opening import open_document
from server.store import Store, checkpoints
from tests.server.conftest import Draft
from tests.server.rooms.test_room import saved, typist
from tests.server.rooms.waiting import until

WORDS = ("one ", "two ", "three ", "four ", "five ", "six ")


@pytest.fixture
async def texts(rooms: Rooms, draft: Draft) -> list[str]:
    """What the document read after each entry (0: before the first); checkpoints after entries 3 and 5."""
    room = await rooms.room(draft.id)
    texts = ["", await room.read(Document.text)]
    one = typist(draft)
    one.connect(room)
    for word in WORDS:
        one.type(1, word)
        await until(lambda: saved(one))
        texts.append(await room.read(Document.text))
        if room.seq in (3, 5):
            await room.checkpoint()
    return texts


async def test_any_point_of_the_record_can_be_read(store: Store, draft: Draft, texts: list[str]) -> None:
    for seq, text in enumerate(texts):
        document, _ = await document_at(store, draft.id, seq)
        document.check()
        assert document.text() == text


async def test_points_that_the_record_has_not_reached_are_refused(store: Store, draft: Draft, texts: list[str]) -> None:
    for seq in (-1, len(texts)):
        with pytest.raises(Problem, match=f"from 0 to {len(texts) - 1}"):
            await document_at(store, draft.id, seq)
    with pytest.raises(Problem, match="no such document"):
        await document_at(store, "0123456789abcdef", 0)


async def test_checkpoints_can_be_thrown_away(store: Store, draft: Draft, texts: list[str]) -> None:
    with_them = await open_document(store, draft.id)
    assert with_them.checkpoint_seq == 5
    await store.write(lambda connection: connection.execute(delete(checkpoints.CHECKPOINT)))
    without = await open_document(store, draft.id)
    assert without.checkpoint_seq == 0
    for opened in (with_them, without):
        opened.document.check()
        assert opened.head == await store.head(draft.id)
        assert opened.document.text() == texts[-1]
    assert with_them.document.paragraphs() == without.document.paragraphs()
    assert with_them.document.owners == without.document.owners


@pytest.mark.parametrize("column", ["state", "index_dump", "owners"])
async def test_a_damaged_checkpoint_is_counted_and_the_record_used_instead(
    store: Store, draft: Draft, texts: list[str], column: str
) -> None:
    broken = update(checkpoints.CHECKPOINT).values({column: b"damaged"})
    await store.write(lambda connection: connection.execute(broken))
    counted = metrics.CHECKPOINTS_BROKEN._value.get()
    opened = await open_document(store, draft.id)
    assert opened.document.text() == texts[-1]
    assert metrics.CHECKPOINTS_BROKEN._value.get() == counted + 1
