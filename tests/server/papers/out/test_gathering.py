"""A paper says what the record says: the text at its point, and what changed since another."""

import random

import pytest

from crdt.compose import Draft as Draught
from crdt.compose import compose
from crdt.paragraphs import Run, digest_of_text
from server import times
from server.errors import Code, Problem
from server.history import Shelf
from server.papers.out.gathering import Wanted, gather
from server.papers.out.paper import Line, Op, Paper
from server.rooms.opening import document_at
from server.store import EntryDraft, Store, record
from server.tables import EntryKind
from tests.server.conftest import Draft
from tests.writers import PycrdtWriter, random_steps

TEXT = [
    Draught((Run("Draft decision"),), "title"),
    Draught((Run("Recalling "), Run("its", ("em",)), Run(" decision,")), "preamble"),
    *(
        Draught((Run(f"Decides [that] number {number} shall be done;"),), "operative", 1, f"{number}.")
        for number in (1, 2)
    ),
    Draught((Run("المادة السادسة"),), "item"),
    Draught((Run("Last words of the text."),)),
]


async def written(store: Store, draft: Draft, seed: int, edits: int) -> int:
    """A record of so many edits: words, marks, kinds, splits, joins, and paragraphs cut out and put in elsewhere."""
    rng = random.Random(seed)
    writer = PycrdtWriter(77)
    updates = [compose(TEXT, 9)]
    writer.receive(updates)
    keys = ["9-0", "9-15"]
    for _ in range(edits):
        updates += writer.edit(
            _moved(rng, writer.text) if rng.random() < 0.15 else random_steps(rng, writer.text, keys)
        )
    people = [draft.chair, draft.delegate]
    drafts = [EntryDraft(EntryKind.UPDATE, rng.choice(people), times.now(), update) for update in updates]
    await store.append(draft.id, record.EMPTY, drafts)
    return len(drafts)


def _moved(rng: random.Random, text: str) -> list[list[object]]:
    heads = [at for at, char in enumerate(text) if char == "\n" and at]
    if not heads:
        return [["insert", 1, "x", None]]
    at = rng.choice(heads)
    end = text.find("\n", at + 1)
    whole = text[at : end if end > 0 else len(text)]
    rest = text[:at] + text[at + len(whole) :]
    places = [place for place, char in enumerate(rest) if char == "\n" and place] or [len(rest)]
    return [["delete", at, len(whole)], ["insert", rng.choice([*places, len(rest)]), whole, None]]


def shape(line: Line, text: str) -> tuple[str, int, str | None, str]:
    kind, level, label = line.was if line.was is not None else (line.kind, line.level, line.label)
    return kind, level, label, text


async def stood(store: Store, draft: Draft, seq: int) -> list[tuple[str, int, str | None, str]]:
    document, _ = await document_at(store, draft.id, seq)
    return [(each.kind, each.level, each.label, each.text) for each in document.paragraphs()]


async def compared(shelf: Shelf, draft: Draft, old: int, new: int) -> Paper:
    return await gather(shelf, Wanted(draft.id, str(new), str(old)))


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 40))])
async def test_refusing_all_changes_gives_the_earlier_text_and_taking_them_the_later(
    store: Store, draft: Draft, seed: int
) -> None:
    last = await written(store, draft, seed, 40)
    shelf, rng = Shelf(store), random.Random(seed)
    for old, new in [(1, last), *(sorted(rng.sample(range(1, last + 1), 2)) for _ in range(6))]:
        lines = (await compared(shelf, draft, old, new)).lines
        came = [(each.kind, each.level, each.label, each.text) for each in lines if each.op is not Op.REMOVED]
        went = [shape(each, each.old_text) for each in lines if each.op is not Op.ADDED]
        assert came == await stood(store, draft, new), (old, new)
        assert went == await stood(store, draft, old), (old, new)


async def test_the_text_and_its_digest_are_those_of_the_point(store: Store, draft: Draft) -> None:
    last = await written(store, draft, 1, 20)
    for seq in (1, 7, last):
        paper = await gather(Shelf(store), Wanted(draft.id, str(seq)))
        document, _ = await document_at(store, draft.id, seq)
        paragraphs = document.paragraphs()
        assert [each.id for each in paper.lines] == [each.id for each in paragraphs]
        assert [each.digest for each in paper.lines] == [each.digest for each in paragraphs]
        assert paper.digest == digest_of_text(paragraphs)
        assert (paper.point.seq, paper.title) == (seq, "Draft")


async def test_before_the_first_entry_there_is_nothing(store: Store, draft: Draft) -> None:
    await written(store, draft, 1, 3)
    assert (await gather(Shelf(store), Wanted(draft.id, "0"))).lines == ()
    since = await compared(Shelf(store), draft, 0, 1)
    assert {each.op for each in since.lines} == {Op.ADDED}


async def test_clean_names_the_paragraphs_that_are_not(store: Store, draft: Draft) -> None:
    await store.append(
        draft.id, record.EMPTY, [EntryDraft(EntryKind.UPDATE, draft.chair, times.now(), compose(TEXT, 9))]
    )
    with pytest.raises(Problem) as refused:
        await gather(Shelf(store), Wanted(draft.id, clean=True))
    assert refused.value.code is Code.OPEN_BRACKETS
    paper = await gather(Shelf(store), Wanted(draft.id))
    assert refused.value.members["paragraphs"] == [each.id for each in paper.lines if each.shades]
