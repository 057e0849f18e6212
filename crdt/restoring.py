"""Text as it was, over the text as it is: what reads alike stays, with its ids; the rest goes, or is written anew.

Paragraphs that are the same and read the same are left alone. What stands between them is compared word by word, the
newlines among the words, so that what was split is joined and what was joined is split.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from crdt.compose import entry_of
from crdt.index import PARAGRAPHS, TEXT, TextIndex
from crdt.items import Item
from crdt.paragraphs import Paragraph
from crdt.rising import rising
from crdt.units import utf16_len
from crdt.update import ANY, FORMAT, STRING, Id, Plain, Range, Struct, Update, encode, joined

_TOKEN: Final = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")

Marks = tuple[str, ...]


class Piece(NamedTuple):
    """Text to be written, under marks; or, where `begins` is given, the newline of that paragraph."""

    text: str
    marks: Marks
    begins: Paragraph | None = None


class Place(NamedTuple):
    """Before that code point of a paragraph's text, by the paragraph's index; (-1, 0) stands before all."""

    paragraph: int
    at: int


class _Token(NamedTuple):
    text: str
    place: Place  # where it begins; of a newline: the end of the paragraph before
    paragraph: int  # its index
    begins: str | None = None  # of a newline: the id by which it is known again; "" where it is not


@dataclass(slots=True)
class Plan:
    """`heads`: by index of the paragraphs that are there, what each becomes (None: its newline goes); `kept`: the marks
    of each code point that stays (None: it goes); what is not in `kept` stays as it is. `added`: what is written."""

    current: Sequence[Paragraph]
    heads: list[Paragraph | None] = field(default_factory=list)
    kept: dict[int, list[Marks | None]] = field(default_factory=dict)
    added: dict[Place, list[Piece]] = field(default_factory=dict)

    def update(self, index: TextIndex, client: int) -> bytes | None:
        """As one Yjs update of the text that was planned for, what is written under `client`, which is new here; None
        when nothing changes."""
        return _Pen(index, client, self).write()


def plan(current: Sequence[Paragraph], target: Sequence[Paragraph]) -> Plan:
    """How the paragraphs that are there come to read as those that were."""
    made = Plan(current, [None] * len(current))
    same = _in_order(current, target)
    common = {current[here].id for here, _ in same}
    here, there = 0, 0
    for stop, end in (*(pair for pair in same if _alike(current, target, pair)), (len(current), len(target))):
        _compare(made, range(here, stop), target[there:end], common)
        if stop < len(current):
            made.heads[stop] = target[end]
        here, there = stop + 1, end + 1
    return made


def _alike(current: Sequence[Paragraph], target: Sequence[Paragraph], pair: tuple[int, int]) -> bool:
    return current[pair[0]].digest == target[pair[1]].digest


def _in_order(current: Sequence[Paragraph], target: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """The most paragraphs that are in both under the same ids, in the same order: their indices in each."""
    places = {paragraph.id: place for place, paragraph in enumerate(target)}
    pairs = [(here, places[paragraph.id]) for here, paragraph in enumerate(current) if paragraph.id in places]
    return rising(pairs)


def _compare(made: Plan, here: range, wanted: Sequence[Paragraph], common: set[str]) -> None:
    """Paragraphs that are there with those that shall stand in their places."""
    for number in here:
        made.kept[number] = [None] * len(made.current[number].text)
    ours = list(_tokens(made.current, here, common))
    theirs = list(_tokens(wanted, range(len(wanted)), common))
    marks = [[run.marks for run in each.runs for _ in run.text] for each in wanted]
    matcher = SequenceMatcher(None, [_key(each) for each in ours], [_key(each) for each in theirs])
    behind = Place(here.stop - 1, len(made.current[here.stop - 1].text) if here.stop else 0)
    for what, start, stop, first, last in matcher.get_opcodes():
        if what == "equal":
            for mine, their in zip(ours[start:stop], theirs[first:last], strict=True):
                _keep(made, mine, their, wanted, marks)
        elif first < last:
            place = ours[stop].place if stop < len(ours) else behind
            pieces = [piece for each in theirs[first:last] for piece in _pieces(each, wanted, marks)]
            made.added.setdefault(place, []).extend(pieces)


def _key(token: _Token) -> tuple[str, str | None]:
    return token.text, token.begins


def _tokens(paragraphs: Sequence[Paragraph], numbers: range, common: set[str]) -> Iterator[_Token]:
    for number in numbers:
        paragraph = paragraphs[number]
        before = Place(number - 1, len(paragraphs[number - 1].text) if number else 0)
        yield _Token("\n", before, number, paragraph.id if paragraph.id in common else "")
        for found in _TOKEN.finditer(paragraph.text):
            yield _Token(found[0], Place(number, found.start()), number)


def _keep(made: Plan, mine: _Token, their: _Token, wanted: Sequence[Paragraph], marks: Sequence[list[Marks]]) -> None:
    if mine.begins is not None:
        made.heads[mine.paragraph] = wanted[their.paragraph]
        return
    start, size = their.place.at, len(their.text)
    made.kept[mine.paragraph][mine.place.at : mine.place.at + size] = marks[their.paragraph][start : start + size]


def _pieces(token: _Token, wanted: Sequence[Paragraph], marks: Sequence[list[Marks]]) -> Iterator[Piece]:
    if token.begins is not None:
        yield Piece("\n", (), wanted[token.paragraph])
        return
    start, under = 0, marks[token.paragraph][token.place.at : token.place.at + len(token.text)]
    for end in range(1, len(under) + 1):
        if end == len(under) or under[end] != under[start]:
            yield Piece(token.text[start:end], under[start])
            start = end


class _Pen:
    """Goes through the characters and marks of a text once, in their order, and notes what goes and what comes."""

    def __init__(self, index: TextIndex, client: int, made: Plan) -> None:
        self._index = index
        self._client = client
        self._plan = made
        self._structs: list[Struct] = []
        self._deletes: dict[int, list[Range]] = {}
        self._clock = 0
        self._left: Id | None = None  # what stands right before
        self._was: set[str] = set()  # the marks that are on here in the text as it is …
        self._on: set[str] = set()  # … and in what it becomes

    def write(self) -> bytes | None:
        number, at = -1, 0
        for item in self._index.text:
            if item.alive and isinstance(item.value, list):
                self._mark(item.value)
            if not (item.alive and item.text):
                self._left = (item.client, item.clock + item.size - 1)
                continue
            if item.head:
                self._add(Place(number, at), (item.client, item.clock))
                number, at = number + 1, 0
                self._head(item, number)
            at = self._characters(item, number, at)
        self._add(Place(number, at), None)
        for paragraph, becomes in zip(self._plan.current, self._plan.heads, strict=True):
            if becomes is not None:
                self._dress(paragraph, becomes)
        if not self._structs and not self._deletes:
            return None
        deletes = {client: joined(sorted(ranges)) for client, ranges in self._deletes.items()}
        return encode(Update(tuple(self._structs), deletes))

    def _mark(self, value: list[Plain]) -> None:
        name, on = str(value[0]), value[1] is True
        for marks in (self._was, self._on):
            marks.add(name) if on else marks.discard(name)

    def _head(self, item: Item, number: int) -> None:
        here = (item.client, item.clock)
        if self._plan.heads[number] is None:
            self._deletes.setdefault(item.client, []).append((item.clock, 1))
        else:  # what follows finds the marks that it had
            self._turn(self._was, here)
        self._left = here

    def _characters(self, item: Item, number: int, at: int) -> int:
        """Those of an item, but its newline; where in the paragraph they end."""
        text, clock = (item.text[1:], item.clock + 1) if item.head else (item.text, item.clock)
        kept = self._plan.kept.get(number)
        if kept is None:  # left alone
            self._left = (item.client, item.clock + item.size - 1)
            return at + len(text)
        for char in text:
            here = (item.client, clock)
            self._add(Place(number, at), here)
            marks, size = kept[at], utf16_len(char)
            if marks is None:
                self._deletes.setdefault(item.client, []).append((clock, size))
            else:
                self._turn(set(marks), here)
            clock, at = clock + size, at + 1
            self._left = (item.client, clock - 1)
        return at

    def _add(self, place: Place, right: Id | None) -> None:
        for piece in self._plan.added.get(place, ()):
            if piece.begins is None:
                self._turn(set(piece.marks), right)
                self._put(STRING, piece.text, utf16_len(piece.text), right)
                continue
            name = f"{self._client}-{self._clock}"
            self._put(STRING, "\n", 1, right)
            entry = entry_of(piece.begins)
            if entry:
                self._note(Struct(self._client, self._clock, 1, ANY, parent=PARAGRAPHS, key=name, value=[entry]))

    def _turn(self, wanted: set[str], right: Id | None) -> None:
        """Switches marks on and off, so that these are on."""
        for mark in sorted(wanted ^ self._on):
            self._put(FORMAT, [mark, True if mark in wanted else None], 1, right)
        self._on = set(wanted)

    def _put(self, kind: int, value: Plain, size: int, right: Id | None) -> None:
        parent = TEXT if self._left is None and right is None else None
        self._note(Struct(self._client, self._clock, size, kind, self._left, right, parent, value=value))
        self._left = (self._client, self._clock - 1)

    def _dress(self, paragraph: Paragraph, becomes: Paragraph) -> None:
        if entry_of(paragraph) == entry_of(becomes):
            return
        entries = list(self._index.entries.get(paragraph.id, ()))
        value: Plain = [entry_of(becomes)]
        if not entries:
            struct = Struct(self._client, self._clock, 1, ANY, parent=PARAGRAPHS, key=paragraph.id, value=value)
        else:
            origin = (entries[-1].client, entries[-1].clock + entries[-1].size - 1)
            struct = Struct(self._client, self._clock, 1, ANY, origin=origin, value=value)
        self._note(struct)

    def _note(self, struct: Struct) -> None:
        self._structs.append(struct)
        self._clock += struct.size
