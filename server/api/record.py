"""The record of a document, entry by entry (R1)."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, StringConstraints
from sqlalchemy import Connection

from crdt.record import GENESIS
from crdt.update import OWN, STRING, decode
from server.api.answers import Answer, ok
from server.api.calls import Call
from server.api.paging import Flag, Limit
from server.api.points import Seq
from server.api.routing import Route
from server.api.shapes import By, Id, List, Query, Shape, Time, by
from server.auth.policy import Act, Principal, may_see
from server.store import Entry, people, record
from server.tables import Document, EntryKind, LockStatus, Participant

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class RecordQuery(Query):
    """Which entries, and how much of them."""

    after: Seq = Field(default=0, description="Entries behind this one")
    limit: Limit = 50
    full: Flag = Field(default=False, description="With what it takes to recompute the hashes")


class EntryShape(Shape):
    """An entry of the record. `document`, `payload` and `previous` are there with `full=true`."""

    seq: int
    kind: str
    by: By
    at: Time
    summary: str
    hash: Digest = Field(description="SHA-256 of the previous hash and the canonical entry")
    document: Id = ""
    payload: Digest = Field(default="", description="SHA-256 of the payload")
    previous: Digest = Field(default="", description="The hash of the entry before; 64 zeros for the first")


async def get_record(call: Call) -> Answer:
    document, query = call.thing(Document).id, call.query(RecordQuery)

    def work(connection: Connection) -> tuple[Sequence[Entry], bytes, Mapping[str, Participant]]:
        found = record.entries(connection, document, after=query.after, limit=query.limit + 1)
        before = record.entries(connection, document, after=query.after - 1, until=query.after)
        authors = people.named(connection, [entry.participant for entry in found])
        return found, before[0].hash if before else GENESIS, authors

    found, previous, authors = await call.read(work)
    shown = found[: query.limit]
    items = await asyncio.to_thread(_items, shown, previous, authors, reader=call.who, full=query.full)
    following = str(shown[-1].seq) if len(found) > len(shown) else None
    return ok(List[EntryShape](items=items, next=following), sparse=True)


def _items(
    entries: Sequence[Entry], previous: bytes, authors: Mapping[str, Participant], *, reader: Principal, full: bool
) -> list[EntryShape]:
    before = [previous, *(entry.hash for entry in entries[:-1])]
    return [
        _shape(entry, authors[entry.participant], reader=reader, full=full, previous=hash_)
        for entry, hash_ in zip(entries, before[: len(entries)], strict=True)
    ]


def _shape(entry: Entry, author: Participant, *, reader: Principal, full: bool, previous: bytes) -> EntryShape:
    more = {"document": entry.document, "payload": entry.digest.hex(), "previous": previous.hex()} if full else {}
    return EntryShape(
        seq=entry.seq,
        kind=entry.kind,
        by=by(author),
        at=entry.at,
        summary=summary(entry, reader),
        hash=entry.hash.hex(),
        **more,
    )


def summary(entry: Entry, reader: Principal) -> str:
    """What the entry did, in few words. Characters are counted in UTF-16 units, as Yjs counts them.

    What was said to another delegation alone is one word, whatever was done.
    """
    if entry.payload is None:
        return "withdrawn"
    if entry.kind == EntryKind.COMMENT:
        return _commented(json.loads(entry.payload), reader)
    if entry.kind != EntryKind.UPDATE:
        return _said(entry.kind, json.loads(entry.payload))
    update = decode(entry.payload, OWN)
    added = sum(struct.size for struct in update.structs if struct.kind == STRING)
    removed = sum(size for ranges in update.deletes.values() for _, size in ranges)
    return f"{added} added, {removed} removed"


def _commented(payload: Mapping[str, Any], reader: Principal) -> str:
    if not may_see(reader, payload["readers"]):
        return "private"
    match payload["action"]:
        case "thread":
            return f"thread {payload['thread']} opened at paragraph {payload['paragraph']}"
        case "comment":
            return f"comment in thread {payload['thread']}"
        case "edited" | "withdrawn" as action:
            return f"comment in thread {payload['thread']} {action}"
        case action:
            return f"thread {payload['thread']} {action}"


def _said(kind: str, payload: Mapping[str, Any]) -> str:
    match kind:
        case EntryKind.LOCK:
            how = "ad referendum" if payload["status"] == LockStatus.AGREED_AD_REF else "finally"
            return f"paragraph {payload['paragraph']} agreed {how}"
        case EntryKind.UNLOCK:
            return f"paragraph {payload['paragraph']} opened again: {payload['reason']}"
        case EntryKind.FREEZE:
            reason = f": {payload['reason']}" if payload["reason"] else ""
            return f"document {'frozen' if payload['frozen'] else 'opened again'}{reason}"
        case EntryKind.POSITION:
            behalf = ", as stated in the room" if payload["on_behalf"] else ""
            return f"{payload['delegation']} on bracket {payload['bracket']}: {payload['stance']}{behalf}"
        case EntryKind.RESOLUTION:
            return f"bracket {payload['bracket']} {payload['outcome']}"
        case EntryKind.SNAPSHOT:
            return f"snapshot {payload['label']}"
        case EntryKind.RESTORE:
            return f"text of entry {payload['seq']} restored"
    return kind


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/record",
        act=Act.READ,
        summary="The record of a document",
        handler=get_record,
        query=RecordQuery,
        answers={200: List[EntryShape]},
    ),
)
