"""What is said in threads: replies, and changing and withdrawing what one has said (section 4)."""

from collections.abc import Sequence

from pydantic import Field

from server.api.acting import act
from server.api.answers import NOTHING, Answer, created, ok
from server.api.calls import Call
from server.api.routing import Route
from server.api.saying import Words, changed, thread_of, words_of
from server.api.shapes import Body, By, Id, Shape, Time
from server.auth.policy import Act
from server.errors import Code, Problem, forbidden
from server.rooms import Decision, Scene
from server.rooms.telling import told_comment
from server.rooms.threads import Comment, Thread
from server.store import threads
from server.tables import CommentRow, ThreadRow, new_id


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


def comment_shape(comment: Comment) -> CommentShape:
    return CommentShape.model_validate(told_comment(comment))


async def add_comment(call: Call) -> Answer:
    row, new = call.thing(ThreadRow), new_id()
    words = await words_of(call, call.body(CommentBody).body)

    def decide(scene: Scene) -> Decision[Answer]:
        thread = thread_of(call, scene, row.id)
        if thread.resolved is not None:
            raise Problem(Code.THREAD_RESOLVED, "Reopen the thread, or begin a new one.")
        if thread.withdrawn:
            raise Problem(Code.WITHDRAWN, "What this would answer was withdrawn; begin a new thread.")
        change = changed(call, scene, row.document, thread, "comment", comment=new, **words)
        return change.decided(created(comment_shape(change.comment)), *change.added())

    return await act(call, decide, row.document)


async def change_comment(call: Call) -> Answer:
    """Its author alone; everybody sees that it was edited."""
    row = call.thing(CommentRow)
    words = await words_of(call, call.body(CommentBody).body)

    def decide(scene: Scene) -> Decision[Answer]:
        thread, comment = _own_comment(call, scene, row)
        if comment.body is None:
            raise Problem(Code.WITHDRAWN, "This comment was withdrawn; write a new one.")
        change = changed(call, scene, row.document, thread, "edited", comment=row.id, **words)
        edited = threads.editing(row.id, scene.seq, scene.at)
        return change.decided(ok(comment_shape(change.comment)), change.wording(), edited)

    return await act(call, decide, row.document)


async def withdraw_comment(call: Call) -> Answer:
    """Its author alone; the entry of the record keeps the digest, and the words are gone (R2)."""
    row = call.thing(CommentRow)

    def decide(scene: Scene) -> Decision[Answer]:
        thread, comment = _own_comment(call, scene, row)
        if comment.body is None:
            return Decision(NOTHING)
        change = changed(call, scene, row.document, thread, "withdrawn", comment=row.id)
        return change.decided(NOTHING, *threads.withdrawing(row.id))

    return await act(call, decide, row.document)


def _own_comment(call: Call, scene: Scene, row: CommentRow) -> tuple[Thread, Comment]:
    thread = thread_of(call, scene, row.thread)
    comment = thread.comment(row.id)
    if comment.by.id != call.who.participant_id:
        raise forbidden("change what somebody else has said")
    return thread, comment


ROUTES = (
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
)
