"""What a resolution does to the text: which characters go, what comes instead, and how it will read.

Who says it (`KAZ:`, `(IND)`) goes with the brackets, for that is not what was agreed; spaces and commas that would be
left double go, too, and what is left of a member of a run gets the space that parts it from its neighbours. A
paragraph of which nothing is left goes with its last word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from crdt.brackets.members import Bounds, spaces
from crdt.brackets.model import Bracket
from crdt.brackets.places import id_at, ident, ranges
from crdt.brackets.register import Register
from crdt.brackets.watch import Sight
from crdt.index import TextIndex
from crdt.paragraphs import Paragraph
from crdt.units import utf16_len
from crdt.update import STRING, Id, Range, Struct, Update, encode, joined

SPACES = " \t\u00a0\u202f"
STOPS = ",;."  # no space stands before these


class Act(StrEnum):
    """What the chair may do with a bracket."""

    KEEP = "keep"
    DELETE = "delete"
    REPLACE = "replace"
    CHOOSE = "choose"


class Cut(NamedTuple):
    """Characters that go, counted over all paragraphs of the plan, which are parted by line breaks, and what is
    written instead. (That only in the first paragraph.)"""

    start: int
    end: int
    text: str = ""


class Change(NamedTuple):
    """A paragraph before and after; `after` None: it goes."""

    paragraph: str
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`cuts`: in order, apart from each other."""

    paragraphs: Sequence[Paragraph]
    cuts: tuple[Cut, ...]
    removed: bool  # the first paragraph has nothing left, and goes

    def changes(self) -> list[Change]:
        found: list[Change] = []
        row = "\n".join(paragraph.text for paragraph in self.paragraphs)
        at = 0
        for place, paragraph in enumerate(self.paragraphs):
            end = at + len(paragraph.text)
            left = "".join(self._left(row, at, end))
            if place == 0:
                found.append(Change(paragraph.id, paragraph.text, None if self.removed else left))
            elif any(cut.start <= at - 1 < cut.end for cut in self.cuts):
                found.append(Change(paragraph.id, paragraph.text, None))
                joining = next(n for n in range(len(found) - 2, -1, -1) if n == 0 or found[n].after is not None)
                whole = found[joining].after
                found[joining] = found[joining]._replace(after=None if whole is None else whole + left)
            else:
                found.append(Change(paragraph.id, paragraph.text, left))
            at = end + 1
        return [each for each in found if each.before != each.after]

    def _left(self, row: str, start: int, end: int) -> Iterator[str]:
        for cut in self.cuts:
            if cut.end > start and cut.start < end:
                yield row[start : cut.start] + (cut.text if cut.start >= start else "")
                start = min(cut.end, end)
        yield row[start:end]

    def update(self, index: TextIndex, client: int) -> bytes:
        """As one Yjs update, what is written under `client`, which is new here."""
        deletes: dict[int, list[Range]] = {}
        at = 0
        for place, paragraph in enumerate(self.paragraphs):
            end = at + len(paragraph.text)
            for cut in self.cuts:
                if cut.start < end and cut.end > at:
                    for author, found in ranges(index, paragraph.id, max(cut.start - at, 0), min(cut.end, end) - at):
                        deletes.setdefault(author, []).append(found)
            gone = self.removed if place == 0 else any(cut.start <= at - 1 < cut.end for cut in self.cuts)
            if gone:
                author, clock = ident(paragraph.id)
                deletes.setdefault(author, []).append((clock, 1))
            at = end + 1
        structs = tuple(self._written(index, client))
        return encode(Update(structs, {author: joined(sorted(found)) for author, found in deletes.items()}))

    def _written(self, index: TextIndex, client: int) -> Iterator[Struct]:
        clock = 0
        for cut in self.cuts:
            if cut.text:
                origin = id_at(index, self.paragraphs[0].id, cut.start)
                yield Struct(client, clock, utf16_len(cut.text), STRING, origin, _behind(index, origin), value=cut.text)
                clock += utf16_len(cut.text)


