"""Word's styles: one for each kind and level that a document may have, and what their names mean on the way back in."""

import re
from collections.abc import Iterable

from crdt.paragraphs import KIND, KINDS
from server.papers.out import xml

LATIN, EAST_ASIAN, COMPLEX = "Times New Roman", "SimSun", "Times New Roman"
NAMES = {
    "title": "Title",
    "heading": "heading",
    "preamble": "Preambular paragraph",
    "operative": "Operative paragraph",
    "item": "Item",
    "body": "Body Text",
}
"""What Word calls the kinds; a level stands behind: always of headings and items, else from the second on."""

INDENT = 567  # twentieths of a point: a centimetre
_NAME = re.compile(r"(?P<name>.+?)(?: (?P<level>\d{1,6}))?")
_KINDS = {name.casefold(): kind for kind, name in NAMES.items()}


def style_name(kind: str, level: int) -> str:
    always = kind in ("heading", "item")
    return f"{NAMES[kind]} {level}" if always or level > 1 else NAMES[kind]


def style_id(kind: str, level: int) -> str:
    return "".join(word[:1].upper() + word[1:] for word in style_name(kind, level).split())


def kind_of(name: str) -> tuple[str, int] | None:
    """Kind and level that a style of this name stands for; None: it is none of ours."""
    match = _NAME.fullmatch(name)
    kind = None if match is None else _KINDS.get(match["name"].casefold())
    if match is None or kind is None:
        return None
    return kind, max(1, int(match["level"] or 1))


def indent(kind: str, level: int) -> tuple[int, int]:
    """Left and hanging, where a number stands before the paragraph."""
    if kind == "item":
        return INDENT * (1 + min(level, 9)), INDENT
    return INDENT, INDENT


def styles_xml(used: Iterable[tuple[str, int]]) -> str:
    known = {("title", 1), ("heading", 1), ("heading", 2), *((kind, 1) for kind in KINDS), *used}
    styles = "".join(_style(kind, level) for kind, level in sorted(known))
    return (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts()}"
        '<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        f"{styles}"
        '<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/><w:pPr>'
        '<w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
        '</w:pPr><w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Header"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="CommentText"><w:name w:val="annotation text"/>'
        '<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
        '<w:rPr><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="CommentReference"><w:name w:val="annotation reference"/>'
        '<w:rPr><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="LineNumber"><w:name w:val="line number"/>'
        '<w:rPr><w:color w:val="7F7F7F"/><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr></w:style>'
        "</w:styles>"
    )


def _fonts() -> str:
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{EAST_ASIAN}" w:cs="{COMPLEX}"/>'


def _style(kind: str, level: int) -> str:
    paragraph, character = _looks(kind, level)
    return (
        f'<w:style w:type="paragraph"{_custom(kind, level)} w:styleId="{style_id(kind, level)}">'
        f"<w:name w:val={xml.attribute(style_name(kind, level))}/>"
        f'<w:basedOn w:val="Normal"/><w:next w:val="{style_id(_next(kind), 1)}"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{character}</w:rPr></w:style>"
    )


def _custom(kind: str, level: int) -> str:
    built_in = level <= 9 if kind == "heading" else kind in ("title", "body") and level == 1
    return "" if built_in else ' w:customStyle="1"'


def _next(kind: str) -> str:
    return kind if kind in ("preamble", "operative", "item") else KIND


def _looks(kind: str, level: int) -> tuple[str, str]:
    """Properties of the paragraph and of its characters."""
    if kind == "title":
        return '<w:keepNext/><w:jc w:val="center"/>', '<w:b/><w:bCs/><w:sz w:val="32"/><w:szCs w:val="32"/>'
    if kind == "heading":
        size = max(24, 30 - 2 * level)
        slanted = "<w:i/><w:iCs/>" if level > 2 else ""
        looks = f'<w:b/><w:bCs/>{slanted}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        return f'<w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="{min(level, 9) - 1}"/>', looks
    left = indent(kind, level)[0] if kind == "item" else INDENT * (min(level, 9) - 1)
    return (f'<w:ind w:left="{left}"/>' if left else ""), ""
