"""What a comparison comes to."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Op(StrEnum):
    STAYS = "="
    COMES = "+"
    GOES = "-"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stays, comes or goes. `made`: seq of the entry that did it; `first`: of the one that wrote these words
    first; `moved`: id of the paragraph where the same characters stand in the other text."""

    op: Op
    text: str
    marks: tuple[str, ...]
    made: int | None = None
    first: int | None = None
    moved: str | None = None
    was: tuple[str, ...] | None = None  # of what stays: its marks before, where they were others


@dataclass(frozen=True, slots=True)
class Compared:
    """A paragraph of either text; `kind`, `level`, `label`: as it reads in the new one, else in the old."""

    id: str
    status: Status
    kind: str
    level: int
    label: str | None
    pieces: tuple[Piece, ...]
    was: tuple[str, int, str | None] | None = None  # kind, level and label before, where they were others
    kin: str | None = None  # the paragraph that it was before, was split from, or was joined to
    made: int | None = None  # seq of the entry that began it or took it away
