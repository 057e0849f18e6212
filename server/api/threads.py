"""Threads on paragraphs, for all and for one's own delegation alone (section 4): opening, listing, publishing, closing.

What a thread reads like, who may see it and where it stands is decided by the document's room, in one order with the
edits. A thread of another delegation is not there at all: 404, whatever one asks of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from crdt import anchors
from crdt.document import Document as Text
from server.api.acting import act
from server.api.answers import NOTHING, Answer, created, ok
from server.api.calls import Call
from server.api.comments import CommentShape
from server.api.paging import Limit
from server.api.paragraphs import ParagraphId
from server.api.points import Seq
from server.api.routing import Route
from server.api.saying import LONGEST, Change, Words, changed, opened, thread_of, words_of
from server.api.shapes import Body, By, Id, List, Prose, Query, Shape, Time
from server.auth.policy import Act, circle, may_see
from server.errors import Code, Problem, forbidden, not_found
from server.rooms import Decision, Scene
from server.rooms.following import Placed, placed
from server.rooms.telling import told
from server.rooms.threads import DELEGATION, Thread
from server.store import threads
from server.tables import Document, Role, ThreadRow, new_id

Visibility = Literal["all", "delegation"]


class NewThread(Body):
    """What is said about a paragraph, and to whom."""

    body: Words
    quote: Annotated[str, Prose(LONGEST)] | None = Field(
        default=None, description="Words of the paragraph that it is about"
    )
    visibility: Visibility = Field(
        description="`delegation`: seen by the participants of one's own delegation and by nobody else"
    )


class ResolvedShape(Shape):
    """Who closed a thread, and when."""

    by: By
    at: Time


class ThreadShape(Shape):
    """What is said about a paragraph."""

    id: Id
    document: Id
    paragraph: ParagraphId = Field(description="Where it stands now; of a detached one, the paragraph that is gone")
    detached: bool = Field(description="Whether its paragraph was deleted")
    paragraph_text: str | None = Field(description="How a deleted paragraph read last")
    quote: str | None
    visibility: Visibility
    delegation: str | None = Field(description="Its author's; the one that alone sees it, if it is not for all")
    by: By
    at: Time
    resolved: ResolvedShape | None
    unread: bool = Field(description="Whether others have said something in it since one's last visit")
    comments: Sequence[CommentShape]


class ThreadsQuery(Query):
    """Which threads."""

    after: Seq = Field(default=0, description="`next` of the page before")
    limit: Limit = 50


async def list_threads(call: Call) -> Answer:
    """In the order in which they were opened."""
    query = call.query(ThreadsQuery)
    return await listed(call, query.after, query.limit, lambda thread, seen: True)


async def listed(call: Call, behind: int, limit: int, wanted: Callable[[Thread, int], bool]) -> Answer:
    """The threads that the caller may see, and wants; `wanted` is given what they have seen, too."""
    document = call.thing(Document)
    seen = await seen_by(call)
    room = await call.server.rooms.room(document.id)

    def find(text: Text) -> list[Placed]:
        found = [
            thread
            for thread in room.standing.threads.values()
            if thread.seq > behind and may_see(call.who, thread.readers) and wanted(thread, seen)
        ]
        return placed(found[: limit + 1], text.index)

    found = await room.read(find)
    following = str(found[limit - 1].thread.seq) if len(found) > limit else None
    items = [shape(document.id, each, call.who.participant_id, seen) for each in found[:limit]]
    return ok(List[ThreadShape](items=items, next=following))


async def seen_by(call: Call) -> int:
    """The entry up to which the caller has seen the document; 0 when they were never there."""
    document, who = call.thing(Document).id, call.who.participant_id
    return await call.read(lambda connection: threads.seen(connection, document, who)) or 0


def shape(document: str, each: Placed, reader: str, seen: int) -> ThreadShape:
    return ThreadShape.model_validate(told(document, each, unread=each.thread.news(reader, seen)))


async def create_thread(call: Call) -> Answer:
    body, document = call.body(NewThread), call.thing(Document).id
    name, own = call.parameters["paragraph"], circle(call.who)
    if body.visibility == DELEGATION and own is None:
        raise Problem(Code.CONTRADICTION, "You belong to no delegation: what you say is for all.")
    said = {
        "action": "thread",
        "thread": new_id(),
        "comment": new_id(),
        "paragraph": name,
        "quote": body.quote,
        "readers": own if body.visibility == DELEGATION else None,
        "delegation": call.who.delegation,
        **await words_of(call, body.body),
    }

    def decide(scene: Scene) -> Decision[Answer]:
        index = scene.document.index
        paragraph = index.paragraph(name)
        if paragraph is None:
            raise not_found("paragraph")
        letters = anchors.letters(index, name, body.quote) if body.quote else ()
        change = Change(call, document, scene, {**said, "text": paragraph.text, "letters": letters})
        answer = created(_shape_now(call, scene, document, change.thread))
        return change.decided(answer, opened(document, change.thread), *change.added())

    return await act(call, decide)


async def resolve_thread(call: Call) -> Answer:
    row = call.thing(ThreadRow)

    def decide(scene: Scene) -> Decision[Answer]:
        thread = _closable(call, scene, row.id)
        if thread.resolved is not None:
            return Decision(ok(_shape_now(call, scene, row.document, thread)))
        change = changed(call, scene, row.document, thread, "resolved")
        resolved = threads.changing(row.id, resolved_by=call.who.participant_id, resolved_at=scene.at)
        return change.decided(ok(_shape_now(call, scene, row.document, change.thread)), resolved)

    return await act(call, decide, row.document)


async def reopen_thread(call: Call) -> Answer:
    row = call.thing(ThreadRow)

    def decide(scene: Scene) -> Decision[Answer]:
        thread = _closable(call, scene, row.id)
        if thread.resolved is None:
            return Decision(NOTHING)
        change = changed(call, scene, row.document, thread, "reopened")
        return change.decided(NOTHING, threads.changing(row.id, resolved_by=None, resolved_at=None))

    return await act(call, decide, row.document)


async def publish_thread(call: Call) -> Answer:
    """From one's own delegation to everybody, with all that was said in it. There is no way back."""
    row = call.thing(ThreadRow)

    def decide(scene: Scene) -> Decision[Answer]:
        thread = thread_of(call, scene, row.id)
        if thread.delegation is None or thread.delegation != circle(call.who):
            raise forbidden("publish what another delegation has begun")
        if thread.readers is None:
            return Decision(ok(_shape_now(call, scene, row.document, thread)))
        change = changed(call, scene, row.document, replace(thread, readers=None), "published")
        return change.decided(
            ok(_shape_now(call, scene, row.document, change.thread)),
            threads.changing(row.id, readers=None, published=scene.seq),
        )

    return await act(call, decide, row.document)


