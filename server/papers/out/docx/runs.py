"""Runs of text: marks, tracked changes and their hands, the shade of open brackets, the direction of scripts."""

from dataclasses import dataclass, field

from server.papers.out import xml
from server.papers.out.docx.comments import Comments, moment
from server.papers.out.paper import Hand, Layout, Line, Op
from server.papers.out.pieces import Edge, Piece, pieces
from server.papers.out.scripts import runs_right_to_left, stretches

SHADES = ("FFF4CC", "FFE3A3", "FFD27D", "FFC04D")  # by depth
UNKNOWN = Hand("Rolling Text", None, None)
_SWITCHES = (("strong", "<w:b/><w:bCs/>"), ("em", "<w:i/><w:iCs/>"), ("strike", "<w:strike/>"))


@dataclass(slots=True)
class Pen:
    """Writes one document; `changes` counts the tracked ones, which have ids."""

    layout: Layout
    comments: Comments
    changes: int = field(default=0)

    def runs(self, line: Line) -> str:
        base = runs_right_to_left(line.text or line.old_text)
        return "".join(
            self.comments.edge(each) if isinstance(each, Edge) else self._piece(each, base) for each in pieces(line)
        )

    def tracked(self, element: str, hand: Hand | None, content: str = "") -> str:
        """An element of a tracked change, named like `w:ins`."""
        hand = hand or UNKNOWN
        self.changes += 1
        opening = f'<{element} w:id="{self.changes}" w:author={xml.attribute(hand.stands_for)}{moment(hand.at)}'
        return f"{opening}>{content}</{element}>" if content else f"{opening}/>"

    def _piece(self, piece: Piece, base: bool) -> str:
        letters = "w:delText" if piece.op is Op.REMOVED else "w:t"
        written = "".join(
            f"<w:r>{self._properties(piece, right)}{_text(text, letters)}</w:r>"
            for text, right in stretches(piece.text, base)
        )
        if piece.op is Op.SAME:
            return written
        return self.tracked("w:ins" if piece.op is Op.ADDED else "w:del", piece.by, written)

    def _properties(self, piece: Piece, right: bool) -> str:
        before = ""
        if piece.was is not None:
            before = self.tracked("w:rPrChange", piece.by, f"<w:rPr>{_marks(piece.was)}</w:rPr>")
        shade = ""
        if self.layout.shading and piece.depth:
            fill = SHADES[min(piece.depth, len(SHADES)) - 1]
            shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
        found = f"{_marks(piece.marks, shade)}{'<w:rtl/>' if right else ''}{before}"
        return f"<w:rPr>{found}</w:rPr>" if found else ""


def _marks(marks: tuple[str, ...], shade: str = "") -> str:
    """In the order of the schema: underlining comes behind the others, and before the shade."""
    switches = "".join(written for mark, written in _SWITCHES if mark in marks)
    underlined = '<w:u w:val="single"/>' if "underline" in marks else ""
    return f"{switches}{underlined}{shade}"


def _text(text: str, letters: str) -> str:
    parts = (
        f'<{letters} xml:space="preserve">{xml.text(part)}</{letters}>' if part else "" for part in text.split("\t")
    )
    return "<w:tab/>".join(parts)
