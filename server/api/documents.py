"""Documents: made from text or from a file, listed, renamed; and the tickets with which sockets are opened."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pydantic import Field
from sqlalchemy import Connection

from crdt.brackets import Counts
from server import times
from server.api.answers import Answer, created, ok
from server.api.bodies import UPLOAD_LIMIT
from server.api.calls import Call
from server.api.imports import (
    DocumentFile,
    NewDocument,
    NoteShape,
    PreviewShape,
    drafted_of,
    named,
    previewed,
    reported,
)
from server.api.paging import Paging, following, wanted
from server.api.remarks import imported, remarks
from server.api.routing import Route
from server.api.shapes import Body, Id, Line, List, ProgressShape, Shape, Symbol, Time, Token
from server.auth import tokens
from server.auth.policy import Act
from server.errors import Code
from server.rooms.author import author_of
from server.store import documents, tickets
from server.tables import Document, Ticket, new_id

TICKET_SECONDS = 30  # W1


class DocumentChange(Body):
    """What is to be changed; what is not given stays."""

    title: Line | None = None
    symbol: Symbol | None = None


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


class ImportedShape(DocumentShape):
    """A new draft, and what of its source was changed or lost."""

    report: Sequence[NoteShape]


class TicketShape(Shape):
    """Opens one socket on this document, for this participant, within 30 s."""

    ticket: Token


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
    """With what was said on the paper, if it comes from one; and then with a snapshot of the text as it came in."""
    body, who = call.sent_body, call.who.participant_id
    given = body if isinstance(body, DocumentFile) else call.body(NewDocument)
    parties = await named(call)
    written = await drafted_of(call, given, parties)
    document = Document(
        id=new_id(),
        meeting=call.meeting.id,
        title=given.title,
        symbol=given.symbol,
        created_at=times.now(),
        created_by=who,
    )

    def work(connection: Connection) -> Answer:
        said = remarks(document, author_of(call.who), written.spoken, {code for code, _ in parties})
        also = (*said.also, imported(document, written)) if isinstance(given, DocumentFile) else said.also
        seq = documents.add(connection, document, written.update, said.drafts, also)
        shape = _shape(document, seq, written.counts)
        return created(ImportedShape(**dict(shape), report=reported(written.report)), f"/api/documents/{document.id}")

    return await call.write(work)


async def preview_document(call: Call) -> Answer:
    """Writes nothing."""
    body = call.sent_body
    given = body if isinstance(body, DocumentFile) else call.body(NewDocument)
    return await previewed(call, given, await named(call))


async def list_documents(call: Call) -> Answer:
    page = wanted(call.query(Paging))
    found = await call.read(lambda connection: documents.listed(connection, call.meeting.id, page))
    items = [await _read(call, document) for document in found.rows]
    return ok(List[DocumentShape](items=items, next=following(found.next)))


async def get_document(call: Call) -> Answer:
    shape = await _read(call, call.thing(Document))
    call.server.history.soon(shape.id, shape.seq)
    return ok(shape)


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
        problems=(Code.FILE_REFUSED,),
    ),
    Route(
        method="POST",
        path="/api/meetings/{meeting}/documents/preview",
        act=Act.ADMINISTER,
        summary="How a text or a file would read, and what of it would be changed or lost; writes nothing",
        handler=preview_document,
        body=NewDocument,
        form=DocumentFile,
        limit=UPLOAD_LIMIT,
        answers={200: PreviewShape},
        problems=(Code.FILE_REFUSED,),
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
