"""Comments on paragraphs: threads for all and for one's own delegation alone (section 4).

What a thread reads like, who may see it and where it stands is decided by the document's room, in one order with the
edits. A thread of another delegation is not there at all: 404, whatever one asks of it.
"""

import json
import re
import secrets
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Executable

from crdt import anchors
from crdt.document import Document as Text
from server.api import readings
from server.api.acting import act
from server.api.answers import NOTHING, Answer, created, ok
from server.api.calls import Call
from server.api.paging import Limit
from server.api.paragraphs import ParagraphId, Seq
from server.api.routing import Route
from server.api.shapes import Body, By, Id, List, Prose, Query, Shape, Time
from server.auth.policy import Act, circle, may_see
from server.errors import Code, Problem, forbidden, not_found
from server.rooms import Decision, Scene
from server.rooms.standing import author_of, written
from server.rooms.threads import (
    DELEGATION,
    Comment,
    Placed,
    Thread,
    after,
    event,
    place_of,
    placed,
    told,
    told_comment,
)
from server.store import EntryDraft, threads
from server.tables import CommentRow, Document, EntryKind, Role, ThreadRow, WordingRow, new_id

LONGEST = 10_000  # characters of a body
_MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9][A-Za-z0-9&+.\-]{0,15})")

Words = Annotated[str, Prose(LONGEST)]
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


class CommentBody(Body):
    """What is said."""

    body: Words


class CommentShape(Shape):
    """One thing said in a thread."""

    id: Id
    body: str | None = Field(description="Null when it was withdrawn")
    by: By
    at: Time
    edited_at: Time | None
    withdrawn: bool
    mentions: Sequence[str] = Field(description="Codes of the delegations that it calls upon: @KAZ")


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
        **await _words(call, body.body),
    }

    def decide(scene: Scene) -> Decision[Answer]:
        index = scene.document.index
        paragraph = index.paragraph(name)
        if paragraph is None:
            raise not_found("paragraph")
        letters = anchors.letters(index, name, body.quote) if body.quote else ()
        change = _Change(call, document, scene, {**said, "text": paragraph.text, "letters": letters})
        thread = change.thread
        row = ThreadRow(
            id=thread.id,
            document=document,
            seq=scene.seq,
            participant=thread.by.id,
            at=scene.at,
            delegation=thread.delegation,
            readers=thread.readers,
            quote=thread.quote,
            text=thread.text,
            **place_of(thread),
        )
        return change.decided(created(change.thread_shape()), threads.opening(row), *change.added())

    return await act(call, decide)


async def add_comment(call: Call) -> Answer:
    row, new = call.thing(ThreadRow), new_id()
    words = await _words(call, call.body(CommentBody).body)

    def decide(scene: Scene) -> Decision[Answer]:
        thread = _thread(call, scene, row.id)
        if thread.resolved is not None:
            raise Problem(Code.THREAD_RESOLVED, "Reopen the thread, or begin a new one.")
        if thread.withdrawn:
            raise Problem(Code.WITHDRAWN, "What this would answer was withdrawn; begin a new thread.")
        change = _changed(call, scene, row.document, thread, "comment", comment=new, **words)
        return change.decided(created(_comment_shape(change.comment)), *change.added())

    return await act(call, decide, row.document)


async def change_comment(call: Call) -> Answer:
    """Its author alone; everybody sees that it was edited."""
    row = call.thing(CommentRow)
    words = await _words(call, call.body(CommentBody).body)

    def decide(scene: Scene) -> Decision[Answer]:
        thread, comment = _own_comment(call, scene, row)
        if comment.body is None:
            raise Problem(Code.WITHDRAWN, "This comment was withdrawn; write a new one.")
        change = _changed(call, scene, row.document, thread, "edited", comment=row.id, **words)
        edited = threads.editing(row.id, scene.seq, scene.at)
        return change.decided(ok(_comment_shape(change.comment)), change.wording(), edited)

    return await act(call, decide, row.document)


async def withdraw_comment(call: Call) -> Answer:
    """Its author alone; the entry of the record keeps the digest, and the words are gone (R2)."""
    row = call.thing(CommentRow)

    def decide(scene: Scene) -> Decision[Answer]:
        thread, comment = _own_comment(call, scene, row)
        if comment.body is None:
            return Decision(NOTHING)
        change = _changed(call, scene, row.document, thread, "withdrawn", comment=row.id)
        return change.decided(NOTHING, *threads.withdrawing(row.id))

    return await act(call, decide, row.document)


async def resolve_thread(call: Call) -> Answer:
    row = call.thing(ThreadRow)

    def decide(scene: Scene) -> Decision[Answer]:
        thread = _closable(call, scene, row.id)
        if thread.resolved is not None:
            return Decision(ok(_shape_now(call, scene, row.document, thread)))
        change = _changed(call, scene, row.document, thread, "resolved")
        resolved = threads.changing(row.id, resolved_by=call.who.participant_id, resolved_at=scene.at)
        return change.decided(ok(change.thread_shape()), resolved)

    return await act(call, decide, row.document)


async def reopen_thread(call: Call) -> Answer:
    row = call.thing(ThreadRow)

    def decide(scene: Scene) -> Decision[Answer]:
        thread = _closable(call, scene, row.id)
        if thread.resolved is None:
            return Decision(NOTHING)
        change = _changed(call, scene, row.document, thread, "reopened")
        return change.decided(NOTHING, threads.changing(row.id, resolved_by=None, resolved_at=None))

    return await act(call, decide, row.document)


