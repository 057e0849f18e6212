"""All that was recorded of a bracket: positions, and what became of it (B3)."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from crdt.brackets.watch import Outcome
from server.api.answers import Answer, ok
from server.api.brackets import ONE, BracketId, by_author
from server.api.calls import Call
from server.api.paging import Rows, next_row
from server.api.readings import Text
from server.api.routing import Route
from server.api.shapes import By, List, Shape, Time
from server.auth.policy import Act
from server.errors import Code, not_found
from server.rooms.author import Author, author_of
from server.rooms.opening import LIVES
from server.store import Entry, people, record
from server.tables import Document, EntryKind


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
        return ok(List[StepShape](items=page, next=next_row(query, len(page), len(all_steps))))

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
        by=by_author(by),
        at=entry.at,
        delegation=said.get("delegation"),
        stance=said.get("stance"),
        note=said.get("note"),
        on_behalf=said.get("on_behalf"),
        outcome=said.get("outcome"),
        text=said.get("was", {}).get("text"),
    )


def _known(text: Text, name: str) -> str:
    """The first id of a bracket that there is or was; raises Problem."""
    now = text.brackets.now(name)
    if text.sight.seen(now) is None and now not in text.brackets.lives:
        raise not_found("bracket")
    return text.brackets.first(name)


ROUTES = (
    Route(
        method="GET",
        path=f"{ONE}/history",
        act=Act.READ,
        summary="All that was recorded of a bracket",
        handler=get_history,
        query=Rows,
        answers={200: List[StepShape]},
        problems=(Code.NOT_FOUND,),
    ),
)
