"""Markdown: headings, emphasis, and the rest as it is written. Changes are `<ins>` and `<del>`, threads footnotes."""

import re

from server.papers.out.paper import Layout, Line, Op, Paper
from server.papers.out.pieces import Edge, Piece, pieces
from server.papers.out.talks import by_id, listed, signed, where

SIGNS = {"strong": ("**", "**"), "em": ("*", "*"), "strike": ("~~", "~~"), "underline": ("<u>", "</u>")}
TAGS = {Op.SAME: ("", ""), Op.ADDED: ("<ins>", "</ins>"), Op.REMOVED: ("<del>", "</del>")}
SPECIAL = re.compile(r"[\\`*_~<&]")
STARTS = re.compile(r"\A(?P<before>\s*(?:\d{1,9}(?=[.)](?:\s|\Z)))?)(?P<sign>(?<=\d)[.)]|(?<!\d)[#>+\-=|])")
EDGES = re.compile(r"(?P<before>\s*)(?P<inner>.*?)(?P<behind>\s*)", re.DOTALL)


def write(paper: Paper, layout: Layout) -> bytes:
    found = listed(paper)
    numbers = by_id(found)
    parts = [_line(line, numbers) for line in paper.lines]
    for each in found:
        said = "\n\n".join(f"    **{escaped(who)}**: {_folded(words)}" for who, words in signed(each.talk))
        state = " (resolved)" if each.talk.resolved else ""
        parts.append(f"[^{each.number}]: {escaped(where(each))}{state}\n\n{said}")
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _line(line: Line, numbers: dict[str, int]) -> str:
    text = "".join(_inline(each, numbers, line.op) for each in pieces(line))
    if not line.number:
        text = STARTS.sub(lambda found: f"{found['before']}\\{found['sign']}", text)
    begin, end = TAGS[line.op]
    whole = begin + " ".join(part for part in (escaped(line.number), text) if part) + end
    hashes = "#" * min(line.level, 6) if line.kind == "heading" else "#" if line.kind == "title" else ""
    return f"{hashes} {whole}" if hashes else whole


def _inline(each: Piece | Edge, numbers: dict[str, int], around: Op) -> str:
    """Marks hold on to letters: blanks at the ends stand outside, for Markdown sees no emphasis else. `around`: what is
    said of the whole line already."""
    if isinstance(each, Edge):
        return "" if each.opens else f"[^{numbers[each.talk.id]}]"
    parts = EDGES.fullmatch(each.text)
    before, inner, behind = ("", each.text, "") if parts is None else parts.group("before", "inner", "behind")
    written = escaped(inner)
    for mark in each.marks if inner else ():
        begin, end = SIGNS[mark]
        written = f"{begin}{written}{end}"
    begin, end = TAGS[Op.SAME if each.op is around else each.op]
    return f"{begin}{before}{written}{behind}{end}"


def escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: f"\\{found[0]}", text)


def _folded(words: str) -> str:
    return escaped(words).replace("\n", "\n    ")
