"""Import of text: nothing visible is lost without a word in the report."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.compose import Draft
from crdt.paragraphs import Run
from server.errors import Problem
from server.papers.importing import read_file, read_text
from server.papers.source import MAX_CHARACTERS, MAX_PARAGRAPHS, NoteCode, Source


def written(draft: Draft) -> str:
    return "".join(run.text for run in draft.runs)


def shapes(source: Source) -> list[tuple[str, int, str | None, str]]:
    return [(draft.kind, draft.level, draft.label, written(draft)) for draft in source.drafts]


def texts(source: Source) -> list[str]:
    return [written(draft) for draft in source.drafts]


def codes(source: Source) -> set[NoteCode]:
    return {note.code for note in source.report}


def txt(text: str, encoding: str = "utf-8") -> Source:
    return read_file("draft.txt", text.encode(encoding))


def md(text: str) -> Source:
    return read_file("draft.md", text.encode())


class TestText:
    """JSON: paragraphs parted by blank lines, Markdown headings and emphasis understood."""

    def test_paragraphs_headings_and_emphasis(self) -> None:
        source = read_text("# Part one\n\nThe **Parties**\nshall *not*\n\n  \n## Part two\n\n~~gone~~ here")
        assert source.drafts == (
            Draft((Run("Part one"),), "heading", 1),
            Draft((Run("The "), Run("Parties", ("strong",)), Run(" shall "), Run("not", ("em",)))),
            Draft((Run("Part two"),), "heading", 2),
            Draft((Run("gone", ("strike",)), Run(" here"))),
        )
        assert source.report == ()

    def test_blanks_to_be_filled_in_are_no_emphasis(self) -> None:
        assert texts(read_text("[___] of [___] and [__] or [__], ____ to ____")) == [
            "[___] of [___] and [__] or [__], ____ to ____"
        ]

    def test_brackets_are_never_mark_up(self) -> None:
        text = "[KAZ]: in time [in a timely manner](China) [a][b] <c> &amp;"
        assert texts(read_text(text)) == [text]

    def test_links_are_written_out(self) -> None:
        source = read_text("see [the *Almaty* Act](https://example.org/a) and ![map](./map.png)")
        assert texts(source) == ["see the Almaty Act (https://example.org/a) and map (./map.png)"]
        assert codes(source) == {NoteCode.LINK}

    def test_lists_are_the_paragraphs_of_a_file_only(self) -> None:
        assert shapes(read_text("- [ ] circulate the draft")) == [("item", 1, "-", "☐ circulate the draft")]

    def test_nothing_is_nothing(self) -> None:
        assert read_text(" \n\n\t\n").drafts == ()


class TestMarkdown:
    def test_lists(self) -> None:
        source = md("1. Decides:\n   - first\n   - second\n     1. inner\n2. Requests\n\n   and more\n\n* x")
        assert shapes(source) == [
            ("operative", 1, "1.", "Decides:"),
            ("item", 1, "•", "first"),
            ("item", 1, "•", "second"),
            ("item", 2, "1.", "inner"),
            ("operative", 1, "2.", "Requests"),
            ("body", 1, None, "and more"),
            ("item", 1, "•", "x"),
        ]

    def test_the_same_number_all_the_way_counts(self) -> None:
        assert [draft.label for draft in md("1. a\n1. b\n1. c").drafts] == ["1.", "2.", "3."]
        assert [draft.label for draft in md("4) a\n5) b\n7) c").drafts] == ["4)", "5)", "7)"]

    def test_check_boxes_are_no_brackets(self) -> None:
        source = md("- [ ] one\n- [x] two")
        assert texts(source) == ["☐ one", "☑ two"]
        assert [(note.code, note.paragraph) for note in source.report] == [
            (NoteCode.CHECK_BOX, 0),
            (NoteCode.CHECK_BOX, 1),
        ]

    def test_tables_become_paragraphs_with_notice(self) -> None:
        source = md("| a | *b* |\n|---|---|\n| 1 | |\n| 2 | [x] |")
        assert texts(source) == ["a | b", "1 |", "2 | [x]"]
        assert codes(source) == {NoteCode.TABLE}

    def test_what_the_parser_would_drop_is_read_as_paragraphs(self) -> None:
        source = md("| a |\n|---|\n| 1 | lost? |")
        assert "lost?" in "".join(texts(source))
        assert NoteCode.MARKUP in codes(source)
        assert "deep" in "".join(texts(md("> " * 500 + "deep")))

    def test_html_code_and_rules(self) -> None:
        source = md("a <b>bold</b>\n\n```py\nx = 1\n```\n\n---\n\nindented:\n\n      [shall]")
        assert texts(source) == ["a <b>bold</b>", "py", "x = 1", "***", "indented:", "[shall]"]
        assert codes(source) == {NoteCode.HTML, NoteCode.CODE, NoteCode.RULE}


class TestPlainText:
    def test_a_line_each(self) -> None:
        source = txt(
            "Decision\n\tRecalling the Act,\n    I. Scope\n        A. Process\n   1. [Decides][Requests] " + "x " * 90
        )
        assert [shape[:3] for shape in shapes(source)] == [
            ("body", 1, None),
            ("preamble", 1, None),
            ("heading", 1, "I."),
            ("heading", 2, "A."),
            ("operative", 1, "1."),
        ]

    def test_lines_broken_for_their_width_are_joined(self) -> None:
        source = txt(
            "The Member States shall endeavour to widen their\ncooperation in the field of higher education and\n"
            "in research, in particular:\n(a) through exchanges of students and of teaching\nstaff;\n- and others\n\n"
            "The secretariat reports to the Senior Officials\nCommittee."
        )
        assert texts(source) == [
            "The Member States shall endeavour to widen their cooperation in the field of higher education and in "
            "research, in particular:",
            "through exchanges of students and of teaching staff;",
            "and others",
            "The secretariat reports to the Senior Officials Committee.",
        ]
        assert NoteCode.LINES_JOINED in codes(source)

    def test_mark_up_is_text(self) -> None:
        assert texts(txt("a *b* `c` \\[d\\]\n\n| e |")) == ["a *b* `c` \\[d\\]", "| e |"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
    def test_encodings(self, encoding: str) -> None:
        text = "Государства [должны][могут] сотрудничать"
        source = txt(text, encoding)
        assert texts(source) == [text]
        assert codes(source) == ({NoteCode.ENCODING_GUESSED} if encoding == "cp1251" else set())

    def test_western_text_is_told_from_russian(self) -> None:
        text = "Les États membres s’engagent à coopérer — dès 2030"
        assert texts(txt(text, "cp1252")) == [text]

    def test_bytes_that_mean_nothing_are_told(self) -> None:
        source = read_file("a.txt", b"\xef\xbb\xbfone \xff two")
        assert texts(source) == ["one \ufffd two"]
        assert codes(source) == {NoteCode.CHARACTERS_LOST}


class TestLabels:
    """The rule `number` of the grammar."""

    @pytest.mark.parametrize(
        ("text", "shape"),
        [
            ("PP4 bis [Recalling the Almaty Act,]", ("preamble", 1, "PP4 bis", "[Recalling the Almaty Act,]")),
            ("OP7 alt 2. Decides", ("operative", 1, "OP7 alt 2", "Decides")),
            ("OP3 (agreed ad ref)", ("operative", 1, "OP3", "(agreed ad ref)")),
            ("Article 5. Scope", ("heading", 2, "Article 5", "Scope")),
            ("Article 5. The Parties shall.", ("operative", 1, "Article 5", "The Parties shall.")),
            ("## Article 2", ("heading", 2, None, "Article 2")),
            ("3.1 Scope", ("heading", 2, "3.1", "Scope")),
            ("3.1 The Parties shall report.", ("operative", 2, "3.1", "The Parties shall report.")),
            ("(a) To report;", ("item", 1, "(a)", "To report;")),
            ("[Annex II", ("heading", 1, None, "[Annex II")),
            ("ANNEX TO THE TEXT", ("heading", 1, None, "ANNEX TO THE TEXT")),
            ("Reaffirming the Act,", ("preamble", 1, None, "Reaffirming the Act,")),
            ("[Also recalling the Act,] (KAZ)", ("preamble", 1, None, "[Also recalling the Act,] (KAZ)")),
            ("Option 1: text", ("body", 1, None, "Option 1: text")),
            ("Part of the text is agreed", ("body", 1, None, "Part of the text is agreed")),
        ],
    )
    def test_label(self, text: str, shape: tuple[str, int, str | None, str]) -> None:
        assert shapes(read_text(text)) == [shape]

    def test_roman_items_stand_inside_lettered_ones(self) -> None:
        text = "\n\n".join(
            ["1. Decides:", "(a) a", "(b) b", "(i) one", "(ii) two", "(c) c", "2. And:", "(i) i", "(ii) j"]
        )
        assert [draft.level for draft in read_text(text).drafts] == [1, 1, 1, 2, 2, 1, 1, 1, 1]

    def test_the_letter_i_follows_h(self) -> None:
        text = "\n\n".join(f"({letter}) x" for letter in "ghijk")
        assert {draft.level for draft in read_text(text).drafts} == {1}


class TestBounds:
    def test_too_long(self) -> None:
        with pytest.raises(Problem, match="characters"):
            read_text("x" * (MAX_CHARACTERS + 1))

    def test_too_many_paragraphs(self) -> None:
        with pytest.raises(Problem, match="paragraphs"):
            txt("x\n" * (MAX_PARAGRAPHS + 1))

    def test_too_many_lines(self) -> None:
        with pytest.raises(Problem, match="lines"):
            md("x\n" * 60_000)

    @pytest.mark.parametrize("name", ["a.doc", "a.pdf", "a", ".txt"])
    def test_other_files(self, name: str) -> None:
        with pytest.raises(Problem, match=r"\.md"):
            read_file(name, b"x")

    def test_control_characters_are_taken_out_and_told(self) -> None:
        source = read_text("a\x00b\x1bc\u2028d\x85e\r\n\r\nf\ud800")
        assert texts(source) == ["abc d e", "f\ufffd"]
        assert codes(source) == {NoteCode.CHARACTERS_LOST}


CHARACTERS = "abcАш国x[](){}*_`#>|-+~\\&<!:.;/1 \n\t\u00a0😀"
MARK_UP = (
    "\n\n", "# ", "- ", "1. ", "(a) ", "(i) ", "PP1 ", "**", "~~", "___", "[x] ", "```\n", "> ", "[a](https://e.org)",
    "\n---\n", "|a|b|\n|-|-|\n", "<b>", "IV. ", "[^1]", "שלום", "\r\n",
)  # fmt: skip
PIECES = st.sampled_from([*CHARACTERS, *MARK_UP])
INPUTS = st.lists(PIECES, max_size=60).map("".join)


def told(source: Source) -> str:
    return "".join(note.detail for note in source.report)


def visible(source: Source) -> str:
    return "".join((draft.label or "") + written(draft) for draft in source.drafts)


LET_OFF = {NoteCode.LABELS: ".:)", NoteCode.LINK: "![]"}  # the stop behind `OP7.`, the brackets of a link


@given(INPUTS)
def test_every_visible_character_of_a_plain_text_arrives(text: str) -> None:
    source = txt(text)
    let_off = "".join(LET_OFF.get(code, "") for code in codes(source))
    wanted = Counter(char for char in text if not char.isspace() and char not in let_off)
    assert not wanted - Counter(visible(source) + told(source))


@given(INPUTS, st.sampled_from(["text", "file"]))
def test_every_letter_and_bracket_of_a_markdown_text_arrives(text: str, way: str) -> None:
    """Digits of list numbers may change, mark-up goes; what the report names is let off."""
    source = read_text(text) if way == "text" else md(text)
    brackets = codes(source) & {NoteCode.LINK, NoteCode.CHECK_BOX}
    wanted = Counter(char for char in text if char.isalpha() or (char in "[]" and not brackets))
    assert not wanted - Counter(visible(source) + told(source))


@given(INPUTS)
def test_drafts_are_paragraphs(text: str) -> None:
    for draft in (*read_text(text).drafts, *txt(text).drafts, *md(text).drafts):
        assert "\n" not in written(draft)
        assert written(draft) == written(draft).strip() != ""
        assert draft.level >= 1
