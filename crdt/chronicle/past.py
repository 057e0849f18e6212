"""The text at one point of the record, each stretch of it with its ids and its entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from crdt.chronicle.rows import Row
from crdt.paragraphs import MARKS, Run, attributes, digest, merged
from crdt.update import Plain

Entries = Mapping[str, Sequence[tuple[int, int, Plain]]]
"""By key of `paragraphs`, in their order: birth, death and value of all that ever stood there."""


class Part(NamedTuple):
    """Characters that stand together under the same marks. `row`: which they are; its newline is not in `text`."""

    text: str
    marks: tuple[str, ...]
    row: Row


@dataclass(frozen=True)
class Past:
    """A paragraph as it stood. `place`: of its head among all rows; `head`: the row that its newline begins."""

    id: str
    place: int
    head: Row
    kind: str
    level: int
    label: str | None
    parts: Sequence[Part]

    @cached_property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        return merged((part.text, part.marks) for part in self.parts)

    @cached_property
    def digest(self) -> str:
        return digest(self.kind, self.level, self.label, self.runs)


def past_at(rows: Iterable[Row], entries: Entries, seq: int) -> list[Past]:
    """The paragraphs after entry `seq`."""
    found: list[Past] = []
    marks: tuple[str, ...] = ()
    parts: list[Part] = []
    for place, row in enumerate(rows):
        if row[0] > seq or row[1] <= seq:
            continue
        text = row[4]
        if not text:
            marks = _marked(marks, row[5])
        elif text[0] == "\n":
            parts = [Part(text[1:], marks, row)] if len(text) > 1 else []
            name = f"{row.client}-{row.clock}"
            found.append(Past(name, place, row, *attributes(value_at(entries, name, seq)), parts))
        else:
            parts.append(Part(text, marks, row))
    return found


def value_at(entries: Entries, key: str, seq: int) -> Plain:
    """The map entry that lived under a key after entry `seq`: the last that had come by then, unless it had gone."""
    for birth, death, value in reversed(entries.get(key, ())):
        if birth <= seq:
            return value if seq < death else None
    return None


def _marked(marks: tuple[str, ...], value: Plain) -> tuple[str, ...]:
    match value:
        case [str(name), on] if name in MARKS and (on is True) != (name in marks):
            return tuple(sorted({*marks} ^ {name}))
    return marks
