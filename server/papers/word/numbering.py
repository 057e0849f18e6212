"""Numbers that Word counts by itself: each paragraph's, as it would be shown, for a label."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from server.papers.out.docx.numbering import AUTOMATIC
from server.papers.word.formats import written
from server.papers.word.names import Element, attribute, child, children, switched, value, whole
from server.papers.word.styles import Numbered, Styles

PLACE: Final = re.compile(r"%([1-9])")
BLANK: Final = re.compile(r"[\t\n\r\x85\u2028\u2029]")
LEVELS: Final = 9
LONGEST: Final = 64  # characters of a label
BULLET: Final = "•"
# Characters of the fonts Symbol and Wingdings, which mean nothing elsewhere.
SIGNS: Final = {0xA7: "▪", 0xA8: "◦", 0xB7: "•", 0xD8: "➢", 0xFC: "✓", 0x6F: "◦", 0x2D: "–"}


@dataclass(frozen=True, slots=True)
class Level:
    """`text`: as in "%1.%2."; `first`: the number it begins with; `restarts`: after which level, 0: never."""

    form: str = "decimal"
    text: str = ""
    first: int = 1
    restarts: int | None = None
    legal: bool = False
    style: str | None = None


@dataclass(slots=True)
class _List:
    """The levels of a list, and how far each has been counted."""

    levels: Mapping[int, Level]
    automatic: bool = False
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)
    begun: set[tuple[str, int]] = field(default_factory=set)  # numbers that began anew: list and level


@dataclass(frozen=True, slots=True)
class Label:
    """`bullet`: it says nothing of order. `known`: whether its form could be written. `automatic`: of a list of those
    that this program writes where paragraphs are numbered by their kind."""

    text: str
    level: int
    bullet: bool = False
    known: bool = True
    automatic: bool = False


class Numbering:
    """The lists of a document, counted on as its paragraphs come."""

    def __init__(self, tree: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._links: dict[str, str] = {}  # abstract list -> the style that has its levels
        self._abstract: dict[str, str] = {}  # list -> abstract list
        self._own: dict[str, dict[int, Level]] = {}  # list -> levels that it has otherwise
        self._starts: dict[tuple[str, int], int] = {}
        for element in () if tree is None else tree:
            self._take(element)

    def label(self, numbered: Numbered, style: str | None) -> Label | None:
        """Of the next paragraph; None: it shows no number."""
        found = self._list(numbered.list)
        if found is None:
            return None
        levels = {**found.levels, **self._own.get(numbered.list, {})}
        at = numbered.level
        if at is None:
            at = next((index for index, level in levels.items() if style is not None and level.style == style), 0)
        level = levels.get(at)
        if level is None:
            return None
        self._count(found, numbered.list, at, levels)
        if level.form == "bullet":
            return Label(_sign(level.text), at, bullet=True)
        label = _label(level, at, found.counts, levels)
        return replace(label, automatic=found.automatic) if label is not None and found.automatic else label

    def _take(self, element: Element) -> None:
        id_ = attribute(element, "w:abstractNumId")
        if id_ is not None:
            levels = dict(_level(each) for each in children(element, "w:lvl"))
            self._lists.setdefault(id_, _List(levels, value(child(element, "w:name")) == AUTOMATIC))
            link = value(child(element, "w:numStyleLink"))
            if link is not None:
                self._links[id_] = link
            return
        number = attribute(element, "w:numId")
        if number is None:
            return
        self._abstract[number] = value(child(element, "w:abstractNumId")) or ""
        for override in children(element, "w:lvlOverride"):
            at = whole(attribute(override, "w:ilvl"))
            own = child(override, "w:lvl")
            if own is not None:
                self._own.setdefault(number, {})[at] = _level(own)[1]
            start = child(override, "w:startOverride")
            if start is not None:
                self._starts[number, at] = whole(value(start), 1)

    def _list(self, number: str) -> _List | None:
        abstract = self._abstract.get(number, "")
        link = self._links.get(abstract)
        if link is not None:
            numbered = self._styles.find(link).numbered
            abstract = self._abstract.get(numbered.list, "") if numbered is not None else ""
        return self._lists.get(abstract)

    def _count(self, found: _List, number: str, at: int, levels: Mapping[int, Level]) -> None:
        counts, level = found.counts, levels[at]
        start = self._starts.get((number, at))
        before = counts[at]
        if start is not None and (number, at) not in found.begun:
            counts[at] = start
        else:
            counts[at] = level.first if before is None else min(before + 1, 1 << 31)
        found.begun.add((number, at))
        for deeper in range(at + 1, LEVELS):
            restarts = levels[deeper].restarts if deeper in levels else None
            if restarts is None or at < restarts:
                counts[deeper] = None


def _label(level: Level, at: int, counts: Iterable[int | None], levels: Mapping[int, Level]) -> Label | None:
    numbers = [
        (levels[index].first if index in levels else 1) if count is None else count
        for index, count in enumerate(counts)
    ]
    known = True

    def number(place: re.Match[str]) -> str:
        nonlocal known
        index = int(place[1]) - 1
        form = levels[index].form if index in levels else "decimal"
        shown = written(numbers[index], "decimal" if level.legal else form)
        known = known and shown is not None
        return str(numbers[index]) if shown is None else shown

    text = BLANK.sub(" ", PLACE.sub(number, level.text)).strip()
    return Label(text[:LONGEST], at, known=known) if text else None


def _level(element: Element) -> tuple[int, Level]:
    at = whole(attribute(element, "w:ilvl"))
    restarts = value(child(element, "w:lvlRestart"))
    return at, Level(
        value(child(element, "w:numFmt")) or "decimal",
        value(child(element, "w:lvlText")) or "",
        whole(value(child(element, "w:start")), 0),
        None if restarts is None else whole(restarts),
        switched(child(element, "w:isLgl")) is True,
        value(child(element, "w:pStyle")),
    )


def _sign(text: str) -> str:
    """A bullet that can be read without its font."""
    sign = text.strip()[:1]
    if not sign:
        return BULLET
    if 0xF000 <= ord(sign) <= 0xF0FF:
        return SIGNS.get(ord(sign) - 0xF000, BULLET)
    return SIGNS.get(ord(sign), BULLET) if sign == "o" else sign
