"""A paper that is no draft: headings, words, tables and a chart, in no format yet."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """`widths`: of the columns, in proportion to each other."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a document had come: counts of B6, at a time (UTC, ISO 8601)."""

    at: str
    paragraphs: int
    agreed: int
    clean: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Agreed and clean paragraphs, and open brackets, over time; the oldest first."""

    moments: Sequence[Moment]


Block = Heading | Words | Table | Chart


@dataclass(frozen=True, slots=True)
class Sheet:
    """`under`: lines below the title. `wide`: the page lies on its side."""

    title: str
    under: tuple[str, ...]
    blocks: Sequence[Block]
    wide: bool = False

    @property
    def text(self) -> str:
        """All of it, to find out which letters it needs."""
        found = [self.title, *self.under]
        for block in self.blocks:
            match block:
                case Heading(text) | Words(text):
                    found.append(text)
                case Table(head, rows):
                    found += [*head, *(cell for row in rows for cell in row)]
        return "".join(found)
