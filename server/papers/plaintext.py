"""Plain text files: paragraphs parted by blank lines, or each on a line of its own."""

import re
from collections.abc import Iterable, Sequence

from crdt.numbering import number
from crdt.paragraphs import Run
from server.papers.source import Block, Note, NoteCode

LONG_LINE = 160  # characters; nobody breaks lines by hand at that width
FULL = 0.7  # of the widest line: a line that was broken for its width is nearly so long
NEW_LINE = re.compile(r"\s*(?:[-–—•*·]\s|(?:Option|Alternative|Variant|Вариант)\s+\(?\w)")


def blocks(text: str) -> tuple[list[Block], tuple[Note, ...]]:
    """Lines that were broken for their width are joined again, with a notice; others are paragraphs."""
    parts = [part for part in (_lines(part) for part in re.split(r"\n[^\S\n]*\n", text)) if part]
    if not _wrapped(parts):
        return [_block(line) for part in parts for line in part], ()
    joined = [paragraph for part in parts for paragraph in _paragraphs(part)]
    note = Note(NoteCode.LINES_JOINED, None, "Lines that were broken for their width were joined to paragraphs.")
    return [_block(paragraph) for paragraph in joined], (note,)


def _lines(part: str) -> list[str]:
    return [line for line in part.split("\n") if line.strip()]


def _wrapped(parts: Sequence[Sequence[str]]) -> bool:
    """Are the lines broken for their width? Then no line is long, and of those with another below, most are full."""
    above = [len(line) for part in parts for line in part[:-1]]
    widest = max((len(line) for part in parts for line in part), default=0)
    if not above or widest > LONG_LINE:
        return False
    full = sum(length >= FULL * widest for length in above)
    return widest >= 40 and full >= 0.6 * len(above)


def _paragraphs(part: Iterable[str]) -> list[str]:
    """Joined lines; a line that opens with a number or a bullet begins a paragraph."""
    found: list[list[str]] = []
    for line in part:
        if found and not NEW_LINE.match(line) and number(line) is None:
            found[-1].append(line.strip())
        else:
            found.append([line.strip()])
    return [" ".join(lines) for lines in found]


def _block(line: str) -> Block:
    return Block((Run(line.strip()),))
