"""The sheets of the hand-over package: two pages whatever the document, every script, and no formula in a table."""

import csv
import io
import zipfile
from dataclasses import replace
from itertools import cycle, islice

import pypdfium2
import pytest
from docx import Document as WordDocument

from crdt.brackets import Counts, Kind
from server.papers.handover import docx, pdf
from server.papers.handover.matrix import as_csv, matrix, reservations
from server.papers.handover.packing import Parcel
from server.papers.handover.report import report
from server.papers.handover.sheet import Chart, Moment, Sheet, Table, Words
from server.papers.handover.state import Agreed, Holding, Open, State
from server.tables import Document, Meeting

AT = "2026-11-26T10:00:00.000000Z"
STANCES = ("proposes", "support", "oppose", "reserve", "can_accept", "prefer", "awaiting")
PARTIES = {f"P{number:02}": f"Party number {number}" for number in range(28)}
COUNTS = Counts(105, 48, 3, 2_000, 900, 48, 15, 2, 1)


def state(sections: int = 3, brackets: int = 6, agreed: int = 2, text: str = "[shall]") -> State:
    codes, stances = cycle(PARTIES), cycle(STANCES)
    return State(
        document=Document(
            id="d" * 16, meeting="m" * 16, title="Draft", symbol="A/AC.1/L.2", created_at=AT, created_by=""
        ),
        meeting=Meeting(id="m" * 16, title="Working group", body="Conference", created_at=AT),
        seq=7,
        at=AT,
        counts=COUNTS,
        sections=[f"Section {number} with a rather long name" for number in range(sections)],
        paragraphs=[3] * sections,
        issues=list(islice(cycle(range(sections)), brackets)),
        agreed=[
            Agreed(f"OP{number}", number % sections, ("agreed", "agreed_ad_ref")[number % 2], "Chair", AT)
            for number in range(agreed)
        ],
        open=[
            Open(
                f"OP{number}",
                number % sections,
                Kind.CONTESTED,
                text,
                tuple(Holding(next(codes), next(stances), "a note", "Aru, 2026-11-26") for _ in range(3)),
            )
            for number in range(brackets)
        ],
        parties=PARTIES,
    )


MOMENTS = [Moment(f"2026-11-{day:02}T10:00:00.000000Z", 48, day, day + 10, 105 - 3 * day) for day in range(1, 27)]


def pages(content: bytes) -> list[str]:
    found = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in found]


@pytest.mark.parametrize(("sections", "brackets", "agreed"), [(1, 0, 0), (3, 6, 2), (120, 2_000, 700)])
def test_the_report_has_two_pages_at_most(sections: int, brackets: int, agreed: int) -> None:
    """And says what it leaves out."""
    sheet = report(state(sections, brackets, agreed), MOMENTS)
    found = pages(pdf.write(sheet, AT))
    assert 1 <= len(found) <= 2
    text = "".join(found)
    assert "Of 48 paragraphs 2 are agreed, and 15 have no" in text
    assert ("not shown: 102" in text) == (sections == 120)
    assert ("more." in text) == (agreed == 700)


def test_the_report_says_who_holds_what() -> None:
    sheet = report(state(), MOMENTS)
    tables = [block for block in sheet.blocks if isinstance(block, Table)]
    assert tables[0].rows[0] == (
        "Section 0 with a rather long name",
        "3",
        "1",
        "2",
        "0",
        "P00, P01, P02, P09, P10, P11",
    )
    assert tables[1].rows[0] == ("Party number 0 (P00)", "1", "–", "–", "–", "–", "–", "–")
    assert tables[1].rows[3] == ("Party number 3 (P03)", "–", "–", "–", "–", "–", "1", "–")
    agreed = [block.text for block in sheet.blocks if isinstance(block, Words)][1:3]
    assert agreed == ["Agreed (1): OP0.", "Agreed ad referendum (1): OP1."]


@pytest.mark.parametrize("count", [0, 1, 2, 5_000])
def test_a_chart_is_drawn_of_any_number_of_points(count: int) -> None:
    moments = list(islice(cycle(MOMENTS), count))
    picture = pdf.picture(Chart(moments), AT)
    assert picture.startswith(b"\x89PNG")
    assert len(pages(pdf.write(Sheet("Chart", ("under",), [Chart(moments)]), AT))) == 1


