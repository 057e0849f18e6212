"""What changed between two points of a record, as lines of a paper: from the redline to what papers can show.

Papers have one place for each paragraph. One that was moved stands twice, therefore: added where it is, and removed
where it was, so that whoever refuses both has the earlier text again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from crdt.chronicle import Past
from server.history import Redline, RedlineParagraph
from server.history import Span as Difference
from server.papers.out.numbers import numbers
from server.papers.out.paper import Hand, Line, Op, Span
from server.rooms.standing import Author

Signing = Callable[[Author, str], Hand]


@dataclass(frozen=True, slots=True)
class Marker:
    """Marks lines with what changed. `before`: the earlier text; `sign`: makes a hand of an author and a time."""

    before: Sequence[Past]
    sign: Signing

    def marked(self, lines: Sequence[Line], redline: Redline) -> tuple[Line, ...]:
        """`lines` of the later text, and those that are gone where they stood."""
        standing = {line.id: line for line in lines}
        numbered = self._numbers()
        found: list[Line] = []
        moved: dict[str, Line] = {}  # by the id that a paragraph had before
        for each in redline:
            line = standing.get(each.id)
            if line is None:
                found.append(self._gone(each, numbered))
                continue
            line = self._here(line, each)
            if line.moved and each.kin is not None:
                moved[each.kin] = self._was(line, each.kin, numbered)
            found.append(line)
        return tuple(self._put_back(found, moved))

    def _numbers(self) -> Mapping[str, str]:
        names = numbers((past.kind, past.level, past.label) for past in self.before)
        return {past.id: name for past, name in zip(self.before, names, strict=True)}

    def _here(self, line: Line, each: RedlineParagraph) -> Line:
        moved = each.status == "moved"
        by = self._hand(each.by, each.at)
        spans = tuple(self._span(span) for span in each.spans)
        if moved:
            spans = tuple(
                replace(span, op=Op.ADDED, by=span.by or by, was=None) for span in spans if span.op is not Op.REMOVED
            )
        return replace(
            line,
            spans=spans,
            op=Op.ADDED if moved or each.status == "added" else Op.SAME,
            by=by,
            moved=moved,
            was=None if moved else each.was,
        )

    def _gone(self, each: RedlineParagraph, numbered: Mapping[str, str]) -> Line:
        return Line(
            id=each.id,
            kind=each.kind,
            level=each.level,
            label=each.label,
            number=numbered.get(each.id, ""),
            spans=tuple(self._span(span) for span in each.spans),
            op=Op.REMOVED,
            by=self._hand(each.by, each.at),
        )

    def _was(self, line: Line, name: str, numbered: Mapping[str, str]) -> Line:
        """A moved paragraph, where it was and as it was."""
        past = next(past for past in self.before if past.id == name)
        spans = tuple(Span(run.text, run.marks, Op.REMOVED, line.by) for run in past.runs)
        return Line(
            name, past.kind, past.level, past.label, numbered[name], spans, op=Op.REMOVED, by=line.by, moved=True
        )

    def _put_back(self, found: Sequence[Line], moved: Mapping[str, Line]) -> list[Line]:
        """Each behind the paragraph that it stood behind."""
        if not moved:
            return list(found)
        behind: dict[str | None, list[Line]] = {}
        before: str | None = None
        for past in self.before:
            if past.id in moved:
                behind.setdefault(before, []).append(moved[past.id])
            else:
                before = past.id
        ordered = list(behind.get(None, ()))
        for line in found:
            ordered += [line, *behind.get(line.id, ())]
        return ordered

    def _span(self, span: Difference) -> Span:
        return Span(span.text, span.marks, Op(span.op), self._hand(span.by, span.at), span.was)

    def _hand(self, author: Author | None, at: str | None) -> Hand | None:
        return None if author is None else self.sign(author, at or "")
