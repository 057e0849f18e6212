"""What is new: threads that call upon one, and all that changed since one was here last."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import Connection

from server import times
from server.api.answers import Answer, ok
from server.api.calls import Call
from server.api.paragraphs import ParagraphId
from server.api.routing import Route
from server.api.shapes import Body, By, List, Shape, Time, Whole, by
from server.api.threads import ThreadShape, ThreadsQuery, listed, shape
from server.auth.policy import Act, circle, may_see
from server.rooms.following import placed
from server.rooms.threads import Thread
from server.store import Entry, people, record, threads
from server.tables import Document, EntryKind, Participant, Visit

AT_MOST = 1_000  # entries beside the text, of each sort
"""Who was away for longer is shown the newest."""

Filter = Literal["for_us", "unread", "mine"]


class InboxQuery(ThreadsQuery):
    """Which threads."""

    filter: Filter = Field(
        description="`for_us`: that call upon one's delegation; `unread`: with something new by others; "
        "`mine`: in which one has said something"
    )


class SeenBody(Body):
    """How far one has read."""

    seq: Annotated[int, Field(ge=0, le=2**53 - 1), Whole]


class SeenShape(Shape):
    """Up to which entry of the record one has seen the document."""

    seq: int


class ChangedParagraph(Shape):
    """A paragraph that reads otherwise than at one's last visit."""

    id: ParagraphId
    status: Literal["added", "changed", "removed"]


class Happened(Shape):
    """An entry beside the text. `paragraph`, `bracket`: what it is about, if it is about one."""

    seq: int
    kind: str
    by: By
    at: Time
    paragraph: ParagraphId | None
    bracket: str | None


class SinceShape(Shape):
    """What changed between one's last visit and now. For one who was never here there is nothing to compare with."""

    since: int | None = Field(description="The entry up to which one has seen the document; null: never here")
    seq: int = Field(description="The entry up to which this tells")
    paragraphs: Sequence[ChangedParagraph]
    brackets: Sequence[Happened]
    locks: Sequence[Happened]
    comments: Sequence[ThreadShape]


async def get_inbox(call: Call) -> Answer:
    query = call.query(InboxQuery)
    return await listed(call, query.after, query.limit, _FILTERS[query.filter](call))


def _for_us(call: Call) -> Callable[[Thread, int], bool]:
    own = circle(call.who)
    return lambda thread, seen: any(own in each.mentions for each in thread.comments)


def _unread(call: Call) -> Callable[[Thread, int], bool]:
    return lambda thread, seen: thread.news(call.who.participant_id, seen)


def _mine(call: Call) -> Callable[[Thread, int], bool]:
    return lambda thread, seen: any(each.by.id == call.who.participant_id for each in thread.comments)


_FILTERS: Mapping[Filter, Callable[[Call], Callable[[Thread, int], bool]]] = {
    "for_us": _for_us,
    "unread": _unread,
    "mine": _mine,
}


async def mark_seen(call: Call) -> Answer:
    """Nobody unsees anything: an earlier seq leaves a later one. What is ahead of the record is as much as there is."""
    document, who, seq = call.thing(Document).id, call.who.participant_id, call.body(SeenBody).seq

    def work(connection: Connection) -> Answer:
        reached = min(seq, record.head(connection, document).seq)
        threads.see(connection, Visit(document=document, participant=who, seq=reached, at=times.now()))
        return ok(SeenShape(seq=threads.seen(connection, document, who) or 0))

    return await call.write(work)


async def get_since(call: Call) -> Answer:
    document, who = call.thing(Document), call.who.participant_id
    seen = await call.read(lambda connection: threads.seen(connection, document.id, who))
    now = await call.server.readings.now(document.id, document.meeting)
    if seen is None or seen >= now.seq:
        return ok(SinceShape(since=seen, seq=now.seq, paragraphs=(), brackets=(), locks=(), comments=()))
    before = await call.server.readings.at(document.id, document.meeting, seen)
    brackets, locks = await call.read(lambda connection: _happened(connection, document.id, seen, now.seq))
    shape_ = SinceShape(
        since=seen,
        seq=now.seq,
        paragraphs=_differences(
            {each.id: each.digest for each in before.paragraphs}, {each.id: each.digest for each in now.paragraphs}
        ),
        brackets=brackets,
        locks=locks,
        comments=await _news(call, document.id, seen),
    )
    return ok(shape_)


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[ChangedParagraph]:
    """In the order of the text as it reads now; what was removed comes last."""
    found = [
        ChangedParagraph(id=name, status="changed" if name in before else "added")
        for name, digest in now.items()
        if before.get(name) != digest
    ]
    return [*found, *(ChangedParagraph(id=name, status="removed") for name in before if name not in now)]


_BRACKETS = frozenset({EntryKind.POSITION, EntryKind.RESOLUTION})
_LOCKS = frozenset({EntryKind.LOCK, EntryKind.UNLOCK, EntryKind.FREEZE})


def _happened(connection: Connection, document: str, after: int, until: int) -> tuple[list[Happened], list[Happened]]:
    """What was done to brackets, and what was locked, opened or frozen."""
    found = record.entries(connection, document, after, until, kinds=_BRACKETS | _LOCKS)[-AT_MOST:]
    named = people.named(connection, {entry.participant for entry in found})
    shapes = [(entry.kind, _shape(entry, named)) for entry in found]
    return [each for kind, each in shapes if kind in _BRACKETS], [each for kind, each in shapes if kind in _LOCKS]


def _shape(entry: Entry, named: Mapping[str, Participant]) -> Happened:
    said = {} if entry.payload is None else json.loads(entry.payload)
    return Happened(
        seq=entry.seq,
        kind=entry.kind,
        by=by(named[entry.participant]),
        at=entry.at,
        paragraph=said.get("paragraph"),
        bracket=said.get("bracket"),
    )


async def _news(call: Call, document: str, seen: int) -> list[ThreadShape]:
    """Threads in which others have said something since, the newest of them."""
    room, who = await call.server.rooms.room(document), call.who.participant_id
    found = await room.read(
        lambda text: placed(
            [
                thread
                for thread in room.standing.threads.values()
                if may_see(call.who, thread.readers) and thread.news(who, seen)
            ][-AT_MOST:],
            text.index,
        )
    )
    return [shape(document, each, who, seen) for each in found]


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/inbox",
        act=Act.READ,
        summary="The threads that call upon one, are new, or are one's own",
        handler=get_inbox,
        query=InboxQuery,
        answers={200: List[ThreadShape]},
    ),
    Route(
        method="PUT",
        path="/api/documents/{document}/seen",
        act=Act.READ,
        summary="Say how far one has read",
        handler=mark_seen,
        body=SeenBody,
        answers={200: SeenShape},
    ),
    Route(
        method="GET",
        path="/api/documents/{document}/since",
        act=Act.READ,
        summary="What changed since one's last visit",
        handler=get_since,
        answers={200: SinceShape},
    ),
)
