"""What the gate says of an update: a closed set of values."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why something was not taken (W2)."""

    LOCKED = "locked"
    READ_ONLY = "read_only"
    FROZEN = "frozen"
    FOREIGN_AUTHOR = "foreign_author"
    GAP = "gap"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_FAST = "too_fast"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken, so that its author keeps it."""

    reason: Reason
    paragraphs: tuple[str, ...] = ()
    """Ids of the paragraphs it concerned, as far as they are known."""
    text: tuple[str, ...] = ()
    """The inserted strings, in the order of the document; none for deletions and marks."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Taken whole."""

    update: bytes
    """What goes to the record and to pycrdt: without what was known already."""
    fresh: bool = True
    """False: nothing new in it, so no entry and no frame."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Taken in part."""

    update: bytes
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of it was taken."""

    refusal: Refusal


Verdict = Accepted | Trimmed | Refused
