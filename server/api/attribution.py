"""Who wrote the text, now or as it was."""

from collections.abc import Sequence

from pydantic import Field

from server.api.answers import Answer, ok
from server.api.calls import Call
from server.api.paragraphs import ParagraphId
from server.api.points import Point, seq_of
from server.api.routing import Route
from server.api.shapes import By, ParticipantId, Query, Shape, Time
from server.auth.policy import Act
from server.errors import Code
from server.history import Shelf
from server.history.attribution import Attributed, attribution
from server.rooms.standing import Author
from server.tables import Document


class Where(Query):
    """At which point of the record, and of which paragraph."""

    at: Point | None = Field(default=None, description="After this entry, by seq or snapshot id; now, when not given")
    paragraph: ParagraphId | None = Field(default=None, description="Of this one alone")


class WordsShape(Shape):
    """Text that one participant wrote within a minute, under the same marks."""

    text: str
    marks: Sequence[str]
    delegation: str | None
    participant: ParticipantId
    at: Time = Field(description="When it was begun")


class AttributedShape(Shape):
    """A paragraph, and whose its words are."""

    id: ParagraphId
    kind: str
    level: int
    label: str | None
    runs: Sequence[WordsShape]


class AttributionShape(Shape):
    """The text after entry `seq`. What an undo or a restore brought back is its first author's."""

    seq: int
    by: By | None = Field(description="Whose that entry is; null before the first")
    at: Time | None
    participants: Sequence[By] = Field(description="All who wrote any of it")
    paragraphs: Sequence[AttributedShape]


async def get_attribution(call: Call) -> Answer:
    document, query = call.thing(Document).id, call.query(Where)
    seq = await seq_of(call, document, query.at)
    return await call.server.history.ask(attributed, document, seq, query.paragraph)


async def attributed(shelf: Shelf, document: str, seq: int, paragraph: str | None) -> Answer:
    """Made where it was read."""
    found = await attribution(shelf, document, seq, paragraph)
    people = {words.by.id: words.by for each in found.paragraphs for words in each.words}
    shape = AttributionShape(
        seq=found.seq,
        by=None if found.by is None else _by(found.by),
        at=found.at,
        participants=[_by(author) for author in people.values()],
        paragraphs=[_paragraph(each) for each in found.paragraphs],
    )
    return ok(shape)


def _paragraph(each: Attributed) -> AttributedShape:
    return AttributedShape(
        id=each.id,
        kind=each.kind,
        level=each.level,
        label=each.label,
        runs=[
            WordsShape(
                text=words.text,
                marks=words.marks,
                delegation=words.by.delegation,
                participant=words.by.id,
                at=words.at,
            )
            for words in each.words
        ],
    )


def _by(author: Author) -> By:
    return By(id=author.id, name=author.name, delegation=author.delegation)


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/attribution",
        act=Act.READ,
        summary="Who wrote the text, now or as it was",
        handler=get_attribution,
        query=Where,
        answers={200: AttributionShape},
        problems=(Code.NOT_FOUND,),
    ),
)
