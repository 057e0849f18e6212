"""What a .docx becomes: every word, its marks, numbers, notes, changes and comments, or a line in the report."""

from collections.abc import Mapping
from typing import ClassVar

import pytest

from crdt.brackets import Register, read
from crdt.paragraphs import Paragraph, digest
from server.papers.source import NoteCode, Source
from server.papers.word.changes import Mode, attribution
from server.papers.word.reading import read_word
from tests.words import OFFICE, SPACES, about, came, comment, docx, level, numbered, numbering, p, r, strict, went

PARTED, ENDED = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("separate", "end"))
PARTIES = [("KAZ", "Kazakhstan"), ("IND", "India")]


def given(
    body: str, parts: Mapping[str, str | bytes] | None = None, mode: Mode = Mode.ACCEPT, relations: str = ""
) -> Source:
    return read_word(docx(body, parts, relations), mode, PARTIES)


def begun(told: str) -> str:
    """The beginning of a field."""
    return f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{told}</w:instrText></w:r>'


def texts(source: Source) -> list[str]:
    return ["".join(run.text for run in draft.runs) for draft in source.drafts]


def shapes(source: Source) -> list[tuple[str, int, str | None, str]]:
    return [
        (draft.kind, draft.level, draft.label, text) for draft, text in zip(source.drafts, texts(source), strict=True)
    ]


def told(source: Source, code: NoteCode) -> str:
    return " ".join(note.detail for note in source.report if note.code is code)


class TestParagraphs:
    def test_titles_and_headings_by_style_or_outline_and_by_the_names_of_the_united_nations(self) -> None:
        outline = '<w:outlineLvl w:val="2"/>'
        body = p("Draft", style="T") + p("One", style="H1") + p("Two", style="H2") + p("Three", properties=outline)
        assert shapes(given(body + p("Chapter", style="Ch"))) == [
            ("title", 1, None, "Draft"),
            ("heading", 1, None, "One"),
            ("heading", 2, None, "Two"),
            ("heading", 3, None, "Three"),
            ("heading", 1, None, "Chapter"),
        ]

    def test_emphasis_underline_and_strike_are_kept_and_styles_turn_each_other_off(self) -> None:
        body = p(
            r("a", "<w:b/>"),
            r("b", '<w:i/><w:u w:val="single"/>'),
            r("c", "<w:dstrike/>"),
            r("d", '<w:b w:val="0"/><w:u w:val="none"/>'),
        )
        (draft,) = given(body).drafts
        assert [(run.text, run.marks) for run in draft.runs] == [
            ("a", ("strong",)),
            ("b", ("em", "underline")),
            ("c", ("strike",)),
            ("d", ()),
        ]
        (quote,) = given(p(r("slanted "), r("upright", '<w:i w:val="false"/>'), style="Quote")).drafts
        assert [run.marks for run in quote.runs] == [("em",), ()]
        (heading,) = given(p(r("bold by its style "), r("and by hand", "<w:b/>"), style="H1")).drafts
        assert [run.marks for run in heading.runs] == [(), ("strong",)]

    def test_raised_letters_become_such_characters_or_are_told(self) -> None:
        source = given(
            p("CO", r("2", '<w:vertAlign w:val="subscript"/>'), " 1", r("st", '<w:vertAlign w:val="superscript"/>'))
        )
        assert texts(source) == ["CO₂ 1st"]
        assert "“st”" in told(source, NoteCode.FORMATTING)
        assert texts(given(p("10 m", r("2", '<w:position w:val="8"/>')))) == ["10 m²"]  # as LibreOffice writes it

    def test_what_is_hidden_or_drawn_or_in_headers_is_left_out_and_told(self) -> None:
        drawn = '<w:r><w:drawing><a:docPr xmlns:a="x" descr="A map"/></w:drawing></w:r>'
        header = f"<w:hdr {SPACES}>{p('A/AC.1/L.2')}</w:hdr>"
        source = given(p("Seen", r("unseen", "<w:vanish/>"), drawn), {"word/header.xml": header})
        assert texts(source) == ["Seen"]
        assert "unseen" in told(source, NoteCode.HIDDEN)
        assert "1" in told(source, NoteCode.PICTURE)
        assert "A/AC.1/L.2" in told(source, NoteCode.HEADERS)

    def test_links_are_written_out_and_the_underline_of_links_is_no_emphasis(self) -> None:
        link = f'<Relationship Id="l" Type="{OFFICE}/hyperlink" Target="https://example.org/a" TargetMode="External"/>'
        words = r("the Act", '<w:rStyle w:val="Hyperlink"/>')
        field = f"{begun(' HYPERLINK &quot;https://example.org/b&quot; ')}{PARTED}{r('more')}{ENDED}"
        source = given(p(f'<w:hyperlink r:id="l">{words}</w:hyperlink>', " and ", field), relations=link)
        assert texts(source) == ["the Act (https://example.org/a) and more (https://example.org/b)"]
        assert source.drafts[0].runs[0].marks == ()
        assert "2" in told(source, NoteCode.LINK)

    def test_a_table_of_contents_is_left_out_whole(self) -> None:
        source = given(p(begun(' TOC \\o "1-3" '), PARTED, r("One 3")) + p(r("Two 5")) + p(ENDED) + p("Text."))
        assert texts(source) == ["Text."]
        assert told(source, NoteCode.CONTENTS)

    def test_text_boxes_equations_signs_and_breaks(self) -> None:
        box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
        choice = f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        drawn = f"<mc:AlternateContent>{choice}</mc:AlternateContent>"
        body = p(
            "a",
            f"<w:r>{drawn}</w:r>",
            '<w:r><w:br/><w:sym w:font="Symbol" w:char="F0A3"/><w:noBreakHyphen/></w:r>',
            "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>",
        )
        source = given(body)
        assert texts(source) == ["a ≤\u2011x=1", "In the box."]
        assert told(source, NoteCode.TEXT_BOX)
        assert told(source, NoteCode.EQUATION)
        assert told(source, NoteCode.LINE_BREAK)

    def test_the_strict_dialect_reads_the_same(self) -> None:
        content = docx(p(r("a", "<w:b/>"), style="H1"))
        assert read_word(strict(content), Mode.ACCEPT, ()).drafts == read_word(content, Mode.ACCEPT, ()).drafts


