"""How two points of a record differ."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from server.api.answers import Answer
from server.api.calls import Call
from server.api.paragraphs import ParagraphId
from server.api.points import HEAD, Point, seq_of
from server.api.routing import Route
from server.api.shapes import By, Query, Shape, Time
from server.auth.policy import Act
from server.errors import Code
from server.tables import Document


class Between(Query):
    """Between which points; either may be the later one."""

    from_: Point = Field(alias="from", description="An entry's seq, a snapshot's id, or head")
    to: Point = Field(default=HEAD, description="An entry's seq, a snapshot's id, or head")


class SpanShape(Shape):
    """Text that stayed, came or went. Members that say nothing are left out."""

    op: Literal["=", "+", "-"]
    text: str
    marks: Sequence[str] = Field(description="Of what went: as it read before")
    by: By | None = Field(default=None, description='Of "+": who wrote the words first; of "-": who deleted them')
    at: Time | None = Field(default=None, description="When they came or went")
    through: By | None = Field(default=None, description="Who brought them back, where that is another")
    moved: ParagraphId | None = Field(
        default=None, description='The paragraph where the same characters stood before ("+") or stand now ("-")'
    )
    was: Sequence[str] | None = Field(default=None, description='The marks of "=" before, where they were others')


class FormShape(Shape):
    """What a paragraph is, beside its text."""

    kind: str
    level: int
    label: str | None


class ComparedShape(Shape):
    """A paragraph of either text; one that went stands where it stood. Its `=` and `-` give the old text, `=` and `+`
    the new one. Members that say nothing are left out."""

    id: ParagraphId
    status: Literal["same", "added", "removed", "changed", "moved"]
    kind: str
    level: int
    label: str | None
    spans: Sequence[SpanShape]
    was: FormShape | None = Field(default=None, description="What it was before, where that is not the same")
    kin: ParagraphId | None = Field(
        default=None, description="The paragraph that it was before, was split from, or was joined to"
    )
    by: By | None = Field(default=None, description="Who began it, or took it away")
    at: Time | None = None


class RedlineShape(Shape):
    """From the text after one entry to that after another."""

    from_: int = Field(alias="from")
    to: int
    paragraphs: Sequence[ComparedShape]


async def get_diff(call: Call) -> Answer:
    document, query = call.thing(Document).id, call.query(Between)
    old, new = await seq_of(call, document, query.from_), await seq_of(call, document, query.to)
    return Answer(200, await call.server.history.diff(document, old, new))


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/diff",
        act=Act.READ,
        summary="How two points of the record differ, and who made the difference",
        handler=get_diff,
        query=Between,
        answers={200: RedlineShape},
        problems=(Code.NOT_FOUND,),
    ),
)
