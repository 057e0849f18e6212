"""A new document's text as the one update that makes it, seen through the gate like any other; and what was said on
the paper that it comes from. All of it takes a while for a long text: to be run in a process beside, or in a thread."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crdt import anchors
from crdt.anchors import Letters
from crdt.brackets import Counts
from crdt.brackets.live import Live
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.paragraphs import Paragraph, digest_of_text
from server.api.readings import Parties, register_of
from server.errors import Code, Problem
from server.papers.source import Note, Remark, Source, shortened

LONGEST = 10_000  # characters of a quote


@dataclass(frozen=True, slots=True)
class Spoken:
    """A comment of a paper, at its place in the document, and the answers to it."""

    paragraph: str
    text: str
    quote: str | None
    letters: Letters
    bodies: tuple[str, ...]
    resolved: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """`update` makes the document; `counts` (B6) and `digest` are of its text, `report` and `spoken` of its source."""

    update: bytes
    counts: Counts
    digest: str
    report: tuple[Note, ...]
    spoken: tuple[Spoken, ...]


def drafted(source: Source, participant: str, parties: Parties) -> Drafted:
    """Raises Problem when the text is too long."""
    update = compose(source.drafts or (Draft(),), secrets.randbits(31))
    document = Document.new()
    if not isinstance(document.judge(update, participant), Accepted):
        raise Problem(
            Code.TOO_LARGE,
            "The text is too long, or changes its emphasis too often, for one document: make several of it.",
        )
    paragraphs = document.paragraphs()
    _, counts = Live(register_of(parties)).read(paragraphs)
    spoken = tuple(_spoken(document, paragraphs, remark) for remark in source.remarks)
    return Drafted(update, counts, digest_of_text(paragraphs), shortened(source.report), spoken)


def made(read: Callable[..., Source], given: Sequence[str | bytes], participant: str, parties: Parties) -> Drafted:
    """Of what `read` makes of what is given; raises what that raises."""
    return drafted(read(*given), participant, parties)


def _spoken(document: Document, paragraphs: Sequence[Paragraph], remark: Remark) -> Spoken:
    paragraph = paragraphs[remark.draft]
    quote = paragraph.text[remark.start : remark.end]
    about = quote if quote.strip() and quote != paragraph.text and len(quote) <= LONGEST else None
    letters = () if about is None else anchors.letters(document.index, paragraph.id, about, remark.start)
    return Spoken(paragraph.id, paragraph.text, about, letters, remark.bodies, remark.resolved)
