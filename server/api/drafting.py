"""A new document's text as the one update that makes it, held against the gate's bounds and what pycrdt reads in it;
and what was said on the paper that it comes from.

All of it takes a while for a long text: to be run in a process beside, or in a thread.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from crdt.anchors import Letters, letters_among
from crdt.brackets import Counts
from crdt.brackets.live import Live
from crdt.compose import Draft, composed, pieces
from crdt.document import Document
from crdt.gate import would_take
from crdt.paragraphs import Paragraph, digest_of_text
from server.api.parties import Parties, register_of
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


def drafted(source: Source, parties: Parties) -> Drafted:
    """Raises Problem when the text is too long."""
    text = composed(source.drafts or (Draft(),), secrets.randbits(31))
    update = text.update()
    if not would_take(text.structs, len(update)):
        raise Problem(
            Code.TOO_LARGE,
            "The text is too long, or changes its emphasis too often, for one document: make several of it.",
        )
    document = Document.new()
    document.commit([update])
    document.check_against(text.paragraphs)
    _, counts = Live(register_of(parties)).read(text.paragraphs)
    spoken = tuple(_spoken(text.paragraphs[remark.draft], remark) for remark in source.remarks)
    return Drafted(update, counts, digest_of_text(text.paragraphs), shortened(source.report), spoken)


def made(read: Callable[..., Source], given: Sequence[str | bytes], parties: Parties) -> Drafted:
    """Of what `read` makes of what is given; raises what that raises."""
    return drafted(read(*given), parties)


def shown(read: Callable[..., Source], given: Sequence[str | bytes], parties: Parties) -> bytes:
    """As it would be: drafted like a document, which may be refused, and thrown away. JSON, see `PreviewShape`."""
    source = read(*given)
    found = drafted(source, parties)
    remarks = zip(source.remarks, found.spoken, strict=True)
    preview = {
        "progress": asdict(found.counts),
        "report": [asdict(note) for note in found.report],
        "tracked": asdict(source.tracked),
        "threads": [
            {"paragraph": said.draft, "quote": spoken.quote, "resolved": said.resolved, "comments": said.bodies}
            for said, spoken in remarks
        ],
        "paragraphs": [
            {
                "kind": draft.kind,
                "level": draft.level,
                "label": draft.label,
                "text": draft.text,
                "runs": [{"text": run.text, "marks": run.marks} for run in draft.runs],
            }
            for draft in source.drafts
        ],
    }
    return json.dumps(preview, ensure_ascii=False, separators=(",", ":")).encode()


def _spoken(paragraph: Paragraph, remark: Remark) -> Spoken:
    quote = paragraph.text[remark.start : remark.end]
    about = quote if quote.strip() and quote != paragraph.text and len(quote) <= LONGEST else None
    letters = () if about is None else letters_among(tuple(pieces(paragraph)), about, remark.start)
    return Spoken(paragraph.id, paragraph.text, about, letters, remark.bodies, remark.resolved)