class TestNumbers:
    LEVELS = level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)") + level(2, "lowerRoman", "(%3)")

    def test_what_word_counts_becomes_labels_and_says_what_paragraphs_are(self) -> None:
        body = "".join(p(f"Point {at};", properties=numbered(1, at)) for at in (0, 1, 1, 2, 0, 1))
        source = given(body, {"word/numbering.xml": numbering({1: self.LEVELS})})
        assert shapes(source) == [
            ("operative", 1, "1.", "Point 0;"),
            ("item", 1, "(a)", "Point 1;"),
            ("item", 1, "(b)", "Point 1;"),
            ("item", 2, "(i)", "Point 2;"),
            ("operative", 1, "2.", "Point 0;"),
            ("item", 1, "(a)", "Point 1;"),
        ]

    def test_lists_by_style_in_several_levels_with_bullets_and_new_starts(self) -> None:
        lists = {
            1: level(0, "upperRoman", "%1.") + level(1, "decimal", "%1.%2", "<w:isLgl/>"),
            2: level(0, "bullet", "\uf0b7"),
            3: level(0, "russianLower", "%1)"),
            4: level(0, "decimal", "OP%1 bis"),
        }
        begins = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
        start = f'<w:num w:numId="9"><w:abstractNumId w:val="1"/>{begins}</w:num>'
        body = (
            p("Heading", style="L")
            + p("Below", properties=numbered(1, 1))
            + p("Dot", properties=numbered(2))
            + p("Точка", properties=numbered(3))
            + p("Decides", properties=numbered(4))
            + p("Again", properties=numbered(9))
            + p("None", style="L", properties=numbered(0))
        )
        source = given(body, {"word/numbering.xml": numbering(lists, start)})
        assert [(label, kind) for kind, _, label, _ in shapes(source)] == [
            ("I.", "heading"),
            ("1.1", "heading"),
            ("•", "item"),
            ("а)", "item"),
            ("OP1 bis", "operative"),
            ("VII.", "heading"),
            (None, "body"),
        ]

    def test_numbers_that_are_typed_become_labels_as_in_other_files(self) -> None:
        assert shapes(given(p("OP3 bis.\tDecides [to act];"))) == [("operative", 1, "OP3 bis", "Decides [to act];")]


