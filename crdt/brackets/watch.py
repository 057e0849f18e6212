"""What becomes of brackets while a text is edited: those that an update takes away, and those that it brings back.

Keystrokes that neither delete nor insert a bracket cost nothing here: the text is read when one is about to vanish.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any, Final

from crdt.brackets.attribution import lead
from crdt.brackets.live import Live
from crdt.brackets.model import Bracket, Counts, Kind, LintCode, Reading, RunClass
from crdt.brackets.places import (
    CLOSING,
    OPENING,
    beside,
    ident,
    opening_signs,
    point,
    signs_in,
    something_new_around,
    stretches,
)
from crdt.brackets.reading import text_of
from crdt.index import TextIndex
from crdt.paragraphs import Paragraph
from crdt.units import utf16_len
from crdt.update import OWN, STRING, Range, decode

QUOTED: Final = 1_000
"""Code points of a bracket's text that are kept of it when it is gone."""


class Outcome(StrEnum):
    """What became of a bracket (B5); `chosen`: of its run, this member stayed."""

    KEPT = "kept"
    DELETED = "deleted"
    REPLACED = "replaced"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Seen:
    """A bracket as it is read: an open one whose `]` is lost reads as its `[` alone. `size`: of the whole text, of
    which perhaps only the beginning is here."""

    id: str
    paragraph: str
    end_paragraph: str
    start: int
    end: int
    depth: int
    text: str
    size: int
    kind: Kind
    run: str | None
    run_class: RunClass | None
    attribution: tuple[tuple[str, str | None], ...]
    closed: bool

    def told(self) -> dict[str, Any]:
        """As JSON keeps it, a long text cut."""
        return {
            "paragraph": self.paragraph,
            "end_paragraph": self.end_paragraph,
            "start": self.start,
            "end": self.end,
            "depth": self.depth,
            "text": self.text[:QUOTED],
            "size": self.size,
            "kind": self.kind,
            "run": self.run,
            "run_class": self.run_class,
            "attribution": [list(each) for each in self.attribution],
            "closed": self.closed,
        }


@dataclass(frozen=True, slots=True)
class Sight:
    """A text as it is read now, with the ids of its brackets."""

    paragraphs: Sequence[Paragraph]
    reading: Reading
    counts: Counts
    ids: tuple[str, ...]  # of the reading's brackets
    places: Mapping[str, int]  # the other way round
    unclosed: Mapping[str, tuple[int, int]]  # id of a `[` without its `]`: paragraph and place
    ends: Sequence[int]  # where each paragraph ends in a row of all, parted by line breaks

    def seen(self, name: str, most: int | None = None) -> Seen | None:
        """The open bracket with this id; `most`: code points of its text. (10,000 nested ones are long in all.)"""
        place = self.places.get(name)
        if place is not None:
            return self._pair(name, self.reading.brackets[place], most)
        if name in self.unclosed:
            return self._half(name, *self.unclosed[name])
        return None

    def _pair(self, name: str, bracket: Bracket, most: int | None) -> Seen:
        before = self.ends[bracket.first - 1] if bracket.first else 0
        size = (self.ends[bracket.last - 1] if bracket.last else 0) - before + bracket.end - bracket.start
        return Seen(
            id=name,
            paragraph=self.paragraphs[bracket.first].id,
            end_paragraph=self.paragraphs[bracket.last].id,
            start=bracket.start,
            end=bracket.end,
            depth=bracket.depth,
            text=text_of(bracket, self.paragraphs) if most is None else self._beginning(bracket, most),
            size=size,
            kind=bracket.kind,
            run=None if bracket.run is None else self.ids[bracket.run],
            run_class=bracket.run_class,
            attribution=tuple((each.delegation, each.stance) for each in bracket.attribution),
            closed=True,
        )

    def _beginning(self, bracket: Bracket, most: int) -> str:
        if bracket.first == bracket.last:
            text = self.paragraphs[bracket.first].text
            return text[bracket.start : min(bracket.end, bracket.start + most)]
        found = self.paragraphs[bracket.first].text[bracket.start : bracket.start + most]
        for place in range(bracket.first + 1, bracket.last + 1):
            if len(found) >= most:
                break
            stop = bracket.end if place == bracket.last else most
            found += "\n" + self.paragraphs[place].text[:stop]
        return found[:most]

    def _half(self, name: str, paragraph: int, at: int) -> Seen:
        here = self.paragraphs[paragraph]
        text = here.text[at : at + 1]
        return Seen(name, here.id, here.id, at, at + 1, 1, text, 1, Kind.CONTESTED, None, None, (), closed=False)


