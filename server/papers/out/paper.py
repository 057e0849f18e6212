"""A document on its way out, in no format yet: what every format is written from.

Offsets count code points in a line's new text, which is what its spans `=` and `+` make together; the old text is what
`=` and `-` make. Without anything to compare with all spans are `=`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Op(StrEnum):
    """What became of a stretch of text, or of a whole line, since the earlier point of the record."""

    SAME = "="
    ADDED = "+"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who did something, and when: UTC, ISO 8601; None: nobody knows."""

    name: str
    delegation: str | None  # its code
    at: str | None
    party: str | None = None  # the delegation's name, where it is known

    @property
    def stands_for(self) -> str:
        """Whose word it is: the delegation's name, or else the person's."""
        return self.party or self.delegation or self.name

    @property
    def signature(self) -> str:
        """As in "Aigerim S. (KAZ)"."""
        return f"{self.name} ({self.delegation})" if self.delegation else self.name


@dataclass(frozen=True, slots=True)
class Span:
    """Text under the same marks, by the same hand. `marks` are sorted; `by`: of what was added or removed.

    `was`: the marks before, of what stayed and had others.
    """

    text: str
    marks: tuple[str, ...] = ()
    op: Op = Op.SAME
    by: Hand | None = None
    was: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Shade:
    """An open bracket, as far as it lies in this line; `depth` from 1."""

    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was said to everybody; `body` None: withdrawn."""

    id: str
    by: Hand
    body: str | None


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread that is open to everybody. `start` and `end`: the words it is about; equal: the whole line.

    `quote`: those words as they were sent; `text`: how its paragraph read last, where that is gone.
    """

    id: str
    remarks: tuple[Remark, ...]
    resolved: bool
    quote: str | None = None
    start: int = 0
    end: int = 0
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """That a paragraph is locked: `status` agreed or agreed_ad_ref."""

    status: str
    by: Hand


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `number`: what stands before it, its label or what it is counted by kind; "": nothing.

    `op`: whether the whole paragraph came or went, and `by` whom; `moved`: it stands elsewhere than it did. `was`: its
    kind, level and label before, where they were others.
    """

    id: str
    kind: str
    level: int
    label: str | None
    number: str
    spans: tuple[Span, ...]
    digest: str = ""
    op: Op = Op.SAME
    by: Hand | None = None
    moved: bool = False
    was: tuple[str, int, str | None] | None = None
    agreed: Agreed | None = None
    shades: tuple[Shade, ...] = ()
    talks: tuple[Talk, ...] = ()

    @property
    def text(self) -> str:
        """As it reads now."""
        return "".join(span.text for span in self.spans if span.op is not Op.REMOVED)

    @property
    def old_text(self) -> str:
        """As it read at the earlier point."""
        return "".join(span.text for span in self.spans if span.op is not Op.ADDED)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the record: after entry `seq`, written at `at`; `label` of the snapshot that names it."""

    seq: int
    at: str
    label: str | None = None

    @property
    def name(self) -> str:
        """As in "Rev.1", or "entry 214"."""
        return self.label or f"entry {self.seq}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document at a point of its record; `against`: what it is compared with. `digest`: of the whole text.

    `lost`: threads whose paragraphs are gone. `clean`: no brackets are open, and that was asked for.
    """

    document: str
    title: str
    symbol: str | None
    meeting: str
    body: str | None  # the organ that meets
    point: Point
    digest: str
    lines: Sequence[Line]
    against: Point | None = None
    clean: bool = False
    lost: tuple[Talk, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How the pages of a paper look. `shading` of open brackets; `numbering` of the lines."""

    shading: bool = True
    numbering: bool = True
