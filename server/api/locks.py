"""What the chair settles: paragraphs that are agreed, documents that are frozen, and where everybody looks (W4)."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from crdt.paragraphs import Paragraph
from server.api.acting import act
from server.api.answers import NOTHING, Answer, ok
from server.api.calls import Call
from server.api.paragraphs import LockShape, ParagraphId, lock_shape, shaped, threads_seen
from server.api.readings import Text
from server.api.routing import Route
from server.api.shapes import Body, Shape
from server.auth.policy import Act
from server.errors import Code, Problem, not_found
from server.rooms import Decision, Scene
from server.rooms.author import author_of
from server.rooms.standing import Lock, written
from server.store import EntryDraft, documents, locks
from server.tables import Document, EntryKind, LockRow, LockStatus

ATTEMPTS = 3
"""How often brackets are read beside the loop while others go on typing; then the room waits for one reading."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class LockBody(Body):
    """Which text is agreed, and how far."""

    digest: Digest = Field(description="Of the paragraph as the chair has read it")
    status: LockStatus
    allow_brackets: bool = Field(default=False, description="Lock it though brackets are open in it")


class UnlockBody(Body):
    """Why a paragraph is opened again."""

    reason: Reason


class FrozenBody(Body):
    """Whether the text is closed to everybody."""

    frozen: bool
    reason: Reason | None = None


class FrozenShape(Shape):
    """Whether the document is frozen."""

    frozen: bool


class FocusBody(Body):
    """The paragraph that the chair is at; null: none in particular."""

    paragraph: ParagraphId | None
    bracket: ParagraphId | None = Field(default=None, description="And the bracket that is being spoken of")


class FocusShape(Shape):
    """Where those who follow the chair are taken."""

    paragraph: ParagraphId | None
    bracket: ParagraphId | None


async def lock_paragraph(call: Call) -> Answer:
    """In one order with the edits: what came before has changed the digest, what comes after is refused."""
    document, name, body = call.thing(Document), call.parameters["paragraph"], call.body(LockBody)
    try:
        for _ in range(ATTEMPTS):
            text = None if body.allow_brackets else await call.server.readings.now(document.id, document.meeting)
            answer = await act(call, partial(_lock, call, name, body, text))
            if answer is not UNREAD:
                return answer
        parties = text.parties if text else ()
        return await act(call, lambda scene: _lock(call, name, body, Text.of(scene, parties), scene))
    except Problem as problem:
        if problem.code is not Code.TEXT_CHANGED:
            raise
        seen = await threads_seen(call, document.id)
        now = shaped(await call.server.readings.now(document.id, document.meeting), seen)
        current = next((each for each in now.paragraphs if each.id == name), None)
        raise problem if current is None else _changed(paragraph=current.model_dump(mode="json")) from None


UNREAD = Answer(0)
"""Not an answer: the text has moved on since its brackets were read."""


def _lock(call: Call, name: str, body: LockBody, text: Text | None, scene: Scene) -> Decision[Answer]:
    paragraph = _paragraph(scene, name)
    if paragraph.digest != body.digest:
        raise _changed()
    before = scene.standing.locks.get(name)
    if before is not None and before.status is body.status:
        return Decision(ok(lock_shape(before)))
    if text is not None:
        if text.seq != scene.seq - 1:
            return Decision(UNREAD)
        if text.open_brackets().get(paragraph.index):
            raise Problem(Code.OPEN_BRACKETS, "Resolve the brackets in this paragraph, or say that they may stay.")
    by = author_of(call.who)
    row = LockRow(
        document=call.thing(Document).id,
        paragraph=name,
        seq=scene.seq,
        status=body.status,
        digest=body.digest,
        participant=by.id,
        at=scene.at,
    )
    lock = Lock(body.status, body.digest, by, scene.at, scene.seq)
    return Decision(
        ok(lock_shape(lock)),
        also=(locks.removal(row.document, name), locks.addition(row)),
        **_entry(call, scene, EntryKind.LOCK, {"paragraph": name, **body.model_dump(mode="json")}),
    )


async def unlock_paragraph(call: Call) -> Answer:
    name, reason = call.parameters["paragraph"], call.body(UnlockBody).reason

    def decide(scene: Scene) -> Decision[Answer]:
        if name not in scene.standing.locks:
            _paragraph(scene, name)
            raise Problem(Code.NOT_LOCKED, "This paragraph is open already.")
        return Decision(
            NOTHING,
            also=(locks.removal(call.thing(Document).id, name),),
            **_entry(call, scene, EntryKind.UNLOCK, {"paragraph": name, "reason": reason}),
        )

    return await act(call, decide)


async def freeze_document(call: Call) -> Answer:
    body = call.body(FrozenBody)
    answer = ok(FrozenShape(frozen=body.frozen))

    def decide(scene: Scene) -> Decision[Answer]:
        if scene.standing.frozen == body.frozen:
            return Decision(answer)
        return Decision(
            answer,
            also=(documents.freezing(call.thing(Document).id, body.frozen, body.reason if body.frozen else None),),
            **_entry(call, scene, EntryKind.FREEZE, body.model_dump()),
        )

    return await act(call, decide)


async def set_focus(call: Call) -> Answer:
    body = call.body(FocusBody)
    name = body.paragraph
    room = await call.server.rooms.room(call.thing(Document).id)

    def decide(scene: Scene) -> Decision[Answer]:
        if name is not None:
            _paragraph(scene, name)
        return Decision(ok(FocusShape(paragraph=name, bracket=body.bracket)))

    answer = await room.act(decide)
    room.set_focus(name, body.bracket, author_of(call.who))
    return answer


def _paragraph(scene: Scene, name: str) -> Paragraph:
    paragraph = scene.document.index.paragraph(name)
    if paragraph is None:
        raise not_found("paragraph")
    return paragraph


def _changed(**members: Any) -> Problem:
    return Problem(Code.TEXT_CHANGED, "The paragraph has changed since you read it; look at it again.", **members)


def _entry(call: Call, scene: Scene, kind: EntryKind, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a decision, who is behind it, and the event that tells of it."""
    by = author_of(call.who)
    return {"draft": EntryDraft(kind, by.id, scene.at, written(payload)), "by": by, "event": dict(payload)}


ROUTES = (
    Route(
        method="PUT",
        path="/api/documents/{document}/paragraphs/{paragraph}/lock",
        act=Act.PRESIDE,
        summary="Agree on a paragraph as it reads; nobody can change it from then on",
        handler=lock_paragraph,
        body=LockBody,
        answers={200: LockShape},
        problems=(Code.NOT_FOUND, Code.TEXT_CHANGED, Code.OPEN_BRACKETS),
    ),
    Route(
        method="DELETE",
        path="/api/documents/{document}/paragraphs/{paragraph}/lock",
        act=Act.PRESIDE,
        summary="Open a paragraph again",
        handler=unlock_paragraph,
        body=UnlockBody,
        answers={204: None},
        problems=(Code.NOT_FOUND, Code.NOT_LOCKED),
    ),
    Route(
        method="PUT",
        path="/api/documents/{document}/frozen",
        act=Act.PRESIDE,
        summary="Freeze a document, or let it be edited again",
        handler=freeze_document,
        body=FrozenBody,
        answers={200: FrozenShape},
    ),
    Route(
        method="PUT",
        path="/api/documents/{document}/focus",
        act=Act.PRESIDE,
        summary="Take those who follow the chair to a paragraph",
        handler=set_focus,
        body=FocusBody,
        answers={200: FocusShape},
        problems=(Code.NOT_FOUND,),
    ),
)