async def publish_thread(call: Call) -> Answer:
    """From one's own delegation to everybody, with all that was said in it. There is no way back."""
    row = call.thing(ThreadRow)

    def decide(scene: Scene) -> Decision[Answer]:
        thread = _thread(call, scene, row.id)
        if thread.delegation is None or thread.delegation != circle(call.who):
            raise forbidden("publish what another delegation has begun")
        if thread.readers is None:
            return Decision(ok(_shape_now(call, scene, row.document, thread)))
        change = _changed(call, scene, row.document, replace(thread, readers=None), "published")
        return change.decided(ok(change.thread_shape()), threads.changing(row.id, readers=None, published=scene.seq))

    return await act(call, decide, row.document)


def _thread(call: Call, scene: Scene, id_: str) -> Thread:
    """As it stands, if the caller may see it; that may have changed since the path was looked up."""
    thread = scene.standing.threads.get(id_)
    if thread is None or not may_see(call.who, thread.readers):
        raise not_found("thread")
    return thread


def _own_comment(call: Call, scene: Scene, row: CommentRow) -> tuple[Thread, Comment]:
    thread = _thread(call, scene, row.thread)
    comment = thread.comment(row.id)
    if comment.by.id != call.who.participant_id:
        raise forbidden("change what somebody else has said")
    return thread, comment


def _closable(call: Call, scene: Scene, id_: str) -> Thread:
    thread = _thread(call, scene, id_)
    presides = call.who.role in (Role.CHAIR, Role.SECRETARIAT)
    if not presides and thread.by.id != call.who.participant_id:
        raise forbidden("resolve or reopen a thread that somebody else has begun")
    return thread


async def _words(call: Call, body: str) -> dict[str, Any]:
    """What the record covers by a digest alone."""
    meeting = call.meeting.id
    codes = {code for code, _ in await call.read(lambda connection: readings.parties(connection, meeting))}
    return {"body": body, "mentions": mentions(body, codes), "salt": secrets.token_hex(16)}


def mentions(body: str, codes: Container[str]) -> list[str]:
    """The delegations that are called upon, in the order in which they are; what names nobody is plain text."""
    found: dict[str, None] = {}
    for name in _MENTION.findall(body):
        while name and name not in codes:  # a full stop may end the sentence, or the code
            name = name[:-1] if name[-1] in ".&+-" else ""
        if name:
            found[name] = None
    return list(found)


def _changed(call: Call, scene: Scene, document: str, thread: Thread, action: str, **said: Any) -> "_Change":
    return _Change(call, document, scene, {"action": action, "thread": thread.id, "readers": thread.readers, **said})


def _shape_now(call: Call, scene: Scene, document: str, thread: Thread) -> ThreadShape:
    return shape(document, placed([thread], scene.document.index)[0], call.who.participant_id, scene.seq)


class _Change:
    """An entry about a thread, and what the thread is after it. `said`: its payload, with the words."""

    def __init__(self, call: Call, document: str, scene: Scene, said: Mapping[str, Any]) -> None:
        self._call = call
        self._document = document
        self._scene = scene
        self._said = said
        self._by = author_of(call.who)
        self.thread = after(scene.standing.threads, scene.seq, said, scene.at, self._by)[said["thread"]]

    @property
    def comment(self) -> Comment:
        return self.thread.comment(self._said["comment"])

    def thread_shape(self) -> ThreadShape:
        return _shape_now(self._call, self._scene, self._document, self.thread)

    def wording(self) -> Executable:
        seq, said = self._scene.seq, self._said
        row = WordingRow(
            document=self._document,
            seq=seq,
            comment=said["comment"],
            salt=said["salt"],
            body=said["body"],
            mentions=json.dumps(said["mentions"]),
        )
        return threads.wording(row)

    def added(self) -> tuple[Executable, ...]:
        """The rows of a new comment."""
        comment = self.comment
        row = CommentRow(
            id=comment.id,
            document=self._document,
            thread=self.thread.id,
            seq=comment.seq,
            participant=comment.by.id,
            at=comment.at,
            wording=comment.seq,
        )
        return threads.adding(row), self.wording()

    def decided(self, answer: Answer, *also: Executable) -> Decision[Answer]:
        draft = EntryDraft(EntryKind.COMMENT, self._by.id, self._scene.at, written(self._said))
        told = event(self._document, self._said, placed([self.thread], self._scene.document.index)[0])
        return Decision(answer, draft, also, told, self._by, readers=self.thread.readers)


def _comment_shape(comment: Comment) -> CommentShape:
    return CommentShape.model_validate(told_comment(comment))


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
        method="POST",
        path="/api/threads/{thread}/comments",
        act=Act.COMMENT,
        summary="Reply in a thread",
        handler=add_comment,
        body=CommentBody,
        answers={201: CommentShape},
        problems=(Code.THREAD_RESOLVED, Code.WITHDRAWN),
    ),
    Route(
        method="PATCH",
        path="/api/comments/{comment}",
        act=Act.COMMENT,
        summary="Change what one has said",
        handler=change_comment,
        body=CommentBody,
        answers={200: CommentShape},
        problems=(Code.WITHDRAWN,),
    ),
    Route(
        method="DELETE",
        path="/api/comments/{comment}",
        act=Act.COMMENT,
        summary="Withdraw what one has said",
        handler=withdraw_comment,
        answers={204: None},
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
