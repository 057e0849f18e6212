"""What a statement is made of, from the database; seconds for a long record, so it is done in the process beside."""

import asyncio
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from crdt.proof import FORMAT, Facts, Recorded, Replay, facts, written
from server.errors import not_found
from server.store import Entry, Store, documents, meetings, people, record, snapshots
from server.tables import Document, EntryKind, Meeting, SnapshotRow

AT_ONCE = 2_000  # entries that are read from the database in one go


def drafted(url: str, snapshot: str, key: str, at: str) -> bytes:
    """The statement about a labelled snapshot, to be signed by the key with this fingerprint.

    Raises Fault when the record is not what it was, Problem, Unavailable, WrongSchema.
    """
    return asyncio.run(_drafted(url, snapshot, key, at))


async def _drafted(url: str, snapshot: str, key: str, at: str) -> bytes:
    store = await Store.open(url, may_create=False)
    try:
        found, named = await store.read(lambda connection: _found(connection, snapshot))
    finally:
        await store.close()
    return written({"format": FORMAT, "facts": found, "named": named, "key": key, "signed_at": at})


def _found(connection: Connection, snapshot: str) -> tuple[Facts, dict[str, Any]]:
    row = snapshots.find(connection, snapshot)
    document = None if row is None else documents.find(connection, row.document)
    meeting = None if document is None else meetings.find(connection, document.meeting)
    if row is None or document is None or meeting is None:
        raise not_found("snapshot")
    delegations = {each.code: each.name for each in meetings.delegations(connection, [meeting.id])[meeting.id]}
    told = facts(replayed(connection, row), delegations.items())
    return told, _named(connection, told, document, meeting, delegations)


def replayed(connection: Connection, snapshot: SnapshotRow) -> Replay:
    """The record up to a labelled snapshot. Raises Fault."""
    replay = Replay(snapshot.document)
    for entry in handed_on(connection, snapshot.document, snapshot.seq):
        replay.take(entry)
    return replay


def handed_on(connection: Connection, document: str, until: int) -> Iterator[Recorded]:
    """The entries of a record as outsiders get them: without what is said in comments, which may be private."""
    after = 0
    while part := record.entries(connection, document, after=after, until=until, limit=AT_ONCE):
        yield from map(recorded, part)
        after = part[-1].seq


def recorded(entry: Entry) -> Recorded:
    payload = None if entry.kind == EntryKind.COMMENT else entry.payload
    return Recorded(entry.seq, entry.kind, entry.participant, entry.at, payload, entry.digest, entry.hash)


def _named(
    connection: Connection, told: Facts, document: Document, meeting: Meeting, delegations: dict[str, str]
) -> dict[str, Any]:
    """What the statement adds on the server's word."""
    wanted = {told["snapshot"]["by"], *(each["by"] for each in (*told["locks"], *told["deletions"]))}
    found = people.named(connection, wanted)
    return {
        "document": {"title": document.title, "symbol": document.symbol},
        "meeting": {"title": meeting.title, "body": meeting.body},
        "delegations": delegations,
        "people": {
            id_: {"name": who.name, "delegation": who.delegation, "role": str(who.role)} for id_, who in found.items()
        },
    }
