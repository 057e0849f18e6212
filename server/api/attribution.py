"""Who wrote the text, now or as it was."""

from collections.abc import Sequence

from pydantic import Field

from server.api.answers import Answer
from server.api.calls import Call
from server.api.paragraphs import ParagraphId
from server.api.points import Point, seq_of
from server.api.routing import Route
from server.api.shapes import By, ParticipantId, Query, Shape, Time
from server.auth.policy import Act
from server.errors import Code
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
    return Answer(200, await call.server.history.attribution(document, seq, query.paragraph))


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
