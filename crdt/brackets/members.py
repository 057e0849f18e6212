"""A bracket with all that is said of it, and how what is left of it stands beside the other members of its run."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from crdt.brackets.attribution import REACH, after, lead, trail
from crdt.brackets.kinds import DELETION, SPACELESS, WHOLE_WORD
from crdt.brackets.model import Bracket, Kind
from crdt.brackets.places import CLOSING, OPENING
from crdt.brackets.register import Register
from crdt.brackets.scan import halfwidth
from crdt.paragraphs import Paragraph

SIGNS = OPENING + CLOSING
NONE_BEHIND = "({“«„‘/-‐‑–—"  # no space stands behind these
NONE_BEFORE = ")}”»’/-‐‑–—,.;:!?…%"  # nor before these
WIDE = re.compile(rf"{SPACELESS.pattern}|[\u3000-\u303f\uff00-\uffef]")
NO_SPACE = re.compile(r"\S+")


class Bounds(NamedTuple):
    """A bracket with all that is said of it, and its own words within, counted over its paragraphs."""

    start: int
    begins: int
    ends: int
    tail: int

    @classmethod
    def of(cls, bracket: Bracket, paragraphs: Sequence[Paragraph], register: Register) -> "Bounds":
        opening, closing = (halfwidth(each.text) for each in (paragraphs[0], paragraphs[-1]))
        _, begins = lead(opening, bracket.start + 1, register)
        if bracket.kind is Kind.DELETION:
            skipped = begins + len(opening[begins:]) - len(opening[begins:].lstrip())
            found = DELETION.match(opening, skipped)
            begins = found.end() if found else begins
        low = begins if len(paragraphs) == 1 else 0
        content = max(low, bracket.end - 1 - REACH)
        _, cut = trail(closing[content : bracket.end - 1], register)
        _, tail = after(closing, bracket.end, register)
        base = sum(len(each.text) + 1 for each in paragraphs[:-1])
        return cls(bracket.start, begins, base + content + cut, base + tail)


def spaces(
    bracket: Bracket, run: Sequence[Bracket], paragraph: Paragraph, register: Register, words: str
) -> tuple[str, str]:
    """What must be written before and behind `words`, which are all that is left of a member of a run, so that they
    stand apart from its neighbours: nothing in parts of a word, and in scripts without spaces."""
    place = run.index(bracket)
    before, behind = (
        _neighbour(place, other, run, paragraph, register) if 0 <= other < len(run) else ""
        for other in (place - 1, place + 1)
    )
    return " " if _apart(before, words) else "", " " if _apart(words, behind) else ""


def _neighbour(place: int, other: int, run: Sequence[Bracket], paragraph: Paragraph, register: Register) -> str:
    """What parts two members (`/`, `or`), else the words of the other one; "" if both are parts of one word."""
    text = paragraph.text
    own, its = (Bounds.of(run[each], [paragraph], register) for each in (place, other))
    between = text[min(own.tail, its.tail) : max(own.start, its.start)]
    if between:
        return between
    words, others = (text[each.begins : each.ends] for each in (own, its))
    parts = all(NO_SPACE.fullmatch(each) and not WHOLE_WORD.fullmatch(each) for each in (words, others))
    return "" if parts and _touched(place, run, text) else others


def _touched(place: int, run: Sequence[Bracket], text: str) -> bool:
    """Whether a letter or a digit touches the row of members with nothing between them that this one stands in."""
    first = last = place
    while first > 0 and run[first - 1].end == run[first].start:
        first -= 1
    while last + 1 < len(run) and run[last].end == run[last + 1].start:
        last += 1
    start, end = run[first].start, run[last].end
    return text[max(0, start - 1) : start].isalnum() or text[end : end + 1].isalnum()


def _apart(one: str, other: str) -> bool:
    """Whether two pieces of text need a space between them that they do not have."""
    left, right = one.rstrip(SIGNS)[-1:], other.lstrip(SIGNS)[:1]
    if not left or not right or left.isspace() or right.isspace():
        return False
    return left not in NONE_BEHIND and right not in NONE_BEFORE and WIDE.search(left + right) is None
