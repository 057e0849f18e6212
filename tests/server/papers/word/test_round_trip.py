"""What is exported as .docx and imported again has the same paragraphs, marks and labels."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crdt.compose import Draft
from crdt.paragraphs import KINDS, MARKS, Run, merged
from server.papers.out import docx
from server.papers.out.paper import Layout, Op, Paper, Span
from server.papers.source import Source
from server.papers.word.changes import Mode
from server.papers.word.reading import read_word
from tests.server.papers.out.papers import ARU, LI, line, of_drafts, paper, talk

PARTIES = [("KAZ", "Kazakhstan"), ("CHN", "China")]
DRAFTS = (
    Draft((Run("Draft "), Run("decision", ("em",))), "title"),
    Draft((Run("The Conference,"),), "preamble"),
    Draft((Run("Recalling,"),), "preamble", 1, "PP4 bis"),
    Draft((Run("Section one"),), "heading", 1),
    Draft((Run("A part, "), Run("bold by hand", ("strong",))), "heading", 2, "A.1"),
    Draft((Run("Decides [to act]"), Run("[not to act]", ("strike", "underline"))), "operative"),
    Draft((Run("first;"),), "item", 1),
    Draft((Run("inner;"),), "item", 2),
    Draft((Run("labelled;"),), "item", 2, "(iv)"),
    Draft((Run("second;"),), "item", 1),
    Draft((Run("Requests"),), "operative", 1, "OP3 bis"),
    Draft((Run("Requests again"),), "operative"),
    Draft((Run("1. looks like a number, and is text"),)),
    Draft((Run("  spaces at both ends\tand a tab  "),)),
    Draft(),
    Draft((Run("أي نص "), Run("عربي", ("strong",)), Run(" 中文 текст 😀"))),
    Draft((Run("With\ttabs"),), "operative", 1, "100%"),
    Draft((Run("- no bullet"),), "item", 3, "•"),
    Draft((Run("all four", ("em", "strike", "strong", "underline")),), "body", 2),
    Draft((Run("[^1] a note"),)),
)


def back(of: Paper, mode: Mode = Mode.ACCEPT) -> Source:
    return read_word(docx.write(of, Layout()), mode, PARTIES)


def test_paragraphs_marks_and_labels_come_back() -> None:
    source = back(of_drafts(DRAFTS))
    assert source.drafts == DRAFTS
    assert source.report == ()


LETTERS = st.text(st.sampled_from("ab [](){}%.•1iİß中أ😀\t\u2011\u00a0"), max_size=8)
RUNS = st.lists(
    st.tuples(LETTERS, st.sets(st.sampled_from(sorted(MARKS))).map(lambda marks: tuple(sorted(marks)))), max_size=4
)
LABELS = st.none() | st.sampled_from(
    ["1.", "(a)", "(i)", "OP3 bis", "PP12 alt 2", "A.", "IV.", "•", "1.1", "§ 3", "3", "(aa)"]
)
ANY = st.builds(
    lambda runs, kind, level, label: Draft(tuple(merged(runs)), kind, level, label),
    RUNS,
    st.sampled_from(sorted(KINDS)),
    st.integers(1, 4),
    LABELS,
)


@given(st.lists(ANY, min_size=1, max_size=8))
def test_whatever_a_document_holds_comes_back(drafts: list[Draft]) -> None:
    assert back(of_drafts(drafts)).drafts == tuple(drafts)


def test_the_old_and_the_new_text_of_a_redline_come_back_and_whose_the_changes_are() -> None:
    spans = [
        Span("Parties "),
        Span("shall", op=Op.REMOVED, by=ARU),
        Span("should", ("em",), Op.ADDED, LI),
        Span(" act."),
    ]
    redline = paper(
        line(spans=spans),
        replace(line(spans=[Span("New.", op=Op.ADDED, by=LI)]), op=Op.ADDED, by=LI),
        replace(line(spans=[Span("Old.", op=Op.REMOVED, by=ARU)]), op=Op.REMOVED, by=ARU),
        line("The end."),
    )
    assert texts(back(redline)) == ["Parties should act.", "New.", "The end."]
    assert texts(back(redline, Mode.REJECT)) == ["Parties shall act.", "Old.", "The end."]
    assert texts(back(redline, Mode.BRACKETS)) == [
        "Parties [KAZ: DELETE: shall][CHN: should] act.",
        "[CHN: New.]",
        "[KAZ: DELETE: Old.]",
        "The end.",
    ]


def test_comments_come_back_to_their_words_with_their_answers() -> None:
    said = talk("Why so?", "Because.\nAnd so on.", quote="shall", start=8, end=13)
    source = back(
        paper(
            line("Parties shall act.", talks=(said,)), line("The end.", talks=(talk("Done.", id="t2", resolved=True),))
        )
    )
    first, second = source.remarks
    assert texts(source)[first.draft][first.start : first.end] == "shall"
    assert first.bodies == ("Aru (KAZ), 2026-11-26: Why so?", "Aru (KAZ), 2026-11-26: Because.\nAnd so on.")
    assert (second.draft, first.resolved, second.resolved) == (1, False, True)


def texts(source: Source) -> list[str]:
    return ["".join(run.text for run in draft.runs) for draft in source.drafts]
