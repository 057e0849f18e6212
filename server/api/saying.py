"""Saying something: the words, and the entry of the record about the thread that they are in.

Where a thread stands and who may see it is decided by the document's room, in one order with the edits. A thread of
another delegation is not there at all: 404, whatever one asks of it.
"""

import json
import re
import secrets
from collections.abc import Container, Mapping
from typing import Annotated, Any

from sqlalchemy import Executable

from server.api import readings
from server.api.answers import Answer
from server.api.calls import Call
from server.api.shapes import Prose
from server.auth.policy import may_see
from server.errors import not_found
from server.rooms import Decision, Scene
from server.rooms.author import author_of
from server.rooms.following import placed
from server.rooms.standing import written
from server.rooms.telling import event
from server.rooms.threads import Comment, Thread, after, place_of
from server.store import EntryDraft, threads
from server.tables import CommentRow, EntryKind, ThreadRow, WordingRow

LONGEST = 10_000  # characters of a body
_MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9][A-Za-z0-9&+.\-]{0,15})")

Words = Annotated[str, Prose(LONGEST)]


def thread_of(call: Call, scene: Scene, id_: str) -> Thread:
    """As it stands, if the caller may see it; that may have changed since the path was looked up."""
    thread = scene.standing.threads.get(id_)
    if thread is None or not may_see(call.who, thread.readers):
        raise not_found("thread")
    return thread


async def words_of(call: Call, body: str) -> dict[str, Any]:
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


def wording(document: str, seq: int, said: Mapping[str, Any]) -> Executable:
    """The words of the comment in the payload `said` of an entry."""
    row = WordingRow(
        document=document,
        seq=seq,
        comment=said["comment"],
        salt=said["salt"],
        body=said["body"],
        mentions=json.dumps(said["mentions"]),
    )
    return threads.wording(row)


def added(document: str, thread: Thread, said: Mapping[str, Any]) -> tuple[Executable, ...]:
    """The rows of a comment that is new in `thread`."""
    comment = thread.comment(said["comment"])
    row = CommentRow(
        id=comment.id,
        document=document,
        thread=thread.id,
        seq=comment.seq,
        participant=comment.by.id,
        at=comment.at,
        wording=comment.seq,
    )
    return threads.adding(row), wording(document, comment.seq, said)


def opened(document: str, thread: Thread) -> Executable:
    """The row of a new thread."""
    row = ThreadRow(
        id=thread.id,
        document=document,
        seq=thread.seq,
        participant=thread.by.id,
        at=thread.at,
        delegation=thread.delegation,
        readers=thread.readers,
        quote=thread.quote,
        text=thread.text,
        **place_of(thread),
    )
    return threads.opening(row)


def changed(call: Call, scene: Scene, document: str, thread: Thread, action: str, **said: Any) -> "Change":
    return Change(call, document, scene, {"action": action, "thread": thread.id, "readers": thread.readers, **said})


class Change:
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

    def wording(self) -> Executable:
        return wording(self._document, self._scene.seq, self._said)

    def added(self) -> tuple[Executable, ...]:
        """The rows of a new comment."""
        return added(self._document, self.thread, self._said)

    def decided(self, answer: Answer, *also: Executable) -> Decision[Answer]:
        draft = EntryDraft(EntryKind.COMMENT, self._by.id, self._scene.at, written(self._said))
        told = event(self._document, self._said, placed([self.thread], self._scene.document.index)[0])
        return Decision(answer, draft, also, told, self._by, readers=self.thread.readers)
