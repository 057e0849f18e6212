"""Positions: where a delegation stands on a bracket (P2)."""

from functools import partial
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from crdt.brackets import Stance
from server.api.acting import act
from server.api.answers import Answer, ok
from server.api.brackets import ONE, PositionShape, by_author, position_shape, still_open
from server.api.calls import Call
from server.api.parties import Parties
from server.api.readings import Text
from server.api.routing import Route
from server.api.shapes import Body
from server.auth.policy import Act
from server.errors import Code, not_found
from server.rooms import Decision, Scene
from server.rooms.author import author_of
from server.rooms.brackets import NONE, position_event, position_row
from server.rooms.standing import written
from server.store import EntryDraft, brackets, meetings
from server.tables import Document, EntryKind

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class PositionBody(Body):
    """What a delegation says; `none` takes back what it said."""

    stance: Annotated[Stance, Field(strict=False)] | Literal["none"]
    note: Note | None = None


async def take_position(call: Call) -> Answer:
    """P2: a delegate for the own delegation; chair and secretariat for any, marked so."""
    document, body, code = call.thing(Document), call.body(PositionBody), call.parameters["delegation"]
    found = await call.read(lambda connection: meetings.delegations(connection, [document.meeting])[document.meeting])
    if all(each.code != code for each in found):
        raise not_found("delegation")
    text = await call.server.readings.now(document.id, document.meeting)
    return await act(call, partial(_take_position, call, code, body, text.parties))


def _take_position(call: Call, code: str, body: PositionBody, parties: Parties, scene: Scene) -> Decision[Answer]:
    seen = still_open(Text.of(scene, parties), call.parameters["bracket"])
    by, on_behalf = author_of(call.who), call.who.delegation != code
    before = scene.standing.brackets.of(seen.id).get(code)
    shape = PositionShape(stance=body.stance, note=body.note, at=scene.at, by=by_author(by), on_behalf=on_behalf)
    if before is None and body.stance == NONE:
        return Decision(ok(shape))
    if before is not None and (before.stance, before.note, before.on_behalf) == (body.stance, body.note, on_behalf):
        return Decision(ok(position_shape(before)))
    said = {
        "bracket": seen.id,
        "delegation": code,
        "stance": str(body.stance),
        "note": body.note,
        "on_behalf": on_behalf,
    }
    first = scene.standing.brackets.first(seen.id)
    row = position_row(call.thing(Document).id, first, scene.seq, scene.at, by.id, said)
    return Decision(
        ok(shape),
        EntryDraft(EntryKind.POSITION, by.id, scene.at, written(said)),
        (brackets.position(row),),
        position_event(said, scene.at, by),
        by,
    )


ROUTES = (
    Route(
        method="PUT",
        path=f"{ONE}/positions/{{delegation}}",
        act=Act.TAKE_POSITION,
        summary="Say where a delegation stands on a bracket",
        handler=take_position,
        body=PositionBody,
        answers={200: PositionShape},
        problems=(Code.NOT_FOUND, Code.BRACKET_RESOLVED),
    ),
)