@dataclass(frozen=True, slots=True)
class Lost:
    """A bracket that has vanished, and how it read before. `slip`: as far as is known it was never closed."""

    was: Seen
    outcome: Outcome
    slip: bool


class Watch:
    """Looks after the brackets of one document."""

    def __init__(self, index: TextIndex) -> None:
        self.live = Live()
        self.agreed: frozenset[str] = frozenset()
        """Ids of the paragraphs that are locked."""
        self._index = index
        self._sight: Sight | None = None
        self._closed: dict[str, None] = {}  # ids of all that were ever seen as pairs
        self._doomed: _Doomed | None = None

    def sight(self) -> Sight:
        """The text as it is in the index now."""
        paragraphs = self._index.paragraphs()
        reading, counts = self.live.read(paragraphs, self.agreed)
        if self._sight is None or self._sight.reading is not reading:
            self._sight = self._named(paragraphs, reading, counts)
            self._closed.update(dict.fromkeys(self._sight.ids))
        return self._sight

    def adopt(self, live: Live) -> None:
        """Goes on from what was read elsewhere."""
        self.live, self._sight = live, None

    def _named(self, paragraphs: Sequence[Paragraph], reading: Reading, counts: Counts) -> Sight:
        lost = [lint for lint in reading.lints if lint.code is LintCode.UNCLOSED]
        holding = {bracket.first for bracket in reading.brackets} | {lint.paragraph for lint in lost}
        signs = {place: self._signs(paragraphs[place]) for place in holding}
        ids = tuple(signs[bracket.first][bracket.start] for bracket in reading.brackets)
        unclosed = {signs[lint.paragraph][lint.start]: (lint.paragraph, lint.start) for lint in lost}
        places = {name: place for place, name in enumerate(ids)}
        ends = list(accumulate(len(paragraph.text) + 1 for paragraph in paragraphs))
        return Sight(paragraphs, reading, counts, ids, places, unclosed, ends)

    def _signs(self, paragraph: Paragraph) -> Mapping[int, str]:
        return self.live.signs(paragraph, lambda: opening_signs(self._index, paragraph.id))

    # -- an update that is judged

    def before(self, deletes: Mapping[int, Sequence[Range]]) -> None:
        """An update is about to delete these; nothing of it has come into the index yet."""
        opening, closing = self._hit(deletes)
        if opening or closing:
            sight = self.sight()
            seen = [each for each in (sight.seen(name, QUOTED) for name in opening) if each is not None]
            self._doomed = _Doomed(self._index, sight, seen) if seen else None

    def _hit(self, deletes: Mapping[int, Sequence[Range]]) -> tuple[list[str], bool]:
        """The ids of the `[` that live in these ranges, and whether a `]` does."""
        opening: list[str] = []
        closing = False
        for client, found in deletes.items():
            end = self._index.end(client)
            for clock, size in found:
                if clock >= end:
                    continue
                for piece in self._index.pieces(client, clock, min(size, end - clock)):
                    text = piece.text
                    closing = closing or any(sign in text for sign in CLOSING)
                    if any(sign in text for sign in OPENING):
                        opening += [f"{client}-{piece.clock + utf16_len(text[:at])}" for at in sorted(signs_in(text))]
        return opening, closing

    @property
    def alarmed(self) -> bool:
        """Whether the latest updates would have deleted a bracket's `[`."""
        return self._doomed is not None

    def lost(self, update: bytes) -> list[Lost]:
        """The brackets that went with the update that was just taken, in the order of the text."""
        doomed, self._doomed = self._doomed, None
        return [] if doomed is None else list(doomed.fates(_fresh(update), self._closed, self.live))

    def came(self, update: bytes) -> list[tuple[Seen, dict[int, int]]]:
        """The brackets that an update has just brought, and what is fresh with them: see `is_beside`."""
        sight, fresh = self.sight(), _fresh(update)
        names = [
            f"{struct.client}-{struct.clock + utf16_len(struct.value[:at])}"
            for struct in decode(update, OWN).structs
            if struct.kind == STRING and isinstance(struct.value, str)
            for at in sorted(signs_in(struct.value))
        ]
        return [(seen, fresh) for seen in (sight.seen(name, QUOTED) for name in names) if seen is not None]

    def is_beside(self, name: str, gone: str, fresh: dict[int, int]) -> bool:
        """Whether a `[` stands where one that is gone stood."""
        return self._index.knows(ident(gone)) and beside(self._index, ident(name), ident(gone), fresh)


