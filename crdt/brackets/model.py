"""What a reading of the brackets is made of. Places are code points within a paragraph's text (B4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a bracket is; of several that fit, the first (grammar: kind)."""

    PLACEHOLDER = "placeholder"
    NOTE = "note"
    RESERVATION = "reservation"
    DELETION = "deletion"
    NUMBER = "number"
    WORD_PART = "word_part"
    PUNCTUATION = "punctuation"
    ALTERNATIVE = "alternative"
    PARAGRAPH = "paragraph"
    SECTION = "section"
    CONTESTED = "contested"


class RunClass(StrEnum):
    """What the members of a run are to each other: a proposal of the machine, for the chair to decide."""

    ALTERNATIVES = "alternatives"
    OPEN = "open"
    ADDITIVE = "additive"
    AMBIGUOUS = "ambiguous"


class Stance(StrEnum):
    SUPPORT = "support"
    OPPOSE = "oppose"
    CAN_ACCEPT = "can_accept"
    PREFER = "prefer"
    RESERVE = "reserve"
    AWAITING = "awaiting"


class Status(StrEnum):
    """What a paragraph says of itself at its start."""

    AGREED = "agreed"
    AGREED_AD_REF = "agreed_ad_ref"
    PENDING = "pending"


class LintCode(StrEnum):
    UNCLOSED = "UNCLOSED"
    STRAY_CLOSE = "STRAY_CLOSE"
    AGREED_WITH_BRACKETS = "AGREED_WITH_BRACKETS"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who stands behind a bracket; without a verb the stance is open."""

    delegation: str
    stance: Stance | None


class Bracket(NamedTuple):
    """A matched pair, from the `[` at `start` of paragraph `first` to behind the `]` at `end` of paragraph `last`.

    Paragraphs are named by their index in what was read, other brackets by their index in the reading.
    """

    first: int
    start: int
    last: int
    end: int
    depth: int  # from 1, counted in matched pairs alone
    parent: int | None
    kind: Kind
    slashed: bool  # offers alternatives by a slash inside
    run: int | None  # the first member of its run
    run_class: RunClass | None
    attribution: tuple[Attribution, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A paragraph that offers itself as one of several; `group` is the paragraph of the group's first, None: alone."""

    paragraph: int
    group: int | None
    null: bool  # "No text": choosing it deletes


@dataclass(frozen=True, slots=True)
class Mend:
    """How a lint may be mended: take `delete` characters out at `at`, put `insert` there."""

    paragraph: int
    at: int
    delete: int
    insert: str


@dataclass(frozen=True, slots=True)
class Lint:
    code: LintCode
    paragraph: int
    start: int
    end: int
    mend: Mend


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that the grammar finds, in the order of the text."""

    brackets: tuple[Bracket, ...]
    options: tuple[Option, ...]
    statuses: Mapping[int, Status]  # by paragraph index
    lints: tuple[Lint, ...]
    texts: tuple[str, ...]  # each paragraph as it is counted: struck text and facilitator's notes are blank


@dataclass(frozen=True, slots=True)
class Counts:
    """The progress counts of B6."""

    pairs: int
    issues: int
    placeholders: int
    words: int
    words_bracketed: int
    paragraphs: int
    clean_paragraphs: int
    agreed_paragraphs: int
    lints: int
