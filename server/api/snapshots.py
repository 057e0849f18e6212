"""Snapshots: named points of the record, and how the text of one is had back."""

import asyncio
import json
from collections.abc import Sequence
from functools import partial

from pydantic import Field

from crdt.paragraphs import Paragraph
from crdt.restoring import Plan, plan
from server.api.acting import act
from server.api.answers import Answer, created, ok
from server.api.calls import Call
from server.api.paging import Paging, following, wanted
from server.api.points import Seq
from server.api.routing import Route
from server.api.shapes import Body, By, Id, Line, List, ProgressShape, Shape, Time, by
from server.auth.policy import Act
from server.errors import Code
from server.rooms import Decision, Scene, document_at
from server.rooms.author import author_of
from server.rooms.snapshots import row, said
from server.rooms.standing import written
from server.rooms.updates import new_client
from server.store import EntryDraft, people, snapshots
from server.tables import Document, EntryKind, SnapshotRow

ATTEMPTS = 3
"""How often texts are compared beside the loop while others go on typing; then the room waits for one comparison."""


class SnapshotBody(Body):
    """What it is called."""

    label: Line = Field(description='Such as "Rev.1"')


class SnapshotShape(Shape):
    """The text after entry `seq`. Equal digests mean equal texts."""

    id: Id
    label: str | None = Field(description="None: taken by itself, before a lock, resolution or restore, or hourly")
    seq: Seq
    digest: str
    by: By
    at: Time
    progress: ProgressShape


class RestoredShape(Shape):
    """What came of it: the last entry of the record, and whether the text had to be changed."""

    seq: Seq
    changed: bool


async def create_snapshot(call: Call) -> Answer:
    label, document = call.body(SnapshotBody).label, call.thing(Document)
    author = author_of(call.who)

    def decide(scene: Scene) -> Decision[Answer]:
        sight = scene.document.brackets.sight()
        made = row(document.id, scene.seq, scene.at, author.id, sight, label)
        shape = _shape(made, By(id=author.id, name=author.name, delegation=author.delegation))
        return Decision(
            created(shape),
            draft=EntryDraft(EntryKind.SNAPSHOT, author.id, scene.at, written(said(made))),
            also=(snapshots.addition(made),),
            by=author,
            event=said(made),
        )

    answer = await act(call, decide)
    call.server.statements.soon(json.loads(answer.content)["id"])
    return answer


async def list_snapshots(call: Call) -> Answer:
    asked, document = wanted(call.query(Paging)), call.thing(Document).id
    found = await call.read(lambda connection: snapshots.listed(connection, document, asked))
    authors = await call.read(lambda connection: people.named(connection, {each.participant for each in found.rows}))
    items = [_shape(each, by(authors[each.participant])) for each in found.rows]
    return ok(List[SnapshotShape](items=items, next=following(found.next)))


def _shape(found: SnapshotRow, author: By) -> SnapshotShape:
    return SnapshotShape(
        id=found.id,
        label=found.label,
        seq=found.seq,
        digest=found.digest,
        by=author,
        at=found.created_at,
        progress=ProgressShape.model_validate(json.loads(found.progress)),
    )


async def restore_snapshot(call: Call) -> Answer:
    """In one order with the edits: what came before is undone by it, what comes after is on top of it."""
    found = call.thing(SnapshotRow)
    earlier, _ = await document_at(call.server.store, found.document, found.seq)
    target = earlier.paragraphs()
    room = await call.server.rooms.room(found.document)
    for _ in range(ATTEMPTS):
        current = await room.read(lambda document: document.paragraphs())
        made = await asyncio.to_thread(plan, current, target)
        answer = await act(call, partial(_restore, call, found, made), found.document)
        if answer is not MOVED_ON:
            return answer
    return await act(call, lambda scene: _restore(call, found, _planned(scene, target), scene), found.document)


MOVED_ON = Answer(0)
"""Not an answer: the text has changed since it was compared."""


def _planned(scene: Scene, target: Sequence[Paragraph]) -> Plan:
    return plan(scene.document.paragraphs(), target)


def _restore(call: Call, found: SnapshotRow, made: Plan, scene: Scene) -> Decision[Answer]:
    if scene.document.paragraphs() != made.current:
        return Decision(MOVED_ON)
    update = made.update(scene.document.index, new_client(scene.document))
    if update is None:
        return Decision(ok(RestoredShape(seq=scene.seq - 1, changed=False)))
    author = author_of(call.who)
    payload = {"restored": found.id, "seq": found.seq}
    return Decision(
        ok(RestoredShape(seq=scene.seq, changed=True)),
        draft=EntryDraft(EntryKind.RESTORE, author.id, scene.at, written(payload)),
        by=author,
        event=payload,
        update=update,
    )


ROUTES = (
    Route(
        method="POST",
        path="/api/documents/{document}/snapshots",
        act=Act.PRESIDE,
        summary="Name this point of the record",
        handler=create_snapshot,
        body=SnapshotBody,
        answers={201: SnapshotShape},
    ),
    Route(
        method="GET",
        path="/api/documents/{document}/snapshots",
        act=Act.READ,
        summary="The snapshots of a document, the oldest first",
        handler=list_snapshots,
        query=Paging,
        answers={200: List[SnapshotShape]},
    ),
    Route(
        method="POST",
        path="/api/snapshots/{snapshot}/restore",
        act=Act.ADMINISTER,
        summary="Have the text of a snapshot back, as one change",
        handler=restore_snapshot,
        answers={200: RestoredShape},
        problems=(Code.LOCKED, Code.FROZEN, Code.TOO_LARGE),
    ),
)
