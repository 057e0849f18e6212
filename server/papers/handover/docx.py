"""A sheet as .docx."""

import io
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from server.papers.handover import pdf
from server.papers.handover.sheet import Chart, Heading, Sheet, Table, Words
from server.papers.out.scripts import runs_right_to_left
from server.papers.out.xml import INSTEAD, UNWRITABLE
from server.papers.out.xml import text as written

LATIN, EAST = "Times New Roman", "SimSun"
MARGIN, TALL, BROAD = Cm(2), Cm(29.7), Cm(21)
SMALL = Pt(8)
TWIP = 635  # in the units of lengths
BLACK = RGBColor(0, 0, 0)


def write(sheet: Sheet, at: str) -> bytes:
    """`at`: the time that stands in the file."""
    document = docx.Document()
    _laid_out(document, sheet, at)
    document.add_paragraph(_writable(sheet.title), style="Title")
    under = document.add_paragraph()
    for number, line in enumerate(sheet.under):
        if number:
            under.add_run().add_break()
        under.add_run(_writable(line)).font.size = SMALL
    for block in sheet.blocks:
        match block:
            case Heading(text):
                document.add_paragraph(_writable(text), style="Heading 1")
            case Words(text):
                _directed(document.add_paragraph(_writable(text)), text)
            case Table():
                _table(document, block, sheet.wide)
            case Chart():
                document.add_picture(io.BytesIO(pdf.picture(block, at)), width=Cm(16))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _writable(text: str) -> str:
    return UNWRITABLE.sub(INSTEAD, text)


def _laid_out(document: Document, sheet: Sheet, at: str) -> None:
    moment = datetime.fromisoformat(at)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _writable(sheet.title), "Rolling Text", ""
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
    """Written as XML in one piece: cell by cell a matrix of a thousand brackets took seconds."""
    room = ((TALL if wide else BROAD) - 2 * MARGIN) // TWIP
    widths = [int(room * width / sum(block.widths)) for width in block.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(row, widths, head=not number) for number, row in enumerate((block.head, *block.rows)))
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )
    behind = document.add_paragraph()
    behind.paragraph_format.space_after = Pt(0)
    behind._p.addprevious(table)


def _row(cells: Sequence[str], widths: Sequence[int], *, head: bool) -> str:
    """The head stands on every page again."""
    found = "".join(_cell(text, width, bold=head) for text, width in zip(cells, widths, strict=True))
    return f"<w:tr>{'<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>' if head else ''}{found}</w:tr>"


def _cell(text: str, width: int, *, bold: bool) -> str:
    right = runs_right_to_left(text)
    paragraph = f'<w:pPr>{"<w:bidi/>" if right else ""}<w:spacing w:after="0"/></w:pPr>'
    run = (
        f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="16"/><w:szCs w:val="16"/>{"<w:rtl/>" if right else ""}</w:rPr>'
    )
    words = f'<w:r>{run}<w:t xml:space="preserve">{written(text)}</w:t></w:r>' if text else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p>{paragraph}{words}</w:p></w:tc>'


def _directed(paragraph: Paragraph, text: str) -> None:
    """From right to left where the text runs so."""
    if not runs_right_to_left(text):
        return
    paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in paragraph.runs:
        run.font.rtl = True
