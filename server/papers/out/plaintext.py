"""Plain text: paragraphs parted by blank lines, each behind its number. Read again they are the same paragraphs.

Changes are marked as `{++added++}` and `{--removed--}`, threads as `[^1]` with what was said at the end.
"""

from server.papers.out.paper import Layout, Line, Op, Paper
from server.papers.out.pieces import Edge, Piece, pieces
from server.papers.out.talks import by_id, listed, signed, where

SIGNS = {Op.SAME: ("", ""), Op.ADDED: ("{++", "++}"), Op.REMOVED: ("{--", "--}")}


def write(paper: Paper, layout: Layout) -> bytes:
    found = listed(paper)
    numbers = by_id(found)
    parts = [_line(line, numbers) for line in paper.lines]
    for each in found:
        said = "\n".join(f"{who}: {words}" for who, words in signed(each.talk))
        parts.append(f"[^{each.number}]: {where(each)}{' (resolved)' if each.talk.resolved else ''}\n{said}")
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _line(line: Line, numbers: dict[str, int]) -> str:
    text = "".join(_inline(each, numbers, line.op) for each in pieces(line))
    begin, end = SIGNS[line.op]
    return begin + " ".join(part for part in (line.number, text) if part) + end


def _inline(each: Piece | Edge, numbers: dict[str, int], around: Op) -> str:
    """`around`: what is said of the whole line already."""
    if isinstance(each, Edge):
        return "" if each.opens else f"[^{numbers[each.talk.id]}]"
    begin, end = SIGNS[Op.SAME if each.op is around else each.op]
    return f"{begin}{each.text}{end}"
