"""A record from afar, for whoever wants to go through it."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from crdt.brackets.watch import Outcome
from server.api.answers import Answer
from server.api.brackets import BracketId
from server.api.calls import Call
from server.api.paragraphs import ParagraphId
from server.api.points import seq_of
from server.api.routing import Route
from server.api.shapes import By, Id, Shape, Time
from server.auth.policy import Act
from server.tables import Document, LockStatus


class TickShape(Shape):
    """When the text was changed by an entry."""

    seq: int
    at: Time


class MomentShape(Shape):
    """An entry that decided something. Members that say nothing of its kind are left out."""

    seq: int
    kind: Literal["lock", "unlock", "freeze", "resolution", "snapshot", "restore"]
    by: By
    at: Time
    paragraph: ParagraphId | None = None
    status: LockStatus | None = None
    reason: str | None = None
    frozen: bool | None = None
    bracket: BracketId | None = None
    outcome: Outcome | Literal["returned"] | None = None
    id: Id | None = Field(default=None, description="Of a labelled snapshot")
    label: str | None = None
    restored: Id | None = Field(default=None, description="Of a restore: the snapshot whose text came back")


class TimelineShape(Shape):
    """`ticks`: some of the changes of the text, evenly spread over the record."""

    seq: int = Field(description="Of the last entry")
    ticks: Sequence[TickShape]
    moments: Sequence[MomentShape]


async def get_timeline(call: Call) -> Answer:
    document = call.thing(Document).id
    return Answer(200, await call.server.history.timeline(document, await seq_of(call, document, None)))


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/timeline",
        act=Act.READ,
        summary="The locks, resolutions, snapshots and restores of a record, and how time went by",
        handler=get_timeline,
        answers={200: TimelineShape},
    ),
)