def test_the_matrix_parts_what_is_too_broad_for_a_page() -> None:
    sheet = matrix(state(brackets=30))
    tables = [block for block in sheet.blocks if isinstance(block, Table)]
    assert [len(table.head) for table in tables] == [16, 16]
    assert tables[0].rows[0][:6] == ("OP0", "[shall]", "•", "S", "O", "")
    assert len({len(row) for table in tables for row in table.rows}) == 1
    assert matrix(state(brackets=0)).blocks == [Words("No bracket is open.")]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@sum", "\tx"])
def test_no_cell_becomes_a_formula(formula: str) -> None:
    found = as_csv(state(text=formula))
    assert found.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(found.decode("utf-8-sig"))))
    assert rows[0][:5] == ["paragraph", "section", "kind", "bracket", "P00"]
    assert rows[1][3] == f"'{formula}"


def test_reservations_name_who_reserved_and_what_capitals_must_confirm() -> None:
    sheet = reservations(state())
    first, second = (block for block in sheet.blocks if isinstance(block, Table))
    assert first.rows[0] == ("OP1", "Party number 3 (P03)", "[shall]", "a note", "Aru, 2026-11-26")
    assert second.rows == [("OP1", "Chair", "2026-11-26")]
    none = reservations(state(brackets=0, agreed=0))
    assert next(block.text for block in none.blocks if isinstance(block, Words)) == "No reservation stands."


def test_a_reservation_in_the_text_counts_without_a_stance() -> None:
    given = state(brackets=1)
    held = replace(given.open[0], kind=Kind.RESERVATION, holdings=(Holding("P05", "proposes"),))
    (table, *_) = (block for block in reservations(replace(given, open=[held])).blocks if isinstance(block, Table))
    assert table.rows == [("OP0", "Party number 5 (P05)", "[shall]", "", "in the text")]


SCRIPTS = {
    "Arabic": "[تتعاون الأطراف]",
    "Russian": "[должны сотрудничать]",
    "mark-up": "[#panic() *a* $x$ <b> & \\ {{]",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_stands_in_both_formats_as_it_was_written(script: str) -> None:
    text = SCRIPTS[script]
    sheet = reservations(state(brackets=2, text=text))
    assert pdf.unseen(sheet) == ""
    shown = "".join(pages(pdf.write(sheet, AT)))
    if script != "Arabic":  # whose letters a reader gives in the order of their shapes
        assert "".join(text.split()) in "".join(shown.split())
    document = WordDocument(io.BytesIO(docx.write(sheet, AT)))
    (cell, *_) = [cell for cell in document.tables[0].columns[2].cells if cell.text == text]
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml
    assert bool(cell._tc.xpath(".//w:bidi")) == (script == "Arabic")


def test_what_xml_cannot_hold_is_no_reason_to_fail() -> None:
    given = state(brackets=2, text="[a\x01b]")
    sheet = reservations(replace(given, meeting=Meeting(id="m" * 16, title="Group\x02", created_at=AT)))
    document = WordDocument(io.BytesIO(docx.write(sheet, AT)))
    assert document.tables[0].rows[1].cells[2].text == "[a\ufffdb]"
    assert pdf.write(sheet, AT).startswith(b"%PDF")


def test_what_no_font_shows_is_told() -> None:
    sheet = reservations(state(brackets=2, text="[\U00012000]"))
    assert pdf.unseen(sheet) == "\U00012000"
    assert "U+12000" in "".join(pages(pdf.write(sheet, AT)))


def test_the_same_sheet_gives_the_same_bytes() -> None:
    sheet = report(state(), MOMENTS)
    assert pdf.write(sheet, AT) == pdf.write(sheet, AT)
    with zipfile.ZipFile(io.BytesIO(docx.write(sheet, AT))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "2026-11-26T10:00:00Z" in core
    assert "python-docx" not in core


def test_what_would_be_too_long_for_pdf_is_said_and_the_rest_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MEMORY", 100 << 20)
    parcel = Parcel(state())
    parcel.sheet("5 Positions", matrix(state(brackets=300)))
    assert parcel.content.keys() == {"5 Positions.docx", "5 Positions.pdf - none.txt"}
    assert parcel.notes == ["5 Positions.pdf: It would be too long for PDF; see the .docx."]
