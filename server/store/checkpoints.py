"""Checkpoints: a document's state after some entry, so that opening it need not start at the first one.

They can all be thrown away. Kept are the newest, one per 1,000 entries of the last 10,000, and one per 10,000 before.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from server.store.upsert import upserting
from server.tables import METADATA, CheckpointRow

CHECKPOINT = METADATA.tables[str(CheckpointRow.__tablename__)]
NEAR = 1_000  # one per so many entries …
RECENT = 10_000  # … of the last so many, and one per so many before
_FAST = 1  # zlib: half the size at 100 MB/s


class Checkpoint(NamedTuple):
    """What `crdt.document.Document.dump` gave after entry `seq`; `owners`: Yjs client id -> participant (W5)."""

    document: str
    seq: int
    at: str
    state: bytes
    index_dump: bytes
    owners: Mapping[int, str]


class Packed(NamedTuple):
    """A checkpoint as it stands in the table."""

    document: str
    seq: int
    at: str
    state: bytes
    index_dump: bytes
    owners: bytes


class BrokenCheckpoint(Exception):
    """Its bytes are not what was saved. The document can be opened without it."""


def pack(saved: Checkpoint) -> Packed:
    """Some milliseconds for a long document: not for the event loop, nor for the thread that writes.

    The index is compressed already, by the one who dumped it.
    """
    owners = json.dumps({str(client): saved.owners[client] for client in sorted(saved.owners)}, separators=(",", ":"))
    state = zlib.compress(saved.state, _FAST)
    return Packed(saved.document, saved.seq, saved.at, state, saved.index_dump, owners.encode())


def unpack(packed: Packed) -> Checkpoint:
    """Raises BrokenCheckpoint."""
    try:
        owners = {int(client): str(participant) for client, participant in json.loads(packed.owners).items()}
        state = zlib.decompress(packed.state)
    except (zlib.error, ValueError, AttributeError) as error:
        raise BrokenCheckpoint(f"checkpoint {packed.seq} of document {packed.document}: {error}") from error
    return Checkpoint(packed.document, packed.seq, packed.at, state, packed.index_dump, owners)


_COLUMNS = [CHECKPOINT.c[name] for name in Packed._fields]


def newest(connection: Connection, document: str, at: int | None = None) -> Packed | None:
    """The newest checkpoint, or the newest that is not after entry `at`."""
    query = select(*_COLUMNS).where(CHECKPOINT.c.document == document).order_by(CHECKPOINT.c.seq.desc()).limit(1)
    if at is not None:
        query = query.where(CHECKPOINT.c.seq <= at)
    row = connection.execute(query).first()
    return None if row is None else Packed(*row)


def every(connection: Connection, document: str) -> list[int]:
    """Where this document has checkpoints, in order."""
    query = select(CHECKPOINT.c.seq).where(CHECKPOINT.c.document == document).order_by(CHECKPOINT.c.seq)
    return list(connection.scalars(query))


def save(connection: Connection, packed: Packed) -> None:
    """Keeps it, instead of one of the same seq, and drops those that it makes needless.

    Two processes that stop together save the same one at the same time.
    """
    added = upserting(connection, CHECKPOINT).values(**packed._asdict())
    newer = {name: added.excluded[name] for name in ("at", "state", "index_dump", "owners")}
    connection.execute(added.on_conflict_do_update(index_elements=["document", "seq"], set_=newer))
    needless = superseded(every(connection, packed.document))
    here = CHECKPOINT.c.document == packed.document
    connection.execute(delete(CHECKPOINT).where(here, CHECKPOINT.c.seq.in_(needless)))


def superseded(seqs: Sequence[int]) -> list[int]:
    """Which of the checkpoints at these seqs need not be kept."""
    newest_seq = max(seqs)
    last_of: dict[tuple[int, int], int] = {}
    for seq in sorted(seqs):
        step = NEAR if seq > newest_seq - RECENT else RECENT
        last_of[step, seq // step] = seq
    kept = set(last_of.values())
    return [seq for seq in seqs if seq not in kept]
