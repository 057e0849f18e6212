"""Documents: made from text or from a file, listed, renamed; and the tickets with which sockets are opened."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import Field
from sqlalchemy import Connection

from crdt.brackets import Counts
from server import times
from server.api import readings
from server.api.answers import Answer, created, ok
from server.api.bodies import UPLOAD_LIMIT, File
from server.api.calls import Call
from server.api.drafting import drafted
from server.api.paging import Paging, following, wanted
from server.api.routing import Route
from server.api.shapes import Body, Id, Line, List, Shape, Symbol, Time, Token
from server.auth import tokens
from server.auth.policy import Act
from server.papers.importing import read_file, read_text
from server.papers.source import NoteCode, Source
from server.store import documents, tickets
from server.tables import Document, Ticket, new_id

TICKET_SECONDS = 30  # W1


class NewDocument(Body):
    """A document, empty or with a text."""

    title: Line
    symbol: Symbol | None = Field(default=None, description='Such as "A/AC.1/L.2"')
    text: str | None = Field(
        default=None,
        description="Paragraphs parted by blank lines; Markdown's headings and emphasis are understood",
    )


class DocumentFile(Body):
    """A document from a file: .md or .txt."""

    file: File
    title: Line
    symbol: Symbol | None = None
    tracked: Literal["accept", "reject", "brackets"] = Field(
        default="accept", description="What becomes of tracked changes, where the file has any"
    )


class DocumentChange(Body):
    """What is to be changed; what is not given stays."""

    title: Line | None = None
    symbol: Symbol | None = None


class ProgressShape(Shape):
    """Counts (B6); a word is a run of letters or digits."""

    pairs: int
    issues: int
    placeholders: int
    words: int
    words_bracketed: int
    paragraphs: int
    clean_paragraphs: int
    agreed_paragraphs: int
    lints: int


class DocumentShape(Shape):
    """A draft."""

    id: Id
    meeting: Id
    title: str
    symbol: str | None
    seq: int = Field(description="The last entry of its record")
    frozen: bool
    progress: ProgressShape
    created_at: Time


class NoteShape(Shape):
    """Something of a source that reads otherwise in the document."""

    code: NoteCode
    paragraph: int | None = Field(description="Index of the paragraph; null: the whole document")
    detail: str


class ImportedShape(DocumentShape):
    """A new draft, and what of its source was changed or lost."""

    report: Sequence[NoteShape]


class TicketShape(Shape):
    """Opens one socket on this document, for this participant, within 30 s."""

    ticket: Token


def reported(source: Source) -> list[NoteShape]:
    return [NoteShape.model_validate(note, from_attributes=True) for note in source.report]


def _shape(document: Document, seq: int, counts: Counts) -> DocumentShape:
    return DocumentShape(
        id=document.id,
        meeting=document.meeting,
        title=document.title,
        symbol=document.symbol,
        seq=seq,
        frozen=document.frozen,
        progress=ProgressShape.model_validate(counts, from_attributes=True),
        created_at=document.created_at,
    )


async def _read(call: Call, document: Document) -> DocumentShape:
    text = await call.server.readings.now(document.id, document.meeting)
    return _shape(document, text.seq, text.counts)


async def create_document(call: Call) -> Answer:
    body, meeting, who = call.sent_body, call.meeting.id, call.who.participant_id
    if isinstance(body, DocumentFile):
        source = await asyncio.to_thread(read_file, body.file.name, body.file.content)
        title, symbol = body.title, body.symbol
    else:
        asked = call.body(NewDocument)
        source = await asyncio.to_thread(read_text, asked.text or "")
        title, symbol = asked.title, asked.symbol
    parties = await call.read(lambda connection: readings.parties(connection, meeting))
    written = await asyncio.to_thread(drafted, source.drafts, who, parties)
    document = Document(
        id=new_id(), meeting=meeting, title=title, symbol=symbol, created_at=times.now(), created_by=who
    )

    def work(connection: Connection) -> Answer:
        documents.add(connection, document, written.update)
        shape = _shape(document, 1, written.counts)
        return created(ImportedShape(**dict(shape), report=reported(source)), f"/api/documents/{document.id}")

    return await call.write(work)


async def list_documents(call: Call) -> Answer:
    page = wanted(call.query(Paging))
    found = await call.read(lambda connection: documents.listed(connection, call.meeting.id, page))
    items = [await _read(call, document) for document in found.rows]
    return ok(List[DocumentShape](items=items, next=following(found.next)))


async def get_document(call: Call) -> Answer:
    return ok(await _read(call, call.thing(Document)))


async def change_document(call: Call) -> Answer:
    """Null takes a symbol away; a title stays."""
    given = call.body(DocumentChange).model_dump(exclude_unset=True)
    if given.get("title", "") is None:
        del given["title"]
    changed = Document(**{**call.thing(Document).model_dump(), **given})
    shape = await _read(call, changed)

    def work(connection: Connection) -> Answer:
        documents.change(connection, changed.id, given)
        return ok(shape)

    return await call.write(work)


async def create_ticket(call: Call) -> Answer:
    token, now = tokens.new_token(), datetime.now(UTC)
    ticket = Ticket(
        token_hash=tokens.hashed(token),
        participant=call.who.participant_id,
        document=call.thing(Document).id,
        expires_at=times.written(now + timedelta(seconds=TICKET_SECONDS)),
    )

    def work(connection: Connection) -> Answer:
        tickets.add(connection, ticket, times.written(now))
        return created(TicketShape(ticket=token))

    return await call.write(work)


ROUTES = (
    Route(
        method="POST",
        path="/api/meetings/{meeting}/documents",
        act=Act.ADMINISTER,
        summary="Make a document, from nothing, a text or a file",
        handler=create_document,
        body=NewDocument,
        form=DocumentFile,
        limit=UPLOAD_LIMIT,
        answers={201: ImportedShape},
    ),
    Route(
        method="GET",
        path="/api/meetings/{meeting}/documents",
        act=Act.READ,
        summary="The documents of a meeting",
        handler=list_documents,
        query=Paging,
        answers={200: List[DocumentShape]},
    ),
    Route(
        method="GET",
        path="/api/documents/{document}",
        act=Act.READ,
        summary="A document",
        handler=get_document,
        answers={200: DocumentShape},
    ),
    Route(
        method="PATCH",
        path="/api/documents/{document}",
        act=Act.ADMINISTER,
        summary="Rename a document",
        handler=change_document,
        body=DocumentChange,
        answers={200: DocumentShape},
    ),
    Route(
        method="POST",
        path="/api/documents/{document}/ticket",
        act=Act.READ,
        summary="A ticket for one socket",
        handler=create_ticket,
        answers={201: TicketShape},
    ),
)
