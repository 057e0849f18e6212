"""The text of a document, as paragraphs."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from crdt.document import Document as TextNow
from server.api.answers import Answer, ok
from server.api.calls import Call
from server.api.points import Point, seq_of
from server.api.readings import Text, parties
from server.api.routing import Route
from server.api.shapes import By, Query, Shape, Time
from server.auth.policy import Act, may_see
from server.rooms.following import placed
from server.rooms.standing import Lock
from server.tables import Document, LockStatus

ParagraphId = Annotated[str, StringConstraints(pattern=r"^[0-9]+-[0-9]+$")]


NEAR = 1_000
"""Up to so many entries a text is replayed at once, in some 80 ms; further on it is read out of a chronicle."""


class At(Query):
    """At which point of the record."""

    at: Point | None = Field(
        default=None, description="After this entry of the record, by seq or snapshot id; now, when not given"
    )


class RunShape(Shape):
    """Text under the same marks."""

    text: str
    marks: tuple[str, ...]


class LockShape(Shape):
    """What was agreed, by whom and when."""

    status: LockStatus
    by: By
    at: Time


class ParagraphShape(Shape):
    """A paragraph (T1). Equal digests mean equal kind, level, label and marked text (T3)."""

    id: ParagraphId = Field(description="Of its first character: stays through edits, splits and joins (T2)")
    index: int
    kind: str
    level: int
    label: str | None
    text: str
    runs: Sequence[RunShape]
    digest: str
    lock: LockShape | None
    open_brackets: int = Field(description="Open pairs that begin in it or cross it")
    threads: int = Field(description="Threads that the reader may see")


class ParagraphsShape(Shape):
    """The whole text after entry `seq`."""

    seq: int
    paragraphs: Sequence[ParagraphShape]


def lock_shape(lock: Lock) -> LockShape:
    return LockShape(
        status=lock.status,
        by=By(id=lock.by.id, name=lock.by.name, delegation=lock.by.delegation),
        at=lock.at,
    )


async def threads_seen(call: Call, document: str) -> Mapping[str, int]:
    """How many threads the caller may see at each paragraph; none: 0."""
    room = await call.server.rooms.room(document)

    def count(text: TextNow) -> Mapping[str, int]:
        found = [thread for thread in room.standing.threads.values() if may_see(call.who, thread.readers)]
        return Counter(each.paragraph for each in placed(found, text.index) if each.thread.detached is None)

    return await room.read(count)


def shaped(text: Text, threads: Mapping[str, int]) -> ParagraphsShape:
    """`threads`: how many the reader may see at each paragraph."""
    brackets = text.open_brackets()
    return ParagraphsShape(
        seq=text.seq,
        paragraphs=[
            ParagraphShape(
                id=each.id,
                index=each.index,
                kind=each.kind,
                level=each.level,
                label=each.label,
                text=each.text,
                runs=[RunShape(text=run.text, marks=run.marks) for run in each.runs],
                digest=each.digest,
                lock=lock_shape(text.locks[each.id]) if each.id in text.locks else None,
                open_brackets=brackets.get(each.index, 0),
                threads=threads.get(each.id, 0),
            )
            for each in text.paragraphs
        ],
    )


async def get_paragraphs(call: Call) -> Answer:
    document, at = call.thing(Document), call.query(At).at
    seq = None if at is None else await seq_of(call, document.id, at)
    threads = await threads_seen(call, document.id)
    if seq is not None and seq > NEAR:
        named = await call.read(lambda connection: parties(connection, document.meeting))
        return Answer(200, await call.server.history.paragraphs(document.id, seq, named, threads))
    readings = call.server.readings
    if seq is None:
        text = await readings.now(document.id, document.meeting)
    else:
        text = await readings.at(document.id, document.meeting, seq)
    return await asyncio.to_thread(lambda: ok(shaped(text, threads)))


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/paragraphs",
        act=Act.READ,
        summary="The text of a document, now or as it was",
        handler=get_paragraphs,
        query=At,
        answers={200: ParagraphsShape},
    ),
)
