"""Restoring: any earlier text comes back exactly, and what reads alike keeps its ids."""

import random

import pytest

from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.paragraphs import Paragraph, Run
from crdt.restoring import plan
from tests.writers import KINDS, WORDS, PycrdtWriter, random_attributes, random_steps

SERVER, CLIENT = 1, 77


def begun(*texts: str) -> Document:
    document = Document.new()
    take(document, compose([Draft((Run(text),)) for text in texts], SERVER), "server")
    return document


def take(document: Document, update: bytes, who: str, locked: frozenset[str] = frozenset()) -> None:
    verdict = document.judge(update, who, None, locked, entire=True)
    assert isinstance(verdict, Accepted), verdict
    document.commit([verdict.update])


def reads(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    return [paragraph.digest for paragraph in paragraphs]


def restored(
    document: Document, target: tuple[Paragraph, ...], client: int, locked: frozenset[str] = frozenset()
) -> bytes | None:
    update = plan(document.paragraphs(), target).update(document.index, client)
    if update is not None:
        take(document, update, "chair", locked)
    assert reads(document.paragraphs()) == reads(target)
    document.check()
    return update


def test_what_was_not_changed_needs_no_update() -> None:
    document = begun("One.", "Two.")
    assert plan(document.paragraphs(), document.paragraphs()).update(document.index, CLIENT) is None


@pytest.mark.parametrize(
    "steps",
    [
        [["insert", 5, " more", None]],
        [["delete", 2, 3]],
        [["insert", 3, "\n", None]],  # a split
        [["delete", 5, 1]],  # a join
        [["delete", 5, 5]],  # a paragraph
        [["format", 2, 7, {"strong": True}]],
        [["insert", 10, "\nThree.", {"em": True}]],
    ],
)  # fmt: skip
def test_each_kind_of_change_is_taken_back(steps: list[list[object]]) -> None:
    document = begun("One.", "Two.")
    before = document.paragraphs()
    writer = PycrdtWriter(9)
    writer.receive([document.state()])
    for update in writer.edit(steps):
        take(document, update, "ann")
    assert reads(document.paragraphs()) != reads(before)
    restored(document, before, CLIENT)


def test_paragraphs_and_words_that_are_still_there_keep_their_ids() -> None:
    document = begun("The Parties shall cooperate closely.", "Two.", "Three.")
    before = document.paragraphs()
    writer = PycrdtWriter(9)
    writer.receive([document.state()])
    for update in writer.edit([["insert", 12, "\n", None], ["delete", 39, 2], ["insert", 30, "very ", None]]):
        take(document, update, "ann")
    assert restored(document, before, CLIENT) is not None
    assert [each.id for each in document.paragraphs()] == [each.id for each in before]
    assert document.index.end(CLIENT) < 15  # the words that were parted, and no others


def test_locked_paragraphs_are_not_touched_where_they_read_alike() -> None:
    document = begun("One.", "Two.", "Three.")
    before = document.paragraphs()
    writer = PycrdtWriter(9)
    writer.receive([document.state()])
    for update in writer.edit(
        [["format", 1, 4, {"strong": True}], ["insert", 10, "\nNew", {"em": True}], ["delete", 15, 4]]
    ):
        take(document, update, "ann")
    restored(document, before, CLIENT, frozenset({before[1].id}))


@pytest.mark.parametrize("seed", range(60))
def test_any_point_of_a_random_history_comes_back(seed: int) -> None:
    """Text, marks, kind, level and label of every paragraph, from every other point, one after another."""
    rng = random.Random(seed)
    document = Document.new()
    drafts = [
        Draft((Run(rng.choice(WORDS)), Run(rng.choice(WORDS), ("strong",))), rng.choice(KINDS), rng.randint(1, 3))
        for _ in range(rng.randint(1, 5))
    ]
    take(document, compose(drafts, SERVER), "server")
    writers = {name: PycrdtWriter(client) for name, client in (("ann", 5), ("bob", (1 << 33) + 7))}
    points = [document.paragraphs()]
    for number in range(25):
        name, writer = rng.choice(list(writers.items()))
        writer.receive([document.state()])
        keys = [paragraph.id for paragraph in document.paragraphs()][:5]
        for update in writer.edit(random_steps(rng, writer.text, keys, most=6)):
            take(document, update, name)
        points.append(document.paragraphs())
        if rng.random() < 0.3:
            restored(document, rng.choice(points), 100 + number)
    for number, point in enumerate(rng.sample(points, 5)):
        restored(document, point, 200 + number)
    for writer in writers.values():
        writer.receive([document.state()])
        assert writer.text == document.text()
    assert Document.load(document.state(), None, document.owners).paragraphs() == document.paragraphs()


def test_a_label_comes_back() -> None:
    document = begun("One.")
    before = document.paragraphs()
    writer = PycrdtWriter(9)
    writer.receive([document.state()])
    for update in writer.edit([["set", before[0].id, {**random_attributes(random.Random(1)), "label": "OP1 bis"}]]):
        take(document, update, "ann")
    after = document.paragraphs()
    restored(document, before, CLIENT)
    restored(document, after, CLIENT + 1)
    assert document.paragraphs()[0].label == "OP1 bis"
