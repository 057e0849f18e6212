"""The index held against pycrdt: two implementations that watch each other."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from crdt.compose import entry_of
from crdt.index import TextIndex
from crdt.paragraphs import Paragraph, Run
from crdt.update import Plain

Chunk = tuple[str, dict[str, Plain]]
"""Text and the marks that are on over it."""

NEWLINE: Final = Run("\n")


def difference(
    index: TextIndex, ends: dict[int, int], chunks: Iterable[tuple[str, dict[str, Any] | None]], values: dict[str, Any]
) -> str | None:
    """What differs, in a few words, from pycrdt's state vector, `Text.diff()` and `Map.to_py()`."""
    if index.items.ends != ends:
        return "the ids that are known"
    if attributed(index) != joined((text, marks or {}) for text, marks in chunks):
        return "the text or its marks"
    if index.values() != values:
        return "the paragraphs' attributes"
    return None


def difference_from(
    paragraphs: Sequence[Paragraph], chunks: Iterable[tuple[str, dict[str, Any] | None]], values: dict[str, Any]
) -> str | None:
    """The same of paragraphs that stand in no index."""
    runs = (run for each in paragraphs for run in (NEWLINE, *each.runs))
    alike = groupby(runs, attrgetter("marks"))
    read = [("".join(run.text for run in same), dict.fromkeys(marks, True)) for marks, same in alike]
    if read != joined((text, marks or {}) for text, marks in chunks):
        return "the text or its marks"
    if values != {each.id: entry for each in paragraphs if (entry := entry_of(each))}:
        return "the paragraphs' attributes"
    return None


def attributed(index: TextIndex) -> list[Chunk]:
    """The living text with whatever marks are on."""
    chunks: list[Chunk] = []
    pieces: list[str] = []
    marks: dict[str, Plain] = {}
    for item in index.text:
        if item.alive and item.text:
            pieces.append(item.text)
        elif item.alive and isinstance(item.value, list):
            chunks.append(("".join(pieces), marks))
            pieces.clear()
            name, value = str(item.value[0]), item.value[1]
            marks = {key: on for key, on in {**marks, name: value}.items() if on is not None}
    return joined([*chunks, ("".join(pieces), marks)])


def joined(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Neighbours under the same marks made one, empty ones left out."""
    found: list[Chunk] = []
    for text, marks in chunks:
        if text and found and found[-1][1] == marks:
            found[-1] = (found[-1][0] + text, marks)
        elif text:
            found.append((text, marks))
    return found
