"""Texts and files on their way in: read where they can do no harm, and shown before anything is saved.

A .docx is read by a process that is bounded in memory and time; what takes long of the rest is done in the process
beside, so that nobody who types notices.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Literal, TypeVar

from pydantic import Field

from server.api import drafting, readings
from server.api.answers import Answer
from server.api.bodies import File
from server.api.calls import Call
from server.api.drafting import Drafted
from server.api.paragraphs import RunShape
from server.api.parties import Parties
from server.api.shapes import Body, Line, ProgressShape, Shape, Symbol
from server.papers.importing import read_file, read_text
from server.papers.packing import unpacked
from server.papers.source import Note, NoteCode, Source

R = TypeVar("R")

WORD = ".docx"
NEAR = 20_000  # characters, or bytes, that a thread reads


class NewDocument(Body):
    """A document, empty or with a text."""

    title: Line
    symbol: Symbol | None = Field(default=None, description='Such as "A/AC.1/L.2"')
    text: str | None = Field(
        default=None,
        description="Paragraphs parted by blank lines; Markdown's headings and emphasis are understood",
    )


class DocumentFile(Body):
    """A document from a file: .docx, .md or .txt."""

    file: File
    title: Line
    symbol: Symbol | None = None
    tracked: Literal["accept", "reject", "brackets"] = Field(
        default="accept", description="What becomes of tracked changes, where the file has any"
    )


class NoteShape(Shape):
    """Something of a source that reads otherwise in the document."""

    code: NoteCode
    paragraph: int | None = Field(description="Index of the paragraph; null: the whole document")
    detail: str


class DraftShape(Shape):
    """A paragraph as it would be."""

    kind: str
    level: int
    label: str | None
    text: str
    runs: tuple[RunShape, ...]


class RemarkShape(Shape):
    """A thread as it would be. `paragraph`: the index of the one that it is about."""

    paragraph: int
    quote: str | None
    resolved: bool
    comments: Sequence[str]


class TrackedShape(Shape):
    """Changes that the file keeps track of."""

    insertions: int
    deletions: int
    authors: Sequence[str]


class PreviewShape(Shape):
    """A document as it would be made."""

    progress: ProgressShape
    report: Sequence[NoteShape]
    tracked: TrackedShape
    threads: Sequence[RemarkShape]
    paragraphs: tuple[DraftShape, ...]


def reported(report: Sequence[Note]) -> list[NoteShape]:
    return [NoteShape.model_validate(note, from_attributes=True) for note in report]


async def named(call: Call) -> Parties:
    """By whose names brackets and changes are known to be somebody's."""
    meeting = call.meeting.id
    return await call.read(lambda connection: readings.parties(connection, meeting))


async def drafted_of(call: Call, given: NewDocument | DocumentFile, parties: Parties) -> Drafted:
    """Raises Problem for what cannot be taken, AsideDied."""
    return await _beside(call, drafting.made, await _readable(call, given, parties), parties)


async def previewed(call: Call, given: NewDocument | DocumentFile, parties: Parties) -> Answer:
    """All of the answer is written beside the loop: it is as long as the text."""
    return Answer(200, await _beside(call, drafting.shown, await _readable(call, given, parties), parties))


Readable = tuple[Callable[..., Source], tuple[str | bytes, ...]]
"""A function, and what it makes a source of."""


async def _beside(call: Call, work: Callable[..., R], readable: Readable, parties: Parties) -> R:
    """What is short by a thread, for that begins at once."""
    read, source = readable
    asked = (read, source, parties)
    if sum(map(len, source)) <= NEAR:
        return await asyncio.to_thread(work, *asked)
    return await call.server.aside.run(work, *asked)


async def _readable(call: Call, given: NewDocument | DocumentFile, parties: Parties) -> Readable:
    if isinstance(given, NewDocument):
        return read_text, (given.text or "",)
    if is_word(given.file.name):
        return unpacked, (await call.server.readers.read(given.file.content, given.tracked, parties),)
    return read_file, (given.file.name, given.file.content)


def is_word(name: str) -> bool:
    return PurePath(name).suffix.lower() == WORD
