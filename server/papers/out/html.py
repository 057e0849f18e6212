"""A page of its own: no script, nothing from elsewhere, the ids of paragraphs as they are."""

from server.papers.out import xml
from server.papers.out.heads import heads
from server.papers.out.paper import Layout, Line, Op, Paper
from server.papers.out.pieces import Edge, Piece, pieces
from server.papers.out.talks import by_id, listed, signed, where

MARKS = (("strong", "strong"), ("em", "em"), ("underline", "u"), ("strike", "s"))
TAGS = {Op.ADDED: "ins", Op.REMOVED: "del"}
STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.5 "Source Serif 4", "Noto Serif", "Times New Roman", serif; max-width: 44rem; margin: 2rem auto;
  padding: 0 1.2rem; overflow-wrap: break-word; }
header { font-size: .85rem; border-block-end: 1px solid; margin-block-end: 2rem; }
header p { margin: 0 0 .3em; }
main > * { position: relative; }
main p { margin: 0 0 .8em; margin-inline-start: calc(2.6em * var(--level)); }
main .title { text-align: center; }
.number { display: inline-block; min-width: 2.1em; padding-inline-end: .5em; text-indent: 0; }
.numbered { text-indent: -2.6em; padding-inline-start: 2.6em; }
ins .number, del .number { text-decoration: inherit; }
.agreed::before { content: ""; position: absolute; inset-block: 0; inset-inline-start: -.8em;
  border-inline-start: 3px solid #2e7d32; }
.agreed[data-status="agreed_ad_ref"]::before { border-inline-start-style: dashed; }
.bracket { background: light-dark(#fff4cc, #4a3d12); }
.bracket[data-depth="2"] { background: light-dark(#ffe3a3, #5e4c14); }
.bracket[data-depth="3"] { background: light-dark(#ffd27d, #735c16); }
ins { color: light-dark(#0b4f9e, #8cc2ff); text-decoration: underline; }
del { color: light-dark(#9c1c1c, #ff9d9d); text-decoration: line-through; }
sup { line-height: 0; }
@media print {
  body { margin: 0; max-width: none; }
  ins[title]::after, del[title]::after { content: " " attr(title); font-size: .6em; vertical-align: super; }
}
""".strip()


def write(paper: Paper, layout: Layout) -> bytes:
    found = listed(paper)
    numbers = by_id(found)
    body = "\n".join(_line(line, layout, numbers) for line in paper.lines)
    head = "".join(f"<p>{xml.text(each)}</p>" for each in heads(paper))
    talks = "".join(_talk(each.number, where(each), each.talk.resolved, list(signed(each.talk))) for each in found)
    said = f"<section><h2>Comments</h2><ol>{talks}</ol></section>" if talks else ""
    page = (
        '<!doctype html>\n<html lang="mul"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{xml.text(paper.title)}</title><style>{STYLE}</style></head><body>\n<header>{head}</header>\n"
        f"<main>\n{body}\n</main>\n{said}</body></html>\n"
    )
    return page.encode()


def _line(line: Line, layout: Layout, numbers: dict[str, int]) -> str:
    level = min(line.level, 9) if line.kind == "item" else min(line.level, 9) - 1 if line.kind != "heading" else 0
    tag = f"h{min(line.level + 1, 6)}" if line.kind == "heading" else "h1" if line.kind == "title" else "p"
    said = {"numbered": line.number, "agreed": line.agreed, "moved": line.moved, TAGS.get(line.op, ""): True}
    classes = [line.kind, *(name for name, holds in said.items() if name and holds)]
    agreed = ""
    if line.agreed is not None:
        told = f"{'agreed' if line.agreed.status == 'agreed' else 'agreed ad referendum'}: {line.agreed.by.signature}"
        agreed = f' data-status="{line.agreed.status}" title={xml.attribute(told)}'
    number = f'<span class="number">{xml.text(line.number)}</span>' if line.number else ""
    if number and line.op is not Op.SAME:
        number = f"<{TAGS[line.op]}{_hand(line)}>{number}</{TAGS[line.op]}>"
    inside = number + "".join(_inline(each, layout, numbers) for each in pieces(line))
    looks = f'class="{" ".join(classes)}" style="--level: {level}"'
    return f'<{tag} id="{line.id}" dir="auto" {looks}{agreed}>{inside}</{tag}>'


def _inline(each: Piece | Edge, layout: Layout, numbers: dict[str, int]) -> str:
    if isinstance(each, Edge):
        number = numbers[each.talk.id]
        return "" if each.opens else f'<sup><a href="#c{number}">c{number}</a></sup>'
    found = xml.text(each.text)
    for mark, tag in MARKS:
        if mark in each.marks:
            found = f"<{tag}>{found}</{tag}>"
    if layout.shading and each.depth:
        found = f'<span class="bracket" data-depth="{min(each.depth, 3)}">{found}</span>'
    return found if each.op is Op.SAME else f"<{TAGS[each.op]}{_hand(each)}>{found}</{TAGS[each.op]}>"


def _hand(of: Piece | Line) -> str:
    if of.by is None:
        return ""
    at = f' datetime="{of.by.at}"' if of.by.at else ""
    return f"{at} title={xml.attribute(of.by.signature)}"


def _talk(number: int, place: str, resolved: bool, remarks: list[tuple[str, str]]) -> str:
    said = "".join(
        f"<p><strong>{xml.text(who)}</strong><br>{xml.text(words).replace(chr(10), '<br>')}</p>"
        for who, words in remarks
    )
    state = " (resolved)" if resolved else ""
    return f'<li id="c{number}" dir="auto"><em>{xml.text(place)}</em>{state}{said}</li>'
