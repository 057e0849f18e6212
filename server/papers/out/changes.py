"""What changed between two points of a record, as lines of a paper: from the redline to what papers can show.

Papers have one place for each paragraph. One that was moved stands twice, therefore: added where it is, and removed
where it was, so that whoever refuses both has the earlier text again, in its order.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crdt.chronicle import Past
from server.history import Redline, RedlineParagraph
from server.history import Span as Difference
from server.papers.out.numbers import numbers
from server.papers.out.paper import Hand, Line, Op, Span
from server.rooms.author import Author

Signing = Callable[[Author, str], Hand]


@dataclass(frozen=True, slots=True)
class Marker:
    """Marks lines with what changed. `before`: the earlier text; `sign`: makes a hand of an author and a time."""

    before: Sequence[Past]
    sign: Signing

    def marked(self, lines: Sequence[Line], redline: Redline) -> tuple[Line, ...]:
        """`lines` of the later text, and those that are gone behind what they stood behind."""
        told = {each.id: each for each in redline}
        stayed = self._stayed(told[line.id] for line in lines)
        here = [self._here(line, told[line.id], stayed.get(line.id)) for line in lines]
        moved = {was: line for line in here if line.moved and (was := self._origin(told[line.id])) is not None}
        behind = self._gone(told, set(stayed.values()), moved)
        found = list(behind.get(None, ()))
        for line in here:
            found += [line, *behind.get(stayed.get(line.id, ""), ())]
        return tuple(found)

    def _stayed(self, found: Iterable[RedlineParagraph]) -> Mapping[str, str]:
        """Paragraphs that are where they were, to their ids in the earlier text: the most that keep their order."""
        places = {past.id: place for place, past in enumerate(self.before)}
        pairs = [(places[was], each.id) for each in found if (was := self._origin(each)) is not None]
        return {name: self.before[place].id for place, name in _rising(pairs)}

    def _origin(self, each: RedlineParagraph) -> str | None:
        """What the paragraph was called before; None: it is new."""
        if each.status in ("added", "removed"):
            return None
        return each.id if each.kin is None else each.kin

    def _here(self, line: Line, each: RedlineParagraph, was: str | None) -> Line:
        spans = tuple(self._span(span) for span in each.spans)
        by = self._hand(each.by, each.at)
        if was is not None:
            return replace(line, spans=spans, by=by, was=each.was)
        spans = tuple(
            replace(span, op=Op.ADDED, by=span.by or by, was=None) for span in spans if span.op is not Op.REMOVED
        )
        return replace(line, spans=spans, op=Op.ADDED, by=by, moved=each.status != "added")

    def _gone(
        self, told: Mapping[str, RedlineParagraph], stayed: set[str], moved: Mapping[str, Line]
    ) -> Mapping[str | None, list[Line]]:
        """What is no longer where it was, by the paragraph that it stood behind."""
        names = numbers((past.kind, past.level, past.label) for past in self.before)
        found: dict[str | None, list[Line]] = {}
        behind: str | None = None
        for past, number in zip(self.before, names, strict=True):
            if past.id in stayed:
                behind = past.id
                continue
            each, now = told.get(past.id), moved.get(past.id)
            by = now.by if now is not None else None if each is None else self._hand(each.by, each.at)
            spans = self._spans_gone(past, None if now is not None else each, by)
            line = Line(past.id, past.kind, past.level, past.label, number, spans, op=Op.REMOVED, by=by)
            found.setdefault(behind, []).append(replace(line, moved=now is not None))
        return found

    def _spans_gone(self, past: Past, each: RedlineParagraph | None, by: Hand | None) -> tuple[Span, ...]:
        if each is None:
            return tuple(Span(run.text, run.marks, Op.REMOVED, by) for run in past.runs)
        return tuple(self._span(span) for span in each.spans)

    def _span(self, span: Difference) -> Span:
        return Span(span.text, span.marks, Op(span.op), self._hand(span.by, span.at), span.was)

    def _hand(self, author: Author | None, at: str | None) -> Hand | None:
        return None if author is None else self.sign(author, at or "")


def _rising(pairs: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The longest row of these whose numbers rise."""
    ends: list[int] = []  # the least number that a row of each length ends with …
    rows: list[int] = []  # … and which of the pairs that is
    before: list[int | None] = []
    for at, (place, _) in enumerate(pairs):
        length = bisect_left(ends, place)
        ends[length:] = [place, *ends[length + 1 :]]
        rows[length:] = [at, *rows[length + 1 :]]
        before.append(rows[length - 1] if length else None)
    found: list[tuple[int, str]] = []
    here = rows[-1] if rows else None
    while here is not None:
        found.append(pairs[here])
        here = before[here]
    return found[::-1]
