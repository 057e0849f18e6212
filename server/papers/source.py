"""What an import is made of: blocks on the way, drafts and notes at the end; and what no source may exceed."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crdt.compose import Draft
from crdt.paragraphs import Run, merged
from server.errors import Code, Problem

MAX_CHARACTERS = 3_000_000  # some twelve hundred pages: what a .docx of 1 MB may hold
MAX_PARAGRAPHS = 20_000
MOST_NOTES = 300  # of each kind


class NoteCode(StrEnum):
    """Why a source does not read in the document as it was written."""

    ENCODING_GUESSED = "encoding_guessed"
    CHARACTERS_LOST = "characters_lost"
    LINES_JOINED = "lines_joined"
    LABELS = "labels"
    LINK = "link"
    CHECK_BOX = "check_box"
    TABLE = "table"
    CODE = "code"
    HTML = "html"
    RULE = "rule"
    MARKUP = "markup"
    TRACKED = "tracked"
    FOOTNOTES = "footnotes"
    COMMENTS = "comments"
    NUMBERING = "numbering"
    LINE_BREAK = "line_break"
    FORMATTING = "formatting"
    HIDDEN = "hidden"
    PICTURE = "picture"
    TEXT_BOX = "text_box"
    EQUATION = "equation"
    CONTENTS = "contents"
    HEADERS = "headers"
    LEFT_OUT = "left_out"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the report; `paragraph` counts from 0 in the new document, None: the whole of it."""

    code: NoteCode
    paragraph: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment of the source and the answers to it. `start` and `end`: the words it is about, in code points of the
    draft; equal: all of it."""

    draft: int
    start: int
    end: int
    bodies: tuple[str, ...]
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Tracked:
    """Changes that a source keeps track of: how many of which kind, and by whom."""

    insertions: int = 0
    deletions: int = 0
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: drafts for the document, and what was changed or lost on the way."""

    drafts: tuple[Draft, ...]
    report: tuple[Note, ...]
    remarks: tuple[Remark, ...] = ()
    tracked: Tracked = Tracked()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as its format gives it, before its number is looked for. `level` counts from 1.

    `label` is what the format says of its number ("3.", "•"); `notes` are what happened to this block alone;
    `remarks` are about it: the id of each, and from where to where its words go. `exact`: as it is to be, to the space.
    """

    runs: tuple[Run, ...]
    kind: str = "body"
    level: int = 1
    label: str | None = None
    notes: tuple[tuple[NoteCode, str], ...] = ()
    remarks: tuple[tuple[str, int, int], ...] = ()
    exact: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb]")
SURROGATES = re.compile(r"[\ud800-\udfff]")


def cleaned(text: str) -> tuple[str, tuple[Note, ...]]:
    """`text` with one kind of line break and without what no document may hold. Raises Problem when it is too long."""
    if len(text) > MAX_CHARACTERS:
        raise Problem(
            Code.TOO_LARGE, f"The text has more than {MAX_CHARACTERS:,} characters; make several documents of it."
        )
    text = BREAKS.sub("\n", text.removeprefix("\ufeff"))
    lost = Counter(CONTROLS.findall(text))
    text = CONTROLS.sub("", text)
    halves = len(SURROGATES.findall(text))
    text = SURROGATES.sub("\ufffd", text)
    notes = []
    if lost:
        named = ", ".join(f"U+{ord(char):04X} {times} ×" for char, times in sorted(lost.items())[:8])
        notes.append(Note(NoteCode.CHARACTERS_LOST, None, f"Control characters were taken out: {named}."))
    if halves:
        notes.append(Note(NoteCode.CHARACTERS_LOST, None, f"{halves} halves of characters were replaced by \ufffd."))
    return text, tuple(notes)


def bounded(blocks: Sequence[Block]) -> Sequence[Block]:
    """Raises Problem when there are too many."""
    if len(blocks) > MAX_PARAGRAPHS:
        raise Problem(
            Code.TOO_LARGE, f"The text has more than {MAX_PARAGRAPHS:,} paragraphs; make several documents of it."
        )
    return blocks


def shortened(report: Sequence[Note]) -> tuple[Note, ...]:
    """With so many lines of each kind as anybody reads, and how many more there are."""
    found: list[Note] = []
    counts: Counter[NoteCode] = Counter()
    for note in report:
        counts[note.code] += 1
        if counts[note.code] <= MOST_NOTES:
            found.append(note)
    more = sum(count - MOST_NOTES for count in counts.values() if count > MOST_NOTES)
    return (*found, *([Note(NoteCode.MORE, None, f"And {more} more such lines.")] if more else ()))


def stripped(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Without white space at both ends; tabs inside become spaces, neighbours with the same marks one run."""
    runs = list(merged((run.text.replace("\t", " "), run.marks) for run in runs))
    while runs and not runs[0].text.strip():
        runs = runs[1:]
    while runs and not runs[-1].text.strip():
        runs = runs[:-1]
    if runs:
        runs[0] = Run(runs[0].text.lstrip(), runs[0].marks)
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].marks)
    return tuple(runs)


def cut(runs: Sequence[Run], count: int) -> tuple[Run, ...]:
    """Without the first `count` characters, nor the white space behind them."""
    left = list(runs)
    while left and count >= len(left[0].text):
        count -= len(left.pop(0).text)
    if left:
        left[0] = Run(left[0].text[count:], left[0].marks)
    return stripped(left)
