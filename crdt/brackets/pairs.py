"""Which `[` belongs to which `]`: one stack, which a heading clears of its section (grammar: section)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crdt.brackets.model import Lint, LintCode, Mend
from crdt.brackets.scan import Scan, Sign
from crdt.paragraphs import Paragraph

WORDS = re.compile(r"\S")
BEFORE_HEADINGS = 1 << 30  # a level below every heading's: any heading ends what stands before the first


@dataclass(slots=True)
class Pair:
    first: int
    start: int
    last: int
    end: int
    slashed: bool
    depth: int = 0
    parent: int | None = None


@dataclass(slots=True)
class _Open:
    paragraph: int
    at: int
    level: int  # of the heading that it stands under or in
    slashed: bool = False


@dataclass(slots=True)
class Matcher:
    scans: Sequence[Scan]
    level: int = BEFORE_HEADINGS
    stack: list[_Open] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    lints: list[Lint] = field(default_factory=list)

    def heading(self, level: int) -> None:
        """Ends every section of this or a lower rank; what was opened under a parent stays open."""
        while self.stack and self.stack[-1].level >= level:
            self.lints.append(_unclosed(self.stack.pop(), self.scans))
        self.level = level

    def sign(self, paragraph: int, sign: Sign) -> None:
        if sign.char == "[":
            self.stack.append(_Open(paragraph, sign.at, self.level))
        elif sign.char == "/":
            if self.stack:
                self.stack[-1].slashed = True
        elif self.stack:
            opened = self.stack.pop()
            if not (sign.link and opened.paragraph == paragraph):
                self.pairs.append(Pair(opened.paragraph, opened.at, paragraph, sign.at + 1, opened.slashed))
        elif not sign.link:
            self.lints.append(_stray(paragraph, sign.at, self.scans[paragraph]))

    def end(self) -> None:
        self.heading(0)

    def nested(self) -> list[Pair]:
        """The pairs in the order of their `[`, depth and parent from matched pairs alone."""
        pairs = sorted(self.pairs, key=lambda pair: (pair.first, pair.start))
        _nest(pairs)
        return pairs


def match(paragraphs: Sequence[Paragraph], scans: Sequence[Scan]) -> tuple[list[Pair], list[Lint]]:
    """The pairs, and what found no partner."""
    matcher = Matcher(scans)
    for index, (paragraph, scan) in enumerate(zip(paragraphs, scans, strict=True)):
        if paragraph.kind == "heading":
            matcher.heading(paragraph.level)
        for sign in scan.signs:
            matcher.sign(index, sign)
    matcher.end()
    return matcher.nested(), matcher.lints


def _nest(pairs: Sequence[Pair]) -> None:
    around: list[int] = []
    for index, pair in enumerate(pairs):
        while around and (pairs[around[-1]].last, pairs[around[-1]].end) <= (pair.first, pair.start):
            around.pop()
        pair.parent = around[-1] if around else None
        pair.depth = len(around) + 1
        around.append(index)


def _unclosed(opened: _Open, scans: Sequence[Scan]) -> Lint:
    """Mend: close it at the end of its paragraph."""
    length = len(scans[opened.paragraph].text)
    mend = Mend(opened.paragraph, length, 0, "]")
    return Lint(LintCode.UNCLOSED, opened.paragraph, opened.at, opened.at + 1, mend)


def _stray(paragraph: int, at: int, scan: Scan) -> Lint:
    """Mend: open it where the paragraph's own words begin, or take it out when none stand before it."""
    before = WORDS.search(scan.text, scan.body, at)
    mend = Mend(paragraph, scan.body, 0, "[") if before else Mend(paragraph, at, 1, "")
    return Lint(LintCode.STRAY_CLOSE, paragraph, at, at + 1, mend)
