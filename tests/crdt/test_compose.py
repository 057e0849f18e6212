"""Text that the server writes, as pycrdt reads it."""

from typing import Any

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.anchors import letters, letters_among
from crdt.compose import Draft, compose, composed, pieces
from crdt.document import Document
from crdt.errors import Diverged
from crdt.gate import Accepted, would_take
from crdt.paragraphs import KINDS, MARKS, Run, merged
from crdt.update import decode, encode

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
RUNS = st.lists(st.builds(Run, LINES, st.sets(st.sampled_from(sorted(MARKS))).map(tuple)), max_size=4).map(tuple)
DRAFTS = st.lists(
    st.builds(Draft, RUNS, st.sampled_from(sorted(KINDS)), st.integers(1, 9), st.none() | LINES), min_size=1, max_size=5
)


@given(DRAFTS)
def test_t1_a_document_reads_as_it_was_drafted(drafts: list[Draft]) -> None:
    document = Document.new()
    data = compose(drafts, 77)
    assert encode(decode(data)) == data
    assert isinstance(document.judge(data, "ann"), Accepted)
    document.commit([data])
    document.check()
    found = [(one.kind, one.level, one.label, one.runs) for one in document.paragraphs()]
    assert found == [
        (one.kind, one.level, one.label, merged((run.text, run.marks) for run in one.runs)) for one in drafts
    ]
    assert document.owners == {77: "ann"}


@given(DRAFTS)
def test_t1_what_is_composed_is_known_without_being_read(drafts: list[Draft]) -> None:
    document, text = Document.new(), composed(drafts, 77)
    update = text.update()
    assert isinstance(document.judge(update, "ann"), Accepted)
    assert text.paragraphs == document.paragraphs()
    for paragraph in text.paragraphs:
        for at, character in enumerate(paragraph.text):
            known = letters_among(list(pieces(paragraph)), character, at)
            assert known == letters(document.index, paragraph.id, character, at)
    document.commit([update])
    document.check_against(text.paragraphs)
    assert would_take(text.structs, len(update))


@pytest.mark.parametrize(
    "other", [Draft((Run("shall"),)), Draft((Run("shall", ("em",)),), "item"), Draft((Run("may", ("em",)),))]
)
def test_t1_a_text_that_reads_otherwise_than_it_was_drafted_is_no_document(other: Draft) -> None:
    document = Document.new()
    document.commit([compose([Draft((Run("shall", ("em",)),))], 77)])
    with pytest.raises(Diverged):
        document.check_against(composed([other], 77).paragraphs)


@pytest.mark.parametrize(
    "draft", [Draft((Run("a\x00"),)), Draft((Run("a", ("loud",)),)), Draft(kind="poem"), Draft(label="1" * 65)]
)
def test_t1_what_no_document_may_hold_the_server_does_not_write_either(draft: Draft) -> None:
    text = composed([draft], 77)
    assert not would_take(text.structs, len(text.update()))
    assert not isinstance(Document.new().judge(text.update(), "ann"), Accepted)


def test_t1_more_than_one_update_may_bring_the_server_does_not_write_either() -> None:
    assert would_take(composed([Draft()] * 50_000, 77).structs, 8 << 20)
    assert not would_take(composed([Draft()] * 50_001, 77).structs, 8 << 20)
    assert not would_take(composed([Draft()], 77).structs, (8 << 20) + 1)


def test_t1_defaults_are_not_written_and_marks_end_before_the_next_newline() -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc.apply_update(compose([Draft((Run("shall", ("em",)),)), Draft((Run("b"),), "item"), Draft(level=2)], 77))
    assert doc.get("text", type=pycrdt.Text).diff() == [("\n", None), ("shall", {"em": True}), ("\nb\n", None)]
    assert doc.get("paragraphs", type=pycrdt.Map).to_py() == {"77-8": {"kind": "item"}, "77-11": {"level": 2}}


def test_a_newline_inside_a_draft_would_be_a_paragraph_of_its_own() -> None:
    with pytest.raises(ValueError, match="newline"):
        compose([Draft((Run("one\ntwo"),))], 77)