def _closable(call: Call, scene: Scene, id_: str) -> Thread:
    thread = thread_of(call, scene, id_)
    presides = call.who.role in (Role.CHAIR, Role.SECRETARIAT)
    if not presides and thread.by.id != call.who.participant_id:
        raise forbidden("resolve or reopen a thread that somebody else has begun")
    return thread


def _shape_now(call: Call, scene: Scene, document: str, thread: Thread) -> ThreadShape:
    return shape(document, placed([thread], scene.document.index)[0], call.who.participant_id, scene.seq)


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/threads",
        act=Act.READ,
        summary="The threads that one may see",
        handler=list_threads,
        query=ThreadsQuery,
        answers={200: List[ThreadShape]},
    ),
    Route(
        method="POST",
        path="/api/documents/{document}/paragraphs/{paragraph}/threads",
        act=Act.COMMENT,
        summary="Say something about a paragraph, to all or to one's own delegation",
        handler=create_thread,
        body=NewThread,
        answers={201: ThreadShape},
        problems=(Code.NOT_FOUND, Code.CONTRADICTION),
    ),
    Route(
        method="PUT",
        path="/api/threads/{thread}/resolved",
        act=Act.COMMENT,
        summary="Close a thread: the chair, the secretariat, or who began it",
        handler=resolve_thread,
        answers={200: ThreadShape},
    ),
    Route(
        method="DELETE",
        path="/api/threads/{thread}/resolved",
        act=Act.COMMENT,
        summary="Open a thread again",
        handler=reopen_thread,
        answers={204: None},
    ),
    Route(
        method="PUT",
        path="/api/threads/{thread}/published",
        act=Act.COMMENT,
        summary="Show a thread of one's own delegation to everybody, for good",
        handler=publish_thread,
        answers={200: ThreadShape},
    ),
)