class TestTables:
    def test_a_row_is_a_paragraph_and_that_is_told(self) -> None:
        table = "<w:tbl>" + "".join(
            f"<w:tr>{''.join(f'<w:tc>{p(cell)}</w:tc>' for cell in row)}</w:tr>" for row in (("a", "b"), ("c", ""))
        )
        source = given(f"{table}</w:tbl>")
        assert texts(source) == ["a | b", "c"]
        assert "row of a table" in told(source, NoteCode.TABLE)

    def test_what_a_row_begins_with_is_no_label_and_capitals_in_it_no_heading(self) -> None:
        table = f"<w:tbl><w:tr><w:tc>{p('1.')}</w:tc><w:tc>{p('KAZ')}</w:tc></w:tr></w:tbl>"
        assert shapes(given(table)) == [("body", 1, None, "1. | KAZ")]

    def test_a_frame_of_one_cell_is_no_table_and_cells_with_paragraphs_keep_them(self) -> None:
        frame = f"<w:tbl><w:tr><w:tc>{p('One', style='H1')}{p('Two')}</w:tc></w:tr></w:tbl>"
        assert [kind for kind, *_ in shapes(given(frame))] == ["heading", "body"]
        two = f"<w:tbl><w:tr><w:tc>{p('a')}{p('b')}</w:tc><w:tc>{p('c')}</w:tc></w:tr></w:tbl>"
        assert texts(given(two)) == ["a", "b", "c"]


class TestNotes:
    def test_footnotes_and_endnotes_stand_at_the_end_under_their_marks_which_are_no_brackets(self) -> None:
        notes = f'<w:footnotes {SPACES}><w:footnote w:id="2">{p("See 1/CP.20.")}</w:footnote></w:footnotes>'
        ends = f'<w:endnotes {SPACES}><w:endnote w:id="2">{p("And so on.")}</w:endnote></w:endnotes>'
        body = p(
            "Recalls", '<w:r><w:footnoteReference w:id="2"/></w:r>', " it", '<w:r><w:endnoteReference w:id="2"/></w:r>'
        )
        source = given(body, {"word/footnotes.xml": notes, "word/endnotes.xml": ends})
        assert texts(source) == ["Recalls[^1] it[^2]", "[^1] See 1/CP.20.", "[^2] And so on."]
        assert "2" in told(source, NoteCode.FOOTNOTES)
        assert brackets(source) == []


class TestChanges:
    BODY = p("Parties ", went("shall"), came(r("should")), r(" act"), came(r(" and report ")), r("in time."))

    @pytest.mark.parametrize(
        ("mode", "text"),
        [
            (Mode.ACCEPT, "Parties should act and report in time."),
            (Mode.REJECT, "Parties shall actin time."),
            (Mode.BRACKETS, "Parties [KAZ: DELETE: shall][KAZ: should] act [KAZ: and report] in time."),
        ],
    )
    def test_are_taken_or_not_or_stand_in_brackets_of_their_delegation(self, mode: Mode, text: str) -> None:
        source = given(self.BODY, mode=mode)
        assert texts(source) == [text]
        assert (source.tracked.insertions, source.tracked.deletions) == (2, 1)
        assert source.tracked.authors == ("Aigerim S. (KAZ)",)
        assert "insertions 2, deletions 1, by Aigerim S. (KAZ)" in told(source, NoteCode.TRACKED)

    def test_the_grammar_reads_such_brackets_as_what_they_are(self) -> None:
        found = brackets(given(self.BODY, mode=Mode.BRACKETS))
        assert [kind for kind, _ in found] == ["deletion", "alternative", "contested"]
        assert {code for _, codes in found for code in codes} == {"KAZ"}

    def test_who_is_no_delegation_is_named_all_the_same(self) -> None:
        source = given(p(came(r("Text."), by="J. Doe: [x]")), mode=Mode.BRACKETS)
        assert texts(source) == ["[J. Doe x: Text.]"]
        register = Register.of(PARTIES)
        assert [attribution(name, register) for name in ("India", "kazakhstan", "Aru (KAZ)", "Aru (X)")] == [
            "IND",
            "KAZ",
            "KAZ",
            "Aru (X)",
        ]

    def test_changes_within_changes(self) -> None:
        inner = came(r("one ") + went("two ", by="India") + r("three"))
        assert texts(given(p(inner))) == ["one three"]
        assert texts(given(p(inner), mode=Mode.REJECT)) == []
        assert texts(given(p(inner), mode=Mode.BRACKETS)) == ["[KAZ: one [IND: DELETE: two] three]"]

    def test_half_a_pair_of_brackets_stands_without_any(self) -> None:
        source = given(p("Parties ", came(r("[shall")), r(" act]")), mode=Mode.BRACKETS)
        assert texts(source) == ["Parties [shall act]"]
        assert "one half" in told(source, NoteCode.TRACKED)

    def test_paragraphs_that_were_parted_or_joined(self) -> None:
        mark = '<w:rPr><w:{0} w:id="3" w:author="India" w:date="2026-11-25T10:00:00Z"/></w:rPr>'
        parted = p("One ", properties=mark.format("ins")) + p("two.")
        joined = p("One ", properties=mark.format("del")) + p("two.")
        assert texts(given(parted)) == ["One", "two."]
        assert texts(given(parted, mode=Mode.REJECT)) == ["One two."]
        assert texts(given(joined)) == ["One two."]
        assert texts(given(joined, mode=Mode.REJECT)) == ["One", "two."]
        assert texts(given(joined, mode=Mode.BRACKETS)) == ["One", "two."]
        assert "stayed parted" in told(given(joined, mode=Mode.BRACKETS), NoteCode.TRACKED)

    def test_moved_text_and_rows_and_formats(self) -> None:
        moved = '<w:{0} w:id="5" w:author="India">{1}</w:{0}>'
        body = p("a", moved.format("moveFrom", r("b"))) + p("c", moved.format("moveTo", r("b")))
        assert texts(given(body)) == ["a", "cb"]
        assert texts(given(body, mode=Mode.REJECT)) == ["ab", "c"]
        cells = f"<w:tc>{p('x')}</w:tc><w:tc>{p('y')}</w:tc>"
        row = f'<w:tr><w:trPr><w:ins w:id="1" w:author="India"/></w:trPr>{cells}</w:tr>'
        table = f"<w:tbl>{row}</w:tbl>"
        assert texts(given(table, mode=Mode.REJECT)) == []
        assert texts(given(table, mode=Mode.BRACKETS)) == ["[IND: x] | [IND: y]"]
        bold = p(r("z", '<w:b/><w:rPrChange w:id="1" w:author="India"><w:rPr/></w:rPrChange>'))
        assert [run.marks for run in given(bold).drafts[0].runs] == [("strong",)]
        assert [run.marks for run in given(bold, mode=Mode.REJECT).drafts[0].runs] == [()]


