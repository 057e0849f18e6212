"""The progress of a document over time (B6)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

from pydantic import Field

from server.api.answers import Answer, ok
from server.api.calls import Call
from server.api.paging import Digits, Limit
from server.api.paragraphs import ParagraphId
from server.api.routing import Route
from server.api.series import Point
from server.api.shapes import List, ProgressShape, Query, Shape, Time
from server.auth.policy import Act
from server.tables import Document


class ResolvedShape(Shape):
    """A bracket, and what became of it."""

    bracket: ParagraphId
    outcome: str


class PointShape(Shape):
    """The counts after an entry of the record."""

    seq: int
    at: Time
    kind: str = Field(description="What the entry is")
    counts: ProgressShape
    change: ProgressShape | None = Field(description="What the resolution of these brackets did to the counts")
    brackets: Sequence[ResolvedShape]


class ProgressQuery(Query):
    """Which part of the series."""

    after: Annotated[int, Field(ge=0, le=2**53 - 1), Digits] = Field(default=0, description="Points behind this entry")
    limit: Limit = 200


async def get_progress(call: Call) -> Answer:
    document, query = call.thing(Document), call.query(ProgressQuery)
    room = await call.server.rooms.room(document.id)
    points = await call.server.progress.of(document.id, document.meeting, room.seq)
    found = [point for point in points if point.seq > query.after]
    shown = found[: query.limit]
    following = str(shown[-1].seq) if len(found) > len(shown) else None
    return ok(List[PointShape](items=[_shape(point) for point in shown], next=following))


def _shape(point: Point) -> PointShape:
    counts = asdict(point.counts)
    change = None
    if point.before is not None:
        change = ProgressShape(**{name: counts[name] - was for name, was in asdict(point.before).items()})
    return PointShape(
        seq=point.seq,
        at=point.at,
        kind=point.kind,
        counts=ProgressShape(**counts),
        change=change,
        brackets=[ResolvedShape(bracket=name, outcome=outcome) for name, outcome in point.brackets],
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/progress",
        act=Act.READ,
        summary="The counts of a document over time",
        handler=get_progress,
        query=ProgressQuery,
        answers={200: List[PointShape]},
    ),
)
