"""What people read: paragraphs under the ids of their newlines, marks, attributes and digests (T1, T2, T3)."""

import random
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.comparison import attributed
from crdt.errors import Diverged
from crdt.index import TextIndex
from crdt.paragraphs import MARKS, Paragraph, Run, attributes, digest, merged
from crdt.update import Id, Update, decode
from tests.crdt import handmade as hand
from tests.crdt.handmade import typed
from tests.writers import Drafting, PycrdtWriter, Writer

A = 10


def index_of(*updates: bytes) -> TextIndex:
    index = TextIndex()
    for update in updates:
        index.apply(decode(update))
    return index


def marked(clock: int, name: str, value: Any, after: Id, before: Id | None = None) -> bytes:
    return hand.update(hand.block(A, clock, hand.mark(name, value, after, before)))


def told(paragraph: Paragraph) -> tuple[tuple[str, ...], ...]:
    return tuple((run.text, *run.marks) for run in paragraph.runs)


# -- ids and text


def test_t2_a_paragraph_is_named_by_its_newline() -> None:
    index = index_of(typed(A, 0, "\nfirst\n\nthird 😀"), typed(7, 0, "\n", (A, 12)))
    found = [(one.id, one.index, one.text) for one in index.paragraphs()]
    assert found == [("10-0", 0, "first"), ("10-6", 1, ""), ("10-7", 2, "third"), ("7-0", 3, " 😀")]


def test_t2_splitting_keeps_the_first_halfs_id_and_joining_the_first_paragraphs() -> None:
    index = index_of(typed(A, 0, "\none two\nthree"))
    index.apply(decode(typed(7, 0, "\n", (A, 4), (A, 5))))
    assert [(one.id, one.text) for one in index.paragraphs()] == [("10-0", "one "), ("7-0", "two"), ("10-8", "three")]
    index.apply(Update((), {7: [(0, 1)], A: [(8, 1)]}))
    assert [(one.id, one.text) for one in index.paragraphs()] == [("10-0", "one twothree")]


def test_an_empty_document_has_no_paragraph() -> None:
    assert TextIndex().paragraphs() == ()


def test_t1_text_before_the_first_newline_is_never_passed_over() -> None:
    with pytest.raises(Diverged):
        index_of(typed(A, 0, "x\n")).paragraphs()


# -- marks


def test_t1_a_mark_holds_until_it_is_changed() -> None:
    """Across the newline, too, as Yjs has it; null ends it."""
    index = index_of(
        typed(A, 0, "\nabc\ndef"),
        marked(8, "em", True, (A, 1), (A, 2)),
        marked(9, "strong", True, (A, 2), (A, 3)),
        marked(10, "em", None, (A, 5), (A, 6)),
    )
    assert [told(one) for one in index.paragraphs()] == [
        (("a",), ("b", "em"), ("c", "em", "strong")),
        (("d", "em", "strong"), ("ef", "strong")),
    ]
    index.apply(Update((), {A: [(9, 1)]}))
    assert [told(one) for one in index.paragraphs()] == [(("a",), ("bc", "em")), (("d", "em"), ("ef",))]


def test_t1_marks_on_a_newline_mean_nothing() -> None:
    text = typed(A, 0, "\na\nb")
    index = index_of(text, marked(4, "em", True, (A, 1), (A, 2)), marked(5, "em", None, (A, 2), (A, 3)))
    assert attributed(index) == [("\na", {}), ("\n", {"em": True}), ("b", {})]
    assert index.paragraphs() == index_of(text).paragraphs()


@pytest.mark.parametrize(("name", "value"), [("link", True), ("em", False), ("em", "yes"), ("em", 1), ("em", {})])
def test_t1_nothing_else_is_a_mark(name: str, value: Any) -> None:
    index = index_of(typed(A, 0, "\nab"), marked(3, name, value, (A, 1), (A, 2)))
    assert told(index.paragraphs()[0]) == (("ab",),)


# -- attributes