class TestComments:
    PARTS: ClassVar = {
        "word/comments.xml": f"<w:comments {SPACES}>"
        + comment(0, "Aru (KAZ)", "Why so?", "00000001")
        + comment(1, "Ravi", "Because.", "00000002")
        + comment(2, "Ravi", "All of it.", "00000003")
        + "</w:comments>",
        "word/commentsExtended.xml": f"<w15:commentsEx {SPACES}>"
        '<w15:commentEx w15:paraId="00000001" w15:done="1"/>'
        '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001" w15:done="0"/>'
        '<w15:commentEx w15:paraId="00000003" w15:done="0"/></w15:commentsEx>',
    }

    def test_they_keep_words_names_answers_and_place(self) -> None:
        body = (
            p("First.")
            + p("1. Parties shall, and ", about(0, about(1, r("shall"))), r(" act."))
            + p(about(2, r("Last.")))
        )
        source = given(body, self.PARTS)
        first, second = source.remarks
        assert first.bodies == ("Aru (KAZ), 2026-11-24: Why so?", "Ravi, 2026-11-24: Because.")
        assert (first.draft, first.resolved, second.resolved) == (1, True, False)
        assert texts(source)[first.draft][first.start : first.end] == "shall"
        assert first.start > texts(source)[1].index("shall")  # the second one of the paragraph
        assert texts(source)[second.draft][second.start : second.end] == "Last."
        assert "2, answers 1" in told(source, NoteCode.COMMENTS)

    def test_the_place_of_one_whose_words_were_deleted_stays_and_one_without_a_place_stands_first(self) -> None:
        body = p("First.") + p("Parties ", about(0, went("shall")), r(" act."))
        source = given(body, self.PARTS)
        assert [(each.draft, each.start == each.end) for each in source.remarks] == [(1, True), (0, True)]
        assert told(source, NoteCode.COMMENTS)


def brackets(source: Source) -> list[tuple[str, list[str]]]:
    paragraphs = [
        Paragraph(
            str(at),
            at,
            draft.kind,
            draft.level,
            draft.label,
            text,
            draft.runs,
            digest(draft.kind, draft.level, draft.label, draft.runs),
        )
        for at, (draft, text) in enumerate(zip(source.drafts, texts(source), strict=True))
    ]
    return [
        (bracket.kind, [each.delegation for each in bracket.attribution])
        for bracket in read(paragraphs, Register.of(PARTIES)).brackets
    ]
