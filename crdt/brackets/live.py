"""The reading of a text that changes: after an edit only its block is read again, and all is as if read from scratch.

A block is a row of paragraphs that no bracket crosses on either side: where it begins nothing is open. What it holds
follows from its own paragraphs, the level of the heading that it stands under, and what ends it when it ends unclosed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crdt.brackets.counts import counted, words_bracketed, words_of
from crdt.brackets.model import Bracket, Counts, Lint, Reading
from crdt.brackets.pairs import BEFORE_HEADINGS, Matcher
from crdt.brackets.reading import NOBODY, assembled, bracketed
from crdt.brackets.register import Register
from crdt.brackets.scan import Scan, scan
from crdt.paragraphs import Paragraph, Run

BALANCED: Final = -1
"""What ends a block in which every bracket is closed; else the level of the heading that ends it, 0: the text does."""


@dataclass(slots=True, eq=False)
class _Known:
    """A paragraph that was scanned, as long as its marked text stays the very object that it was."""

    runs: tuple[Run, ...]
    heading: int | None  # its level
    scan: Scan
    words: int
    signs: Mapping[int, str] | None = None  # ids of its `[` by their places


@dataclass(slots=True, eq=False)
class _Block:
    known: list[_Known]
    level: int  # of the heading that it stands under
    next_level: int
    ender: int
    words_bracketed: int
    brackets: tuple[Bracket, ...]  # as if the text began with `paragraph` and `bracket` was its first
    lints: tuple[Lint, ...]
    paragraph: int
    bracket: int


class Live:
    """Keeps what was read of one document."""

    def __init__(self, register: Register = NOBODY) -> None:
        self.register = register
        self._known: dict[str, _Known] = {}  # by paragraph id
        self._blocks: dict[_Known, _Block] = {}  # by their first paragraph
        self._latest: tuple[Sequence[Paragraph], frozenset[str], Reading, Counts] | None = None

    def rename(self, register: Register) -> None:
        """Attributions are read by other names from now on."""
        if register != self.register:
            self.register = register
            self._blocks, self._latest = {}, None

    def unread(self, paragraphs: Sequence[Paragraph]) -> int:
        """How many characters of these would have to be scanned."""
        return sum(len(each.text) for each in paragraphs if not self._is_known(each))

    def read(self, paragraphs: Sequence[Paragraph], agreed: frozenset[str] = frozenset()) -> tuple[Reading, Counts]:
        """`agreed`: ids of the paragraphs that are locked."""
        latest = self._latest
        if latest is not None and latest[0] is paragraphs and latest[1] == agreed:
            return latest[2], latest[3]
        known = [self._scanned(each) for each in paragraphs]
        blocks = self._parted(known)
        brackets = tuple(bracket for block in blocks for bracket in block.brackets)
        lints = [lint for block in blocks for lint in block.lints]
        reading = assembled(paragraphs, [each.scan for each in known], brackets, lints, agreed)
        words = sum(each.words for each in known)
        counts = counted(reading, paragraphs, agreed, words, sum(block.words_bracketed for block in blocks))
        self._known = {each.id: here for each, here in zip(paragraphs, known, strict=True)}
        self._blocks = {block.known[0]: block for block in blocks}
        self._latest = paragraphs, agreed, reading, counts
        return reading, counts

    def signs(self, paragraph: Paragraph, find: Callable[[], Mapping[int, str]]) -> Mapping[int, str]:
        """The ids of the `[` of a paragraph that was just read, found once."""
        known = self._known[paragraph.id]
        if known.signs is None:
            known.signs = find()
        return known.signs

    def _is_known(self, paragraph: Paragraph) -> bool:
        known = self._known.get(paragraph.id)
        return known is not None and known.runs is paragraph.runs and known.heading == _heading(paragraph)

    def _scanned(self, paragraph: Paragraph) -> _Known:
        if self._is_known(paragraph):
            return self._known[paragraph.id]
        found = scan(paragraph)
        return _Known(paragraph.runs, _heading(paragraph), found, words_of(found.counted))

    def _parted(self, known: Sequence[_Known]) -> list[_Block]:
        blocks: list[_Block] = []
        at, brackets, level = 0, 0, BEFORE_HEADINGS
        while at < len(known):
            block = self._blocks.get(known[at])
            if block is None or not _stays(block, known, at, level):
                block = _read(known, at, level, self.register)
            _move(block, at, brackets)
            blocks.append(block)
            at, brackets, level = at + len(block.known), brackets + len(block.brackets), block.next_level
        return blocks


def _heading(paragraph: Paragraph) -> int | None:
    return paragraph.level if paragraph.kind == "heading" else None


def _ender(known: Sequence[_Known], at: int) -> int | None:
    """What would end a block before this place."""
    return 0 if at == len(known) else known[at].heading


def _stays(block: _Block, known: Sequence[_Known], at: int, level: int) -> bool:
    """Whether the block that begins here is the one that was read."""
    end = at + len(block.known)
    if end > len(known) or (block.known[0].heading is None and block.level != level):
        return False
    if any(one is not other for one, other in zip(block.known, known[at:end], strict=True)):
        return False
    return block.ender == BALANCED or block.ender == _ender(known, end)


def _read(known: Sequence[_Known], at: int, level: int, register: Register) -> _Block:
    scans: list[Scan] = []
    matcher = Matcher(scans, level)
    end, ender = at, 0
    for end in range(at, len(known)):
        heading = known[end].heading
        if heading is not None:
            matcher.heading(heading)
            if end > at and not matcher.stack:
                ender = heading
                break
        scans.append(known[end].scan)
        for sign in known[end].scan.signs:
            matcher.sign(end - at, sign)
        if not matcher.stack:
            ender = BALANCED
            break
    matcher.end()
    here = list(known[at : at + len(scans)])
    brackets = bracketed(matcher.nested(), scans, register)
    bracketed_words = words_bracketed(brackets, [each.counted for each in scans])
    last = next((each.heading for each in reversed(here) if each.heading is not None), level)
    return _Block(here, level, last, ender, bracketed_words, brackets, tuple(matcher.lints), 0, 0)


def _move(block: _Block, paragraph: int, bracket: int) -> None:
    """Names paragraphs and brackets as they are counted from the beginning of the text."""
    down, on = paragraph - block.paragraph, bracket - block.bracket
    if not (down or on):
        return
    block.brackets = tuple([_moved(each, down, on) for each in block.brackets])
    block.lints = tuple(
        replace(each, paragraph=each.paragraph + down, mend=replace(each.mend, paragraph=each.mend.paragraph + down))
        for each in block.lints
    )
    block.paragraph, block.bracket = paragraph, bracket


def _moved(of: Bracket, down: int, on: int) -> Bracket:
    """Written out, for a new paragraph above moves all brackets below it."""
    parent = None if of.parent is None else of.parent + on
    run = None if of.run is None else of.run + on
    return Bracket(
        of.first + down, of.start, of.last + down, of.end, of.depth, parent,
        of.kind, of.slashed, run, of.run_class, of.attribution,
    )  # fmt: skip


def open_by_paragraph(reading: Reading) -> Mapping[int, int]:
    """How many open pairs begin in a paragraph or cross it, by its index; none: 0. Linear, however they nest."""
    steps: dict[int, int] = {}
    for bracket in reading.brackets:
        steps[bracket.first] = steps.get(bracket.first, 0) + 1
        steps[bracket.last + 1] = steps.get(bracket.last + 1, 0) - 1
    found: dict[int, int] = {}
    crossing, before = 0, 0
    for place in sorted(steps):
        if crossing:
            found.update(dict.fromkeys(range(before, place), crossing))
        crossing += steps[place]
        before = place
    return found
