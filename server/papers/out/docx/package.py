"""The package: its parts, and how they hang together, in a ZIP that is the same for the same paper."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from server.papers.out import xml
from server.papers.out.docx.body import document_xml, footer_xml, header_xml
from server.papers.out.docx.comments import Comments
from server.papers.out.docx.numbering import Numbering
from server.papers.out.docx.styles import styles_xml
from server.papers.out.paper import Layout, Paper

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can name
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
TYPES: Mapping[str, str] = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/header1.xml": f"{_WORD}.header+xml",
    "word/footer1.xml": f"{_WORD}.footer+xml",
    "word/comments.xml": f"{_WORD}.comments+xml",
    "word/commentsExtended.xml": f"{_WORD}.commentsExtended+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
RELATIONS: Mapping[str, tuple[str, str]] = {
    "word/styles.xml": ("rIdStyles", f"{_OFFICE}/styles"),
    "word/settings.xml": ("rIdSettings", f"{_OFFICE}/settings"),
    "word/numbering.xml": ("rIdNumbering", f"{_OFFICE}/numbering"),
    "word/header1.xml": ("rIdHeader", f"{_OFFICE}/header"),
    "word/footer1.xml": ("rIdFooter", f"{_OFFICE}/footer"),
    "word/comments.xml": ("rIdComments", f"{_OFFICE}/comments"),
    "word/commentsExtended.xml": ("rIdExtended", EXTENDED),
}
SETTINGS = (
    '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:defaultTabStop w:val="567"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat></w:settings>"
)


def write(paper: Paper, layout: Layout) -> bytes:
    """The paper as a .docx."""
    numbering, comments = Numbering(), Comments()
    parts = {"word/document.xml": document_xml(paper, layout, numbering, comments)}
    parts["word/styles.xml"] = styles_xml((line.kind, line.level) for line in paper.lines)
    parts["word/settings.xml"] = SETTINGS
    parts["word/numbering.xml"] = numbering.xml()
    parts["word/header1.xml"] = header_xml(paper)
    parts["word/footer1.xml"] = footer_xml(paper)
    if comments.any:
        parts["word/comments.xml"] = comments.comments()
        parts["word/commentsExtended.xml"] = comments.extended()
    parts["docProps/core.xml"] = _properties(paper)
    return _zipped({"[Content_Types].xml": _types(parts), **_relations(parts), **parts})


def _types(parts: Mapping[str, str]) -> str:
    kinds = "".join(f'<Override PartName="/{name}" ContentType="{TYPES[name]}"/>' for name in parts)
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>'
    )


def _relations(parts: Mapping[str, str]) -> dict[str, str]:
    outer = (
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    )
    inner = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{part.removeprefix("word/")}"/>'
        for part, (name, kind) in RELATIONS.items()
        if part in parts
    )
    namespace = f"{_PACKAGE}/relationships"
    return {
        "_rels/.rels": f'<Relationships xmlns="{namespace}">{outer}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{namespace}">{inner}</Relationships>',
    }


def _properties(paper: Paper) -> str:
    subject = " ".join(part for part in (paper.symbol, paper.point.label) if part)
    when = f"{paper.point.at[:19]}Z"
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml.text(paper.title)}</dc:title><dc:subject>{xml.text(subject)}</dc:subject>"
        f"<dc:creator>{xml.text(paper.body or paper.meeting)}</dc:creator>"
        f"<dc:identifier>{paper.document} {paper.point.seq} {paper.digest}</dc:identifier>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{when}</dcterms:modified></cp:coreProperties>'
    )


def _zipped(parts: Mapping[str, str]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, HEAD + content)
    return written.getvalue()