def plan(sight: Sight, name: str, act: Act, text: str, register: Register) -> Plan | None:
    """For the open pair with this id; None when it is chosen and there is nothing to choose from."""
    bracket = sight.reading.brackets[sight.places[name]]
    paragraphs = sight.paragraphs[bracket.first : bracket.last + 1]
    bounds = Bounds.of(bracket, paragraphs, register)
    run = [each for each in sight.reading.brackets if each.run is not None and each.run == bracket.run]
    if act is Act.CHOOSE:
        if not run:
            return None
        first, last = Bounds.of(run[0], paragraphs, register), Bounds.of(run[-1], paragraphs, register)
        return _tidied(bracket, paragraphs, [Cut(first.start, bounds.begins), Cut(bounds.ends, last.tail)])
    if act is Act.DELETE:
        return _tidied(bracket, paragraphs, [_parted(bracket, run, bounds, paragraphs, register)])
    words = text if act is Act.REPLACE else paragraphs[0].text[bounds.begins : bounds.ends]
    before, behind = spaces(bracket, run, paragraphs[0], register, words) if run else ("", "")
    if act is Act.REPLACE:
        return Plan(paragraphs, (Cut(bounds.start, bounds.tail, before + text + behind),), removed=False)
    cuts = [Cut(bounds.start, bounds.begins, before), Cut(bounds.ends, bounds.tail, behind)]
    return _tidied(bracket, paragraphs, cuts)


def _parted(
    bracket: Bracket, run: Sequence[Bracket], bounds: Bounds, paragraphs: Sequence[Paragraph], register: Register
) -> Cut:
    """A bracket, and of a run also what parts it from the next member (`/`, `or`), or the last from the one before."""
    place = run.index(bracket) if run else 0
    if place + 1 < len(run):
        return Cut(bounds.start, Bounds.of(run[place + 1], paragraphs, register).start)
    if place:
        return Cut(Bounds.of(run[place - 1], paragraphs, register).tail, bounds.tail)
    return Cut(bounds.start, bounds.tail)


def _tidied(bracket: Bracket, paragraphs: Sequence[Paragraph], cuts: list[Cut]) -> Plan:
    row = "\n".join(paragraph.text for paragraph in paragraphs)
    found: list[Cut] = []
    for cut in cuts:
        if found and found[-1].end >= cut.start:
            cut = Cut(found.pop().start, max(cut.end, cut.start))  # nothing is left that would need a space
        if cut.start < cut.end:
            found.append(cut)
    tidy: list[Cut] = []
    for cut in found:
        tidy.append(_spaced(row, cut, tidy[-1].end if tidy else 0)._replace(text=cut.text))
    rest = _rest(row, tidy)
    return Plan(paragraphs, tuple(tidy), removed=bracket.first > 0 and "\n" not in rest and not rest.strip())


def _rest(row: str, cuts: Sequence[Cut]) -> str:
    parts, at = [], 0
    for cut in cuts:
        parts.append(row[at : cut.start])
        at = cut.end
    return "".join(parts) + row[at:]


def _spaced(row: str, cut: Cut, low: int) -> Cut:
    """The cut with the spaces and commas at its ends that would be left double. Nothing before `low` is touched."""
    left, right = cut.start, cut.end
    while left > low and row[left - 1] in SPACES:
        left -= 1
    while right < len(row) and row[right] in SPACES:
        right += 1
    before = row[left - 1] if left else "\n"
    behind = row[right] if right < len(row) else "\n"
    if behind in STOPS or behind in ")\n":
        if before == "," and behind in STOPS and left > low:
            left -= 1
            while left > low and row[left - 1] in SPACES:
                left -= 1
        elif before == "\n" and behind in ",;":
            right += 1
            while right < len(row) and row[right] in SPACES:
                right += 1
        return Cut(left, right)
    if before in "\n(":
        return Cut(left, right)
    return Cut(cut.start, right) if left < cut.start and right > cut.end else cut


def _behind(index: TextIndex, origin: Id) -> Id | None:
    item = index.items.at(origin)
    if origin[1] + 1 < item.clock + item.size:
        return origin[0], origin[1] + 1
    return None if item.right is None else (item.right.client, item.right.clock)
