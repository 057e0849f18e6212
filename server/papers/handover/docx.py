"""A sheet as .docx."""

import io
from datetime import datetime

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from server.papers.handover import pdf
from server.papers.handover.sheet import Chart, Heading, Sheet, Table, Words
from server.papers.out.scripts import runs_right_to_left

LATIN, EAST = "Times New Roman", "SimSun"
MARGIN, TALL, BROAD = Cm(2), Cm(29.7), Cm(21)
SMALL = Pt(8)
BLACK = RGBColor(0, 0, 0)


def write(sheet: Sheet, at: str) -> bytes:
    """`at`: the time that stands in the file."""
    document = docx.Document()
    _laid_out(document, sheet, at)
    document.add_paragraph(sheet.title, style="Title")
    under = document.add_paragraph()
    for number, line in enumerate(sheet.under):
        if number:
            under.add_run().add_break()
        under.add_run(line).font.size = SMALL
    for block in sheet.blocks:
        match block:
            case Heading(text):
                document.add_paragraph(text, style="Heading 1")
            case Words(text):
                _directed(document.add_paragraph(text), text)
            case Table():
                _table(document, block, sheet.wide)
            case Chart():
                document.add_picture(io.BytesIO(pdf.picture(block, at)), width=Cm(16))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _laid_out(document: Document, sheet: Sheet, at: str) -> None:
    moment = datetime.fromisoformat(at)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = sheet.title, "Rolling Text", ""
    properties.created = properties.modified = moment
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if sheet.wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (TALL, BROAD) if sheet.wide else (BROAD, TALL)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name, size, before, after in (("Normal", 10, 0, 4), ("Title", 15, 0, 4), ("Heading 1", 11, 8, 3)):
        style = document.styles[name]
        style.font.name, style.font.size = LATIN, Pt(size)
        style.font.color.rgb = BLACK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind, font in (("w:ascii", LATIN), ("w:hAnsi", LATIN), ("w:cs", LATIN), ("w:eastAsia", EAST)):
            fonts.set(qn(kind), font)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _table(document: Document, block: Table, wide: bool) -> None:
    table = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    room = (TALL if wide else BROAD) - 2 * MARGIN
    widths = [int(room * width / sum(block.widths)) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate((block.head, *block.rows)):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = width
            _cell(cell, text, bold=number == 0)
    _repeated(table.rows[0]._tr)  # python-docx has no other way to a row
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _cell(cell: _Cell, text: str, *, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold or None, SMALL
    _directed(paragraph, text)


def _directed(paragraph: Paragraph, text: str) -> None:
    """From right to left where the text runs so."""
    if not runs_right_to_left(text):
        return
    paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in paragraph.runs:
        run.font.rtl = True


def _repeated(row: object) -> None:
    """The head stands on every page again."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # type: ignore[attr-defined]
