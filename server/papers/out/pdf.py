"""PDF, set by typst from `paper.typ`: line numbers, symbol and revision on every page, brackets shaded by their depth.

The text goes there as data and is never read as mark-up.
"""

from datetime import datetime
from itertools import pairwise
from typing import Any

from server.errors import Code, Problem
from server.papers.out.fonts import FOLDER, choose
from server.papers.out.heads import moment
from server.papers.out.paper import Layout, Line, Op, Paper
from server.papers.out.pieces import Edge, Piece, pieces
from server.papers.out.scripts import EAST_ASIAN, runs_right_to_left
from server.papers.out.setting import Unset, pages
from server.papers.out.talks import by_id, listed, signed, where

HUES = 8  # colours for those who changed something


def write(paper: Paper, layout: Layout) -> bytes:
    data = _data(paper, layout)
    choice = choose(_text(paper))
    data |= {"families": choice.families, "unseen": [f"U+{ord(char):04X}" for char in choice.unseen]}
    timestamp = int(datetime.fromisoformat(paper.point.at).timestamp())
    try:
        return pages(data, [FOLDER], machine=not choice.shipped, timestamp=timestamp)
    except Unset:
        raise Problem(
            Code.TOO_LARGE, "The paper is too long for PDF: export it as .docx, or without changes."
        ) from None


def unseen(paper: Paper) -> str:
    """The characters of a paper that no font at hand can show."""
    return choose(_text(paper)).unseen


def _text(paper: Paper) -> str:
    """All that is set but the words of the template."""
    said = (f"{who}{words}" for each in listed(paper) for who, words in signed(each.talk))
    lines = (f"{line.number}{''.join(span.text for span in line.spans)}" for line in paper.lines)
    heads = (paper.title, paper.symbol or "", paper.meeting, paper.body or "", paper.point.label or "")
    return "".join((*lines, *said, *heads))


def _data(paper: Paper, layout: Layout) -> dict[str, Any]:
    found = listed(paper)
    setter = _Setter(layout, by_id(found))
    against = "" if paper.against is None else f"Compared with {paper.against.name}, {moment(paper.against)}"
    return {
        "organ": paper.body or paper.meeting,
        "symbol": " ".join(part for part in (paper.symbol, paper.point.label) if part),
        "title": paper.title,
        "against": against,
        "point": f"Entry {paper.point.seq}, {moment(paper.point)}, text {paper.digest[:12]}",
        "numbering": layout.numbering,
        "lines": [setter.line(line) for line in paper.lines],
        "talks": [
            {
                "number": each.number,
                "about": where(each),
                "resolved": each.talk.resolved,
                "said": list(signed(each.talk)),
            }
            for each in found
        ],
    }


class _Setter:
    """Lines as the template takes them. Whoever changed something has a colour, as long as there are some."""

    def __init__(self, layout: Layout, numbers: dict[str, int]) -> None:
        self._layout = layout
        self._numbers = numbers
        self._hues: dict[str, int] = {}

    def line(self, line: Line) -> dict[str, Any]:
        text = line.text or line.old_text
        found = [self._piece(each) if isinstance(each, Piece) else self._edge(each) for each in pieces(line)]
        return {
            "kind": line.kind,
            "level": min(line.level, 9),
            "number": line.number,
            "op": line.op,
            "right": runs_right_to_left(text),
            "east": EAST_ASIAN.search(text) is not None,
            "agreed": line.agreed.status if line.agreed is not None else "",
            "pieces": _signed_once(found),
        }

    def _piece(self, piece: Piece) -> dict[str, Any]:
        by = "" if piece.by is None else piece.by.delegation or piece.by.name
        hue = self._hues.setdefault(by, len(self._hues) % HUES) if by else 0
        depth = min(piece.depth, 3) if self._layout.shading else 0
        return {"text": piece.text, "marks": piece.marks, "op": piece.op, "by": by, "hue": hue, "depth": depth}

    def _edge(self, edge: Edge) -> dict[str, Any]:
        return {"note": 0 if edge.opens else self._numbers[edge.talk.id]}


def _signed_once(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of changes by one hand in a row only the last says whose they are."""
    for one, other in pairwise(found):
        if one.get("by") == other.get("by", "") and other.get("op") != Op.SAME:
            one["by"] = ""
    return [each for each in found if each.get("note") != 0]
