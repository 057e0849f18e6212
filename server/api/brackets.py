"""The brackets of a document: those in its text, and those that are resolved (B2, B4)."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from crdt.brackets import Kind, RunClass, Stance
from crdt.brackets.watch import Outcome, Seen
from server.api.answers import Answer, ok
from server.api.calls import Call
from server.api.openings import Opening
from server.api.paging import Rows, next_row
from server.api.paragraphs import ParagraphId
from server.api.readings import Text
from server.api.routing import Route
from server.api.shapes import By, List, Shape, Time
from server.auth.policy import Act
from server.errors import Code, Problem, not_found
from server.rooms.author import Author, author_of
from server.rooms.brackets import Life, Position
from server.tables import Document, Participant

BracketId = ParagraphId
ONE = "/api/documents/{document}/brackets/{bracket}"


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
            _shape(text, each, opened_shape(opened.get(first), named)) for each, first in zip(page, firsts, strict=True)
        ]
        return ok(List[BracketShape](items=items, next=next_row(query, len(page), len(found))))

    return await asyncio.to_thread(shapes)


def _open(text: Text) -> list[str]:
    """The ids of all open brackets in the order of the text, those without their `]` among them."""
    places = [
        (bracket.first, bracket.start, name)
        for bracket, name in zip(text.reading.brackets, text.sight.ids, strict=True)
    ]
    places += [(paragraph, at, name) for name, (paragraph, at) in text.sight.unclosed.items()]
    return [name for _, _, name in sorted(places)]


def still_open(text: Text, name: str) -> Seen:
    """The open bracket that is or was known by this id; raises Problem."""
    now = text.brackets.now(name)
    seen = text.sight.seen(now)
    if seen is None:
        if now in text.brackets.lives:
            raise Problem(Code.BRACKET_RESOLVED, "This bracket is resolved already.")
        raise not_found("bracket")
    return seen


def by_author(author: Author) -> By:
    return By(id=author.id, name=author.name, delegation=author.delegation)


def opened_shape(opening: Opening | None, named: Mapping[str, Participant]) -> OpenedShape | None:
    if opening is None:
        return None
    return OpenedShape(by=by_author(author_of(named[opening.participant])), at=opening.at, seq=opening.seq)


def _shape(text: Text, which: str | Life, opened: OpenedShape | None) -> BracketShape:
    """Of an open one by its id, or of one that is resolved."""
    if isinstance(which, Life):
        return _resolved(which, text.brackets.of(which.id), opened)
    seen = text.sight.seen(which)
    assert seen is not None  # noqa: S101  # its id comes from the same reading
    return shaped(seen.id, facts(seen), text.brackets.of(which), opened)


def facts(seen: Seen) -> dict[str, Any]:
    return {**seen.told(), "text": seen.text}


def _resolved(life: Life, positions: Mapping[str, Position], opened: OpenedShape | None) -> BracketShape:
    resolution = ResolutionShape(outcome=Outcome(life.outcome or ""), by=by_author(life.by), at=life.at, seq=life.seq)
    return shaped(life.id, life.was, positions, opened, resolution)


def shaped(
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
        positions={code: position_shape(each) for code, each in sorted(positions.items())},
        status="open" if resolution is None else "resolved",
        resolution=resolution,
        closed=was["closed"],
    )


def position_shape(position: Position) -> PositionShape:
    return PositionShape(
        stance=Stance(position.stance),
        note=position.note,
        at=position.at,
        by=by_author(position.by),
        on_behalf=position.on_behalf,
    )


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
)
