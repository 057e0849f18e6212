"""Text that the server writes, as pycrdt reads it."""

from typing import Any

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
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


def test_t1_defaults_are_not_written_and_marks_end_before_the_next_newline() -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc.apply_update(compose([Draft((Run("shall", ("em",)),)), Draft((Run("b"),), "item"), Draft(level=2)], 77))
    assert doc.get("text", type=pycrdt.Text).diff() == [("\n", None), ("shall", {"em": True}), ("\nb\n", None)]
    assert doc.get("paragraphs", type=pycrdt.Map).to_py() == {"77-8": {"kind": "item"}, "77-11": {"level": 2}}


def test_a_newline_inside_a_draft_would_be_a_paragraph_of_its_own() -> None:
    with pytest.raises(ValueError, match="newline"):
        compose([Draft((Run("one\ntwo"),))], 77)