def test_t1_attributes_stand_under_the_id_and_those_of_the_gone_mean_nothing() -> None:
    entries = [
        ("10-0", {"kind": "title"}),
        ("10-4", {"kind": "item", "level": 2, "label": "OP1"}),
        ("7-7", {"kind": "item"}),
    ]
    index = index_of(
        typed(A, 0, "\none\ntwo"),
        hand.update(hand.block(A, 8, *(hand.entry(key, value) for key, value in entries))),
    )
    found = [(one.kind, one.level, one.label) for one in index.paragraphs()]
    assert found == [("title", 1, None), ("item", 2, "OP1")]
    index.apply(Update((), {A: [(9, 1)]}))
    assert [(one.kind, one.level, one.label) for one in index.paragraphs()] == [("title", 1, None), ("body", 1, None)]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, ("body", 1, None)),
        ("item", ("body", 1, None)),
        ([], ("body", 1, None)),
        ({}, ("body", 1, None)),
        ({"kind": "chapter", "level": 0, "label": 3}, ("body", 1, None)),
        ({"kind": ["item"], "level": True, "label": None}, ("body", 1, None)),
        ({"kind": "item", "level": 2.0, "label": ""}, ("item", 2, "")),  # pycrdt writes every number as a float
        ({"level": 1.5}, ("body", 1, None)),
        ({"level": float("inf")}, ("body", 1, None)),
        ({"level": "2", "colour": "red"}, ("body", 1, None)),
    ],
)
def test_t1_what_is_malformed_reads_as_its_default(value: Any, read: tuple[str, int, str | None]) -> None:
    assert attributes(value) == read


# -- digests

RUNS = st.lists(
    st.builds(
        Run, st.text(st.sampled_from('aé各😀"\\'), max_size=3), st.sets(st.sampled_from(sorted(MARKS))).map(tuple)
    ),
    max_size=5,
)


def test_t3_the_canonical_form_is_this() -> None:
    """As docs and clients may recompute it."""
    canonical = (
        '{"kind":"item","label":"OP1","level":2,'
        '"runs":[{"marks":["em","strong"],"text":"должны"},{"marks":[],"text":" \\""}]}'
    )
    runs = (Run("долж", ("strong", "em")), Run("ны", ("em", "strong")), Run(""), Run(' "'))
    assert digest("item", 2, "OP1", runs) == sha256(canonical.encode()).hexdigest()
    empty = '{"kind":"body","label":null,"level":1,"runs":[]}'
    assert digest("body", 1, None, ()) == sha256(empty.encode()).hexdigest()


def characters(runs: list[Run]) -> list[tuple[str, tuple[str, ...]]]:
    return [(char, tuple(sorted(run.marks))) for run in runs for char in run.text]


@given(RUNS, RUNS)
def test_t3_equal_digests_if_and_only_if_they_read_alike(one: list[Run], other: list[Run]) -> None:
    alike = characters(one) == characters(other)
    assert (digest("body", 1, None, one) == digest("body", 1, None, other)) == alike
    assert (merged((run.text, run.marks) for run in one) == merged((run.text, run.marks) for run in other)) == alike


def test_t3_kind_level_and_label_count() -> None:
    digests = {
        digest(*these, [Run("a")])
        for these in (("body", 1, None), ("item", 1, None), ("body", 2, None), ("body", 1, ""))
    }
    assert len(digests) == 4


# -- reading again


@pytest.mark.parametrize("seed", range(30))
def test_what_is_read_again_is_what_is_read_anew(seed: int) -> None:
    """Only what was touched is read again, and that must never show."""
    rng = random.Random(seed)
    reading = TextIndex()

    def take(_: Writer, update: bytes) -> bytes:
        reading.apply(decode(update))
        if rng.random() < 0.7:
            anew = TextIndex.load(reading.dump())
            assert reading.paragraphs() == anew.paragraphs()
        return update

    drafting = Drafting(rng, [PycrdtWriter(client) for client in (5, 6, 7)], take)
    drafting.begin(typed(1, 0, "\na\nb 😀\nc\nd"))
    drafting.run(40)
    drafting.settle()
    for one in reading.paragraphs():
        assert one.text == "".join(run.text for run in one.runs)
        assert one.digest == digest(one.kind, one.level, one.label, one.runs)
    assert "".join("\n" + one.text for one in reading.paragraphs()) == str(reading)
