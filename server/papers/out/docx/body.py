"""The body of a document, paragraph by paragraph, and the page that it stands on."""

from server.papers.out import xml
from server.papers.out.docx.comments import Comments
from server.papers.out.docx.numbering import Numbering
from server.papers.out.docx.runs import Pen
from server.papers.out.docx.styles import indent, style_id
from server.papers.out.paper import Layout, Line, Op, Paper
from server.papers.out.scripts import runs_right_to_left

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
BARS = {"agreed": "single", "agreed_ad_ref": "dashed"}
GREEN = "2E7D32"


def document_xml(paper: Paper, layout: Layout, numbering: Numbering, comments: Comments) -> str:
    pen = Pen(layout, comments)
    last = len(paper.lines) - 1
    paragraphs = "".join(
        _paragraph(line, pen, numbering, comments.lost(paper.lost) if at == last else "")
        for at, line in enumerate(paper.lines)
    )
    return f"<w:document {SPACES}><w:body>{paragraphs}{_section(layout)}</w:body></w:document>"


def _paragraph(line: Line, pen: Pen, numbering: Numbering, more: str) -> str:
    list_ = numbering.list_of(line)
    spelt = (
        f'<w:r><w:t xml:space="preserve">{xml.text(line.number)}</w:t><w:tab/></w:r>'
        if line.number and not list_
        else ""
    )
    return f"<w:p>{_properties(line, pen, list_)}{spelt}{pen.runs(line)}{more}</w:p>"


def _properties(line: Line, pen: Pen, list_: int) -> str:
    """In the order of the schema."""
    parts = [f'<w:pStyle w:val="{style_id(line.kind, line.level)}"/>']
    if list_:
        parts.append(f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_}"/></w:numPr>')
    if line.agreed is not None:
        bar = BARS[line.agreed.status]
        parts.append(f'<w:pBdr><w:left w:val="{bar}" w:sz="24" w:space="8" w:color="{GREEN}"/></w:pBdr>')
    if runs_right_to_left(line.text or line.old_text):
        parts.append("<w:bidi/>")
    if line.op is not Op.SAME:
        mark = pen.tracked("w:ins" if line.op is Op.ADDED else "w:del", line.by)
        parts.append(f"<w:rPr>{mark}</w:rPr>")
    if line.was is not None:
        parts.append(pen.tracked("w:pPrChange", line.by, _before(*line.was)))
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def _before(kind: str, level: int, label: str | None) -> str:
    """The look of a paragraph before; its number then stands in nothing that Word tracks."""
    left = f'<w:ind w:left="{indent(kind, level)[0]}"/>' if label is not None else ""
    return f'<w:pPr><w:pStyle w:val="{style_id(kind, level)}"/>{left}</w:pPr>'


def _section(layout: Layout) -> str:
    lines = '<w:lnNumType w:countBy="1" w:distance="283" w:restart="continuous"/>' if layout.numbering else ""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/>'
        '<w:footerReference w:type="default" r:id="rIdFooter"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" '
        f'w:header="709" w:footer="709" w:gutter="0"/>{lines}<w:pgNumType w:start="1"/></w:sectPr>'
    )


def header_xml(paper: Paper) -> str:
    """Who meets, and about which paper, at which point."""
    symbol = " ".join(part for part in (paper.symbol, paper.point.label) if part)
    lines = [f"{_words(paper.body or paper.meeting)}<w:r><w:tab/></w:r>{_words(symbol or paper.point.name)}"]
    if paper.against is not None:
        lines.append(_words(f"{paper.point.name} compared with {paper.against.name}"))
    if any(line.agreed for line in paper.lines):
        lines.append(_words("A green bar: agreed; a dashed one: agreed ad referendum"))
    paragraphs = "".join(f'<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{line}</w:p>' for line in lines)
    return f"<w:hdr {SPACES}>{paragraphs}</w:hdr>"


def footer_xml(paper: Paper) -> str:
    """The point of the record, the beginning of the text's digest, and the page."""
    point = f"Entry {paper.point.seq}, {paper.point.at[:16].replace('T', ' ')} UTC, text {paper.digest[:12]}"
    return (
        f'<w:ftr {SPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{_words(point)}<w:r><w:tab/></w:r>'
        f"{_field('PAGE')}{_words(' / ')}{_field('NUMPAGES')}</w:p></w:ftr>"
    )


def _words(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{xml.text(text)}</w:t></w:r>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
