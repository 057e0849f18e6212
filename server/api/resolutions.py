"""Resolutions: what the chair does with a bracket, and how the text would read (B5)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated

from pydantic import Field, StringConstraints

from crdt.brackets.resolving import Act as Deed
from crdt.brackets.resolving import Plan, plan
from crdt.brackets.watch import Outcome, Seen
from server.api.acting import act
from server.api.answers import Answer, ok
from server.api.brackets import (
    ONE,
    BracketShape,
    OpenedShape,
    ResolutionShape,
    by_author,
    facts,
    opened_shape,
    shaped,
    still_open,
)
from server.api.calls import Call
from server.api.paragraphs import ParagraphId
from server.api.parties import Parties, register_of
from server.api.readings import Text
from server.api.routing import Route
from server.api.shapes import Body, Shape
from server.auth.policy import Act
from server.errors import Code, Problem
from server.rooms import Decision, Scene
from server.rooms.author import author_of
from server.rooms.standing import written
from server.rooms.updates import new_client
from server.store import EntryDraft
from server.tables import Document, EntryKind

LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]*$"
Words = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=LINE)]
OUTCOMES: Mapping[Deed, Outcome] = {
    Deed.KEEP: Outcome.KEPT,
    Deed.DELETE: Outcome.DELETED,
    Deed.REPLACE: Outcome.REPLACED,
    Deed.CHOOSE: Outcome.CHOSEN,
}


class PreviewBody(Body):
    """What may be done with a bracket."""

    outcome: Annotated[Deed, Field(strict=False)] = Field(
        description="`choose` keeps this member of its run, and deletes the others"
    )
    text: Words | None = Field(default=None, description="What replaces it, and only with `replace`")


class ResolutionBody(PreviewBody):
    """What is to be done with a bracket, as the chair has read it."""

    expect: Annotated[str, StringConstraints(max_length=4_000_000)] = Field(description="The bracket's text")


class ChangeShape(Shape):
    """A paragraph before and after."""

    id: ParagraphId
    before: str
    after: str | None = Field(description="Null: the paragraph goes")


class PreviewShape(Shape):
    """How the text would read."""

    expect: str = Field(description="The bracket's text, to be sent with the resolution")
    paragraphs: Sequence[ChangeShape]


async def preview_resolution(call: Call) -> Answer:
    document, body = call.thing(Document), call.body(PreviewBody)
    text = await call.server.readings.now(document.id, document.meeting)
    seen = still_open(text, call.parameters["bracket"])
    changes = _planned(text, seen, body).changes()
    shapes = [ChangeShape(id=each.paragraph, before=each.before, after=each.after) for each in changes]
    return ok(PreviewShape(expect=seen.text, paragraphs=shapes))


async def resolve_bracket(call: Call) -> Answer:
    """As one change of the text, in one order with the edits."""
    document = call.thing(Document)
    text = await call.server.readings.now(document.id, document.meeting)
    openings = await call.server.openings.of(document.id, text.seq)
    opening = openings.get(text.brackets.first(call.parameters["bracket"]))
    opened = opened_shape(opening, await call.server.openings.named([opening] if opening else []))
    return await act(call, partial(_resolve, call, text.parties, opened))


def _resolve(call: Call, parties: Parties, opened: OpenedShape | None, scene: Scene) -> Decision[Answer]:
    text, body, by = Text.of(scene, parties), call.body(ResolutionBody), author_of(call.who)
    seen = still_open(text, call.parameters["bracket"])
    if seen.text != body.expect:
        now = shaped(seen.id, facts(seen), text.brackets.of(seen.id), opened).model_dump(mode="json")
        raise Problem(Code.TEXT_CHANGED, "The bracket has changed since you read it; look at it again.", bracket=now)
    found = _planned(text, seen, body)
    outcome = OUTCOMES[body.outcome]
    said = {"bracket": seen.id, "outcome": str(outcome), "text": body.text, "was": seen.told()}
    resolution = ResolutionShape(outcome=outcome, by=by_author(by), at=scene.at, seq=scene.seq)
    return Decision(
        ok(shaped(seen.id, facts(seen), text.brackets.of(seen.id), opened, resolution)),
        EntryDraft(EntryKind.RESOLUTION, by.id, scene.at, written(said)),
        (),
        said,
        by,
        found.update(scene.document.index, new_client(scene.document)),
    )


def _planned(text: Text, seen: Seen, body: PreviewBody) -> Plan:
    if (body.text is None) == (body.outcome is Deed.REPLACE):
        raise Problem(Code.CONTRADICTION, "A text goes with `replace`, and with nothing else.")
    if not seen.closed:
        raise Problem(Code.CONTRADICTION, "Close this bracket before it is resolved: its end is lost.")
    found = plan(text.sight, seen.id, body.outcome, body.text or "", register_of(text.parties))
    if found is None:
        raise Problem(Code.CONTRADICTION, "There is nothing to choose from: this bracket stands in no run.")
    return found


ROUTES = (
    Route(
        method="POST",
        path=f"{ONE}/preview",
        act=Act.PRESIDE,
        summary="How the text would read after a resolution",
        handler=preview_resolution,
        body=PreviewBody,
        answers={200: PreviewShape},
        problems=(Code.NOT_FOUND, Code.BRACKET_RESOLVED, Code.CONTRADICTION),
    ),
    Route(
        method="POST",
        path=f"{ONE}/resolution",
        act=Act.PRESIDE,
        summary="Resolve a bracket, as one change of the text",
        handler=resolve_bracket,
        body=ResolutionBody,
        answers={200: BracketShape},
        problems=(
            Code.NOT_FOUND,
            Code.BRACKET_RESOLVED,
            Code.CONTRADICTION,
            Code.TEXT_CHANGED,
            Code.LOCKED,
            Code.FROZEN,
        ),
    ),
)
