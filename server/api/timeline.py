"""A record from afar, for whoever wants to go through it."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from crdt.brackets.watch import Outcome
from server.api.answers import Answer, ok
from server.api.brackets import BracketId
from server.api.calls import Call
from server.api.paragraphs import ParagraphId
from server.api.points import seq_of
from server.api.routing import Route
from server.api.shapes import By, Id, Shape, Time
from server.auth.policy import Act
from server.history import Shelf
from server.history.timeline import Moment, timeline
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
    return await call.server.history.ask(told, document, await seq_of(call, document, None))


async def told(shelf: Shelf, document: str, until: int) -> Answer:
    """Made where it was read."""
    found = await timeline(shelf, document, until)
    shape = TimelineShape(
        seq=found.seq,
        ticks=[TickShape(seq=seq, at=at) for seq, at in found.ticks],
        moments=[_moment(each) for each in found.moments],
    )
    return ok(shape, sparse=True)


def _moment(each: Moment) -> MomentShape:
    by = By(id=each.by.id, name=each.by.name, delegation=each.by.delegation)
    return MomentShape.model_validate({"seq": each.seq, "kind": each.kind, "by": by, "at": each.at, **each.about})


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
