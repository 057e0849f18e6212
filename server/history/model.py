"""How two points of a record differ, with the people who made the difference."""

from dataclasses import dataclass
from typing import Literal

from server.rooms.author import Author

Status = Literal["same", "added", "removed", "changed", "moved"]
Op = Literal["=", "+", "-"]


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one paragraph that stayed, came or went. Of a paragraph's spans "=" and "-" make the old text, "=" and
    "+" the new one."""

    op: Op
    text: str
    marks: tuple[str, ...] = ()  # sorted; of what went: as it read before
    by: Author | None = None  # of "+": who wrote the words first; of "-": who deleted them; of "=": None
    at: str | None = None  # when they came or went
    through: Author | None = None  # who brought them back by an undo or a restore, where `by` is another
    moved: str | None = None  # id of the paragraph where the same words stood before ("+") or stand now ("-")
    was: tuple[str, ...] | None = None  # of "=": its marks before, where they were others


@dataclass(frozen=True, slots=True)
class RedlineParagraph:
    """A paragraph of either text. Those that went stand where they stood among the others."""

    id: str
    status: Status
    kind: str  # how it reads in the new text; of one that went: in the old one
    level: int
    label: str | None
    spans: tuple[Span, ...]
    was: tuple[str, int, str | None] | None = None  # kind, level and label before, where they were others
    kin: str | None = None  # the paragraph that it was before, was split from, or was joined to
    by: Author | None = None  # who began it (added, moved), or took it away (removed)
    at: str | None = None


Redline = tuple[RedlineParagraph, ...]
