"""A line cut where anything changes: marks, hands, the depth of brackets, and where threads begin and end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.papers.out.paper import Hand, Line, Op, Shade, Talk


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that looks the same all along. `depth` of open brackets, 0: none."""

    text: str
    marks: tuple[str, ...]
    op: Op
    by: Hand | None
    depth: int
    was: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Where the words that a thread is about begin or end."""

    talk: Talk
    opens: bool


def pieces(line: Line) -> Iterator[Piece | Edge]:
    """In the order of the text, what was removed where it stood. A thread about the whole line holds all of it."""
    size = len(line.text)
    edges = _edges(line.talks, size)
    cuts = sorted({*edges, *(at for shade in line.shades for at in (shade.start, shade.end))})
    at = 0
    first_edges = edges.pop(0)
    yield from (edge for edge in first_edges if edge.opens)
    edges[size] = [edge for edge in first_edges if not edge.opens] + edges.get(size, [])
    for span in line.spans:
        if span.op is Op.REMOVED:
            if span.text:
                yield Piece(span.text, span.marks, span.op, span.by, depth_at(line.shades, at - 1, at))
            continue
        end = at + len(span.text)
        inner = [cut for cut in cuts if at < cut < end]
        for first, last in zip([at, *inner], [*inner, end], strict=True):
            if first < last:
                text = span.text[first - at : last - at]
                yield Piece(text, span.marks, span.op, span.by, depth_at(line.shades, first, last), span.was)
            if last < size:
                yield from edges.pop(last, ())
        at = end
    for rest in sorted(edges):
        yield from edges[rest]


def _edges(talks: Sequence[Talk], size: int) -> dict[int, list[Edge]]:
    """By place: what ends there before what begins there."""
    found: dict[int, list[Edge]] = {0: []}
    for talk in talks:
        start, end = (talk.start, talk.end) if talk.start < talk.end <= size else (0, size)
        found.setdefault(start, []).append(Edge(talk, opens=True))
        found.setdefault(end, []).insert(0, Edge(talk, opens=False))
    return found


def depth_at(shades: Sequence[Shade], first: int, last: int) -> int:
    """Of the brackets that hold this stretch."""
    return max((shade.depth for shade in shades if shade.start <= first and last <= shade.end), default=0)
