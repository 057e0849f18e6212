"""Papers out: a document as a file, now or at any point of its record, with or without what changed since another."""

from typing import Literal

from pydantic import Field

from server.api.answers import Answer, file
from server.api.calls import Call
from server.api.paging import Flag
from server.api.points import HEAD, Point
from server.api.routing import Route
from server.api.shapes import Query
from server.auth.policy import Act
from server.errors import Code, not_found
from server.papers.out.exporting import Exported, export
from server.papers.out.formats import WAYS, Format
from server.papers.out.gathering import Wanted
from server.papers.out.paper import Layout
from server.tables import Document

SEQ, DIGEST, UNSEEN = "Rollingtext-Seq", "Rollingtext-Digest", "Rollingtext-Unseen"


class ExportQuery(Query):
    """Which text, and how it is to look."""

    at: Point = Field(default=HEAD, description="An entry's seq, a snapshot's id, or head")
    against: Point | None = Field(default=None, description="An earlier point: changes since then are marked")
    comments: Flag = Field(default=False, description="With what was said to everybody")
    style: Literal["bracketed", "clean"] = Field(
        default="bracketed", description="`clean`: refused while a bracket is open"
    )
    shading: Flag = Field(default=True, description="Whether open brackets are shaded")
    lines: Flag = Field(default=True, description="Whether lines are numbered, in .docx and .pdf")


async def export_document(call: Call) -> Answer:
    document, query = call.thing(Document), call.query(ExportQuery)
    format_ = _format(call.parameters["format"])
    clean = query.style == "clean"
    wanted = Wanted(document.id, query.at, query.against, query.comments, clean)
    layout = Layout(shading=query.shading and not clean, numbering=query.lines)
    head = (await call.server.store.head(document.id)).seq
    return _answer(await call.server.papers.of(head, export, wanted, format_, layout))


def _format(name: str) -> Format:
    if name not in set(Format):
        raise not_found("format")
    return Format(name)


def _answer(made: Exported) -> Answer:
    answer = file(made.content, made.media_type, made.name)
    told = {SEQ: str(made.seq), DIGEST: made.digest}
    if made.unseen:
        told[UNSEEN] = " ".join(f"U+{ord(char):04X}" for char in made.unseen)
    return Answer(answer.status, answer.content, {**answer.headers, **told})


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/export/{format}",
        act=Act.READ,
        summary="A document as a file: docx, pdf, html, md, txt, json or akn",
        handler=export_document,
        query=ExportQuery,
        answers={200: None},
        files=tuple(way.media_type for way in WAYS.values()),
        problems=(Code.OPEN_BRACKETS, Code.TOO_LARGE),
    ),
)
