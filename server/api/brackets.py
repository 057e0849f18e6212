"""Brackets: found in the text, held open by positions, and resolved by the chair (B1 to B5)."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from crdt.brackets import Kind, LintCode, RunClass, Stance
from crdt.brackets.resolving import Act as Deed
from crdt.brackets.resolving import Plan, plan
from crdt.brackets.watch import Outcome, Seen
from server.api.acting import act
from server.api.answers import Answer, ok
from server.api.calls import Call
from server.api.openings import Opening
from server.api.paging import Digits, Limit
from server.api.paragraphs import ParagraphId
from server.api.readings import Parties, Text, register_of
from server.api.routing import Route
from server.api.shapes import Body, By, List, Query, Shape, Time
from server.auth.policy import Act
from server.errors import Code, Problem, not_found
from server.rooms import Decision, Scene
from server.rooms.brackets import NONE, Life, Position, position_event, position_row
from server.rooms.opening import LIVES
from server.rooms.standing import Author, author_of, written
from server.rooms.updates import new_client
from server.store import Entry, EntryDraft, brackets, meetings, people, record
from server.tables import Document, EntryKind, Participant

BracketId = ParagraphId
LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]*$"
Words = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=LINE)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
OUTCOMES: Mapping[Deed, Outcome] = {
    Deed.KEEP: Outcome.KEPT,
    Deed.DELETE: Outcome.DELETED,
    Deed.REPLACE: Outcome.REPLACED,
    Deed.CHOOSE: Outcome.CHOSEN,
}


class Rows(Query):
    """Which part of a list."""

    after: Annotated[int, Field(ge=0, le=2**53 - 1), Digits] = Field(default=0, description="`next` of the page before")
    limit: Limit = 50


class BracketsQuery(Rows):
    """Which brackets."""

    status: Literal["open", "resolved", "open,resolved", "resolved,open"] = Field(
        default="open,resolved", description="All of them, when not given"
    )


class AttributionShape(Shape):
    """Who is said in the text to stand behind a bracket; without a verb the stance is open."""

    delegation: str
    stance: Stance | None


class OpenedShape(Shape):
    """Who opened a bracket, and when."""

    by: By
    at: Time
    seq: int


class PositionShape(Shape):
    """What a delegation says of a bracket."""

    stance: Stance | Literal["none"]
    note: str | None
    at: Time
    by: By
    on_behalf: bool = Field(description="Recorded by the chair or the secretariat, as stated in the room")


class ResolutionShape(Shape):
    """What became of a bracket."""

    outcome: Outcome
    by: By
    at: Time
    seq: int


class BracketShape(Shape):
    """A bracket (B4). One that is resolved reads as it did before; of a long text only the beginning is kept."""

    id: BracketId
    paragraph: ParagraphId
    end_paragraph: ParagraphId
    start: int
    end: int
    depth: int
    text: str
    kind: Kind
    run: BracketId | None
    run_class: RunClass | None
    attribution: Sequence[AttributionShape]
    opened: OpenedShape | None = Field(description="Null: it was imported")
    positions: Mapping[str, PositionShape] = Field(description="By the code of the delegation")
    status: Literal["open", "resolved"]
    resolution: ResolutionShape | None
    closed: bool = Field(description="False: its `]` is lost, and `text` is its `[` alone")


class MendShape(Shape):
    """How a lint may be mended: take `delete` characters out at `at`, put `insert` there."""

    paragraph: ParagraphId
    at: int
    delete: int
    insert: str


class LintShape(Shape):
    """Something that is wrong with the brackets of a text."""

    code: LintCode
    paragraph: ParagraphId
    start: int
    end: int
    mend: MendShape


class PositionBody(Body):
    """What a delegation says; `none` takes back what it said."""

    stance: Annotated[Stance, Field(strict=False)] | Literal["none"]
    note: Note | None = None


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


class StepShape(Shape):
    """Something that was recorded of a bracket. A position has `delegation` and `stance`, all else an `outcome`."""

    seq: int
    kind: Literal["position", "resolution"]
    bracket: BracketId
    by: By
    at: Time
    delegation: str | None = None
    stance: str | None = None
    note: str | None = None
    on_behalf: bool | None = None
    outcome: Outcome | Literal["returned"] | None = None
    text: str | None = Field(default=None, description="How it read before")


# -- reading


async def list_brackets(call: Call) -> Answer:
    """Open ones in the order of the text, then resolved ones in the order in which they were."""
    document, query = call.thing(Document), call.query(BracketsQuery)
    text = await call.server.readings.now(document.id, document.meeting)
    names = _open(text) if "open" in query.status else []
    gone = text.brackets.gone() if "resolved" in query.status else []
    found: list[str | Life] = [*names, *gone]
    page = found[query.after : query.after + query.limit]
    openings = await call.server.openings.of(document.id, text.seq)
    firsts = [text.brackets.first(each if isinstance(each, str) else each.id) for each in page]
    opened = {name: openings[name] for name in firsts if name in openings}
    named = await call.server.openings.named(opened.values())

    def shapes() -> Answer:
        items = [
            _shape(text, each, _opened(opened.get(first), named)) for each, first in zip(page, firsts, strict=True)
        ]
        return ok(List[BracketShape](items=items, next=_next(query, len(page), len(found))))

    return await asyncio.to_thread(shapes)


async def list_lints(call: Call) -> Answer:
    document, query = call.thing(Document), call.query(Rows)
    text = await call.server.readings.now(document.id, document.meeting)
    page = text.reading.lints[query.after : query.after + query.limit]
    items = [
        LintShape(
            code=lint.code,
            paragraph=text.paragraphs[lint.paragraph].id,
            start=lint.start,
            end=lint.end,
            mend=MendShape(
                paragraph=text.paragraphs[lint.mend.paragraph].id,
                at=lint.mend.at,
                delete=lint.mend.delete,
                insert=lint.mend.insert,
            ),
        )
        for lint in page
    ]
    return ok(List[LintShape](items=items, next=_next(query, len(page), len(text.reading.lints))))


async def get_history(call: Call) -> Answer:
    """Of all that the bracket was called, for an undo gives it a new id."""
    document, query, name = call.thing(Document), call.query(Rows), call.parameters["bracket"]
    text = await call.server.readings.now(document.id, document.meeting)
    first = _known(text, name)
    found = await call.read(lambda connection: record.entries(connection, document.id, kinds=LIVES))
    named = await call.read(lambda connection: people.named(connection, {entry.participant for entry in found}))

    def steps() -> Answer:
        all_steps = [
            _step(entry, said, author_of(named[entry.participant]))
            for entry in found
            for said in _sayings(entry)
            if text.brackets.first(said["bracket"]) == first
        ]
        page = all_steps[query.after : query.after + query.limit]
        return ok(List[StepShape](items=page, next=_next(query, len(page), len(all_steps))))

    return await asyncio.to_thread(steps)


def _sayings(entry: Entry) -> list[dict[str, Any]]:
    said = {} if entry.payload is None else json.loads(entry.payload)
    return [said, *said.get("others", ())] if said else []


def _step(entry: Entry, said: Mapping[str, Any], by: Author) -> StepShape:
    took_position = entry.kind == EntryKind.POSITION
    return StepShape(
        seq=entry.seq,
        kind="position" if took_position else "resolution",
        bracket=said.get("as", said["bracket"]),
        by=_by(by),
        at=entry.at,
        delegation=said.get("delegation"),
        stance=said.get("stance"),
        note=said.get("note"),
        on_behalf=said.get("on_behalf"),
        outcome=said.get("outcome"),
        text=said.get("was", {}).get("text"),
    )


def _next(query: Rows, shown: int, all_: int) -> str | None:
    behind = query.after + shown
    return str(behind) if shown and behind < all_ else None


def _open(text: Text) -> list[str]:
    """The ids of all open brackets in the order of the text, those without their `]` among them."""
    places = [
        (bracket.first, bracket.start, name)
        for bracket, name in zip(text.reading.brackets, text.sight.ids, strict=True)
    ]
    places += [(paragraph, at, name) for name, (paragraph, at) in text.sight.unclosed.items()]
    return [name for _, _, name in sorted(places)]


def _known(text: Text, name: str) -> str:
    """The first id of a bracket that there is or was; raises Problem."""
    now = text.brackets.now(name)
    if text.sight.seen(now) is None and now not in text.brackets.lives:
        raise not_found("bracket")
    return text.brackets.first(name)


def _by(author: Author) -> By:
    return By(id=author.id, name=author.name, delegation=author.delegation)


def _opened(opening: Opening | None, named: Mapping[str, Participant]) -> OpenedShape | None:
    if opening is None:
        return None
    return OpenedShape(by=_by(author_of(named[opening.participant])), at=opening.at, seq=opening.seq)


def _shape(text: Text, which: str | Life, opened: OpenedShape | None) -> BracketShape:
    """Of an open one by its id, or of one that is resolved."""
    if isinstance(which, Life):
        return _resolved(which, text.brackets.of(which.id), opened)
    seen = text.sight.seen(which)
    assert seen is not None  # noqa: S101  # its id comes from the same reading
    return _shaped(seen.id, _facts(seen), text.brackets.of(which), opened)


def _facts(seen: Seen) -> dict[str, Any]:
    return {**seen.told(), "text": seen.text}


def _resolved(life: Life, positions: Mapping[str, Position], opened: OpenedShape | None) -> BracketShape:
    resolution = ResolutionShape(outcome=Outcome(life.outcome or ""), by=_by(life.by), at=life.at, seq=life.seq)
    return _shaped(life.id, life.was, positions, opened, resolution)


def _shaped(
    name: str,
    was: Mapping[str, Any],
    positions: Mapping[str, Position],
    opened: OpenedShape | None,
    resolution: ResolutionShape | None = None,
) -> BracketShape:
    return BracketShape(
        id=name,
        paragraph=was["paragraph"],
        end_paragraph=was["end_paragraph"],
        start=was["start"],
        end=was["end"],
        depth=was["depth"],
        text=was["text"],
        kind=was["kind"],
        run=was["run"],
        run_class=was["run_class"],
        attribution=[AttributionShape(delegation=code, stance=stance) for code, stance in was["attribution"]],
        opened=opened,
        positions={code: _position(each) for code, each in sorted(positions.items())},
        status="open" if resolution is None else "resolved",
        resolution=resolution,
        closed=was["closed"],
    )


def _position(position: Position) -> PositionShape:
    return PositionShape(
        stance=Stance(position.stance),
        note=position.note,
        at=position.at,
        by=_by(position.by),
        on_behalf=position.on_behalf,
    )


# -- positions


async def take_position(call: Call) -> Answer:
    """P2: a delegate for the own delegation; chair and secretariat for any, marked so."""
    document, body, code = call.thing(Document), call.body(PositionBody), call.parameters["delegation"]
    found = await call.read(lambda connection: meetings.delegations(connection, [document.meeting])[document.meeting])
    if all(each.code != code for each in found):
        raise not_found("delegation")
    text = await call.server.readings.now(document.id, document.meeting)
    return await act(call, partial(_take_position, call, code, body, text.parties))


def _take_position(call: Call, code: str, body: PositionBody, parties: Parties, scene: Scene) -> Decision[Answer]:
    seen = _still_open(Text.of(scene, parties), call.parameters["bracket"])
    by, on_behalf = author_of(call.who), call.who.delegation != code
    before = scene.standing.brackets.of(seen.id).get(code)
    shape = PositionShape(stance=body.stance, note=body.note, at=scene.at, by=_by(by), on_behalf=on_behalf)
    if before is None and body.stance == NONE:
        return Decision(ok(shape))
    if before is not None and (before.stance, before.note, before.on_behalf) == (body.stance, body.note, on_behalf):
        return Decision(ok(_position(before)))
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


def _still_open(text: Text, name: str) -> Seen:
    """The open bracket that is or was known by this id; raises Problem."""
    now = text.brackets.now(name)
    seen = text.sight.seen(now)
    if seen is None:
        if now in text.brackets.lives:
            raise Problem(Code.BRACKET_RESOLVED, "This bracket is resolved already.")
        raise not_found("bracket")
    return seen


# -- resolutions


async def preview_resolution(call: Call) -> Answer:
    document, body = call.thing(Document), call.body(PreviewBody)
    text = await call.server.readings.now(document.id, document.meeting)
    seen = _still_open(text, call.parameters["bracket"])
    changes = _planned(text, seen, body).changes()
    shapes = [ChangeShape(id=each.paragraph, before=each.before, after=each.after) for each in changes]
    return ok(PreviewShape(expect=seen.text, paragraphs=shapes))


async def resolve_bracket(call: Call) -> Answer:
    """As one change of the text, in one order with the edits."""
    document = call.thing(Document)
    text = await call.server.readings.now(document.id, document.meeting)
    openings = await call.server.openings.of(document.id, text.seq)
    opening = openings.get(text.brackets.first(call.parameters["bracket"]))
    opened = _opened(opening, await call.server.openings.named([opening] if opening else []))
    return await act(call, partial(_resolve, call, text.parties, opened))


def _resolve(call: Call, parties: Parties, opened: OpenedShape | None, scene: Scene) -> Decision[Answer]:
    text, body, by = Text.of(scene, parties), call.body(ResolutionBody), author_of(call.who)
    seen = _still_open(text, call.parameters["bracket"])
    if seen.text != body.expect:
        now = _shaped(seen.id, _facts(seen), text.brackets.of(seen.id), opened).model_dump(mode="json")
        raise Problem(Code.TEXT_CHANGED, "The bracket has changed since you read it; look at it again.", bracket=now)
    found = _planned(text, seen, body)
    outcome = OUTCOMES[body.outcome]
    said = {"bracket": seen.id, "outcome": str(outcome), "text": body.text, "was": seen.told()}
    resolution = ResolutionShape(outcome=outcome, by=_by(by), at=scene.at, seq=scene.seq)
    return Decision(
        ok(_shaped(seen.id, _facts(seen), text.brackets.of(seen.id), opened, resolution)),
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


_ONE = "/api/documents/{document}/brackets/{bracket}"
ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/brackets",
        act=Act.READ,
        summary="The brackets of a document, open or resolved",
        handler=list_brackets,
        query=BracketsQuery,
        answers={200: List[BracketShape]},
    ),
    Route(
        method="GET",
        path="/api/documents/{document}/lints",
        act=Act.READ,
        summary="What is wrong with the brackets of a document",
        handler=list_lints,
        query=Rows,
        answers={200: List[LintShape]},
    ),
    Route(
        method="GET",
        path=f"{_ONE}/history",
        act=Act.READ,
        summary="All that was recorded of a bracket",
        handler=get_history,
        query=Rows,
        answers={200: List[StepShape]},
        problems=(Code.NOT_FOUND,),
    ),
    Route(
        method="PUT",
        path=f"{_ONE}/positions/{{delegation}}",
        act=Act.TAKE_POSITION,
        summary="Say where a delegation stands on a bracket",
        handler=take_position,
        body=PositionBody,
        answers={200: PositionShape},
        problems=(Code.NOT_FOUND, Code.BRACKET_RESOLVED),
    ),
    Route(
        method="POST",
        path=f"{_ONE}/preview",
        act=Act.PRESIDE,
        summary="How the text would read after a resolution",
        handler=preview_resolution,
        body=PreviewBody,
        answers={200: PreviewShape},
        problems=(Code.NOT_FOUND, Code.BRACKET_RESOLVED, Code.CONTRADICTION),
    ),
    Route(
        method="POST",
        path=f"{_ONE}/resolution",
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