def _fresh(update: bytes) -> dict[int, int]:
    """By client, the first clock of what an update brings."""
    fresh: dict[int, int] = {}
    for struct in decode(update, OWN).structs:
        fresh[struct.client] = min(struct.clock, fresh.get(struct.client, struct.clock))
    return fresh


class _Doomed:
    """Brackets whose `[` an update would delete, and every character around and in them, before it does."""

    def __init__(self, index: TextIndex, sight: Sight, seen: Sequence[Seen]) -> None:
        self._index = index
        self._seen = seen
        self._starts: dict[str, int] = {}  # of each paragraph, in one row of all characters
        self._parts: list[tuple[int, int, str]] = []  # client, clock and text, in order
        size, done = 0, 0
        for span in sorted((self._span(sight, each) for each in seen), key=lambda span: span.start):
            for place in range(max(done, span.start), span.stop):
                size += self._add(sight.paragraphs[place], size)
            done = max(done, span.stop)

    def _add(self, paragraph: Paragraph, size: int) -> int:
        self._starts[paragraph.id] = size
        found = [(client, clock, text) for client, clock, _, text in stretches(self._index, paragraph.id)]
        self._parts += found
        return sum(len(text) for _, _, text in found)

    @staticmethod
    def _span(sight: Sight, seen: Seen) -> range:
        place = sight.places.get(seen.id)
        if place is None:
            first = sight.unclosed[seen.id][0]
            return range(first, first + 1)
        bracket = sight.reading.brackets[place]
        return range(bracket.first, bracket.last + 1)

    def fates(self, fresh: dict[int, int], closed: Container[str], live: Live) -> Iterator[Lost]:
        before, after = self._words()
        known: dict[Any, bool] = {}
        for seen in self._seen:
            if self._index.items.at(ident(seen.id)).alive:
                continue
            start, end = self._inside(seen, live)
            had, has = before[end] - before[start], after[end] - after[start]
            if not seen.closed or (has and has == had):
                outcome = Outcome.KEPT
            elif has or something_new_around(self._index, ident(seen.id), fresh, known):
                outcome = Outcome.REPLACED
            else:
                outcome = Outcome.DELETED
            yield Lost(seen, outcome, seen.id not in closed)

    def _inside(self, seen: Seen, live: Live) -> tuple[int, int]:
        """Where its own words begin and end, in the row of all characters; who says them is none of these."""
        first = self._starts[seen.paragraph]
        if not seen.closed:
            return first, first
        _, begins = lead(seen.text, 1, live.register)
        return first + seen.start + begins, self._starts[seen.end_paragraph] + seen.end - 1

    def _words(self) -> tuple[list[int], list[int]]:
        """How many characters that people read stand before each of the row, brackets aside; and of these, how many
        still live."""
        had: list[bool] = []
        has: list[bool] = []
        for client, clock, text in self._parts:
            words = [not char.isspace() and char not in OPENING and char not in CLOSING for char in text]
            lives = [False] * len(text)
            for piece in self._index.pieces(client, clock, utf16_len(text)) if text else ():
                first = point(text, piece.clock - clock)
                lives[first : first + len(piece.text)] = [True] * len(piece.text)
            had += words
            has += [word and living for word, living in zip(words, lives, strict=True)]
        return [0, *accumulate(had)], [0, *accumulate(has)]
