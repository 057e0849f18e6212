"""The reading of a whole text: pure, and linear in its length."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from crdt.brackets import options, runs
from crdt.brackets.attribution import REACH, after, lead, reservation, trail
from crdt.brackets.kinds import Sight, is_note, is_reservation, kind_of
from crdt.brackets.model import Attribution, Bracket, Kind, Lint, LintCode, Mend, Reading, RunClass, Status
from crdt.brackets.pairs import Pair, match
from crdt.brackets.register import Register
from crdt.brackets.scan import Scan, scan
from crdt.paragraphs import Paragraph

SHORT = 12  # words up to which a slash is taken to part alternatives, and not to stand in a sentence
BEHIND_ALL = ".,;:"  # what may follow a bracket that holds a whole paragraph; also "and" and "or"
NOBODY = Register.of(())


class _View(NamedTuple):
    """A pair by itself: what it says, who says it, and where that ends behind it."""

    sight: Sight
    attribution: tuple[Attribution, ...]
    slashed: bool
    tail: int


def read(
    paragraphs: Sequence[Paragraph], register: Register = NOBODY, agreed: Collection[str] = frozenset()
) -> Reading:
    """`agreed` holds the ids of the paragraphs that are locked; a text may say so of itself, too."""
    scans = [scan(paragraph) for paragraph in paragraphs]
    pairs, lints = match(paragraphs, scans)
    return assembled(paragraphs, scans, bracketed(pairs, scans, register), lints, agreed)


def bracketed(pairs: Sequence[Pair], scans: Sequence[Scan], register: Register) -> tuple[Bracket, ...]:
    """What the pairs are, by themselves and to each other. `scans`: of the paragraphs that they are in."""
    views = [_view(pair, scans, register) for pair in pairs]
    apart = [is_note(view.sight) or is_reservation(view.sight) for view in views]
    places: dict[int, tuple[int, RunClass]] = {}
    for members in runs.find(pairs, [view.tail for view in views], apart, scans):
        run_class = runs.classify([views[index].sight.words for index in members])
        places |= dict.fromkeys(members, (members[0], run_class))
    return tuple(_brackets(pairs, views, places))


def assembled(
    paragraphs: Sequence[Paragraph],
    scans: Sequence[Scan],
    brackets: tuple[Bracket, ...],
    lints: Sequence[Lint],
    agreed: Collection[str],
) -> Reading:
    """The reading of a whole text, whose brackets and lost halves are known."""
    statuses = {index: each.said.status for index, each in enumerate(scans) if each.said}
    found = [*lints, *_contradictions(paragraphs, scans, brackets, agreed)]
    found.sort(key=lambda lint: (lint.paragraph, lint.start))
    texts = tuple(each.counted for each in scans)
    return Reading(brackets, options.find(paragraphs, scans), statuses, tuple(found), texts)


def text_of(bracket: Bracket, paragraphs: Sequence[Paragraph]) -> str:
    """Its text with both brackets; paragraphs are parted by a line break."""
    if bracket.first == bracket.last:
        return paragraphs[bracket.first].text[bracket.start : bracket.end]
    between = [paragraph.text for paragraph in paragraphs[bracket.first + 1 : bracket.last]]
    parts = [paragraphs[bracket.first].text[bracket.start :], *between, paragraphs[bracket.last].text[: bracket.end]]
    return "\n".join(parts)


def _view(pair: Pair, scans: Sequence[Scan], register: Register) -> _View:
    opening, closing = scans[pair.first].text, scans[pair.last].text
    crosses = pair.first != pair.last
    leading, begins = lead(opening, pair.start + 1, register)
    tail_from = max(0 if crosses else begins, pair.end - 1 - REACH)
    trailing, cut = trail(closing[tail_from : pair.end - 1], register)
    behind, tail = after(closing, pair.end, register)
    ends = tail_from + cut
    core = None if crosses or ends - begins > REACH else opening[begins:ends].strip()
    reserved = reservation(opening, begins, register)
    slashed = pair.slashed and core is not None and len(core.split()) <= SHORT
    sight = Sight(
        core=core,
        head=opening[begins : begins + REACH if crosses else min(ends, begins + REACH)].strip(),
        before=" "
        if opening[pair.start + 1 : pair.start + 2].isspace()
        else opening[max(0, pair.start - 1) : pair.start],
        behind=" " if closing[max(0, pair.end - 2) : pair.end - 1].isspace() else closing[pair.end : pair.end + 1],
        reserved=bool(reserved),
        offers=slashed,
        whole=not crosses and pair.start == scans[pair.first].body and _nothing_but_stops(closing, tail),
        crosses=crosses,
    )
    return _View(sight, leading + trailing + behind + reserved, slashed, tail)


def _nothing_but_stops(text: str, at: int) -> bool:
    rest = text[at : at + REACH].strip()
    return len(text) - at <= REACH and rest.lstrip(BEHIND_ALL).strip().casefold() in ("", "and", "or", "и", "или")


def _brackets(
    pairs: Sequence[Pair], views: Sequence[_View], places: dict[int, tuple[int, RunClass]]
) -> Iterator[Bracket]:
    parts: dict[tuple[int, int], str] = {}  # where a part of a word ends: what stood before it (`modalit[y][ies]`)
    for index, (pair, view) in enumerate(zip(pairs, views, strict=True)):
        run, run_class = places.get(index, (None, None))
        view.sight.before = parts.get((pair.first, pair.start), view.sight.before)
        view.sight.offers = view.slashed or run is not None
        kind = kind_of(view.sight)
        if kind is Kind.WORD_PART:
            parts[pair.last, pair.end] = view.sight.before
        yield Bracket(
            pair.first, pair.start, pair.last, pair.end, pair.depth, pair.parent,
            kind, view.slashed, run, run_class, view.attribution,
        )  # fmt: skip


def _contradictions(
    paragraphs: Sequence[Paragraph], scans: Sequence[Scan], brackets: Sequence[Bracket], agreed: Collection[str]
) -> Iterator[Lint]:
    """Paragraphs that are said to be agreed, or locked, and hold or are cut by a bracket."""
    cut = covered(brackets)
    for index, (paragraph, each) in enumerate(zip(paragraphs, scans, strict=True)):
        said = each.said if each.said and each.said.status is not Status.PENDING else None
        if index in cut and (said or paragraph.id in agreed):
            start, end = (said.start, said.end) if said else (0, len(each.text))
            mend = Mend(index, start, end - start if said else 0, "")
            yield Lint(LintCode.AGREED_WITH_BRACKETS, index, start, end, mend)


def covered(brackets: Sequence[Bracket]) -> set[int]:
    """The paragraphs that hold a pair or are cut by one."""
    found: set[int] = set()
    for bracket in brackets:
        if bracket.parent is None:
            if bracket.first == bracket.last:
                found.add(bracket.first)
            else:
                found.update(range(bracket.first, bracket.last + 1))
    return found
