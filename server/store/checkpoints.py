"""Checkpoints: a document's state after some entry, so that opening it need not start at the first one.

They can all be thrown away. Kept are the newest, one per 1,000 entries of the last 10,000, and one per 10,000 before.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from server.tables import METADATA, CheckpointRow

CHECKPOINT = METADATA.tables[str(CheckpointRow.__tablename__)]
NEAR = 1_000  # one per so many entries …
RECENT = 10_000  # … of the last so many, and one per so many before
_FAST = 1  # zlib: three quarters smaller at 100 MB/s


class Checkpoint(NamedTuple):
    """What `crdt.document.Document.dump` gave after entry `seq`; `owners`: Yjs client id -> participant (W5)."""

    document: str
    seq: int
    at: str
    state: bytes
    index_dump: bytes
    owners: Mapping[int, str]


def checkpoint(connection: Connection, document: str, at: int | None = None) -> Checkpoint | None:
    """The newest one, or the newest not after entry `at`."""
    query = select(CHECKPOINT).where(CHECKPOINT.c.document == document).order_by(CHECKPOINT.c.seq.desc()).limit(1)
    if at is not None:
        query = query.where(CHECKPOINT.c.seq <= at)
    row = connection.execute(query).first()
    if row is None:
        return None
    owners = {int(client): participant for client, participant in json.loads(row.owners).items()}
    return Checkpoint(
        row.document, row.seq, row.at, zlib.decompress(row.state), zlib.decompress(row.index_dump), owners
    )


def save_checkpoint(connection: Connection, saved: Checkpoint) -> None:
    """Keeps it, instead of one of the same seq, and drops those that it makes needless."""
    here = CHECKPOINT.c.document == saved.document
    kept = list(connection.scalars(select(CHECKPOINT.c.seq).where(here)))
    needless = superseded([*kept, saved.seq])
    connection.execute(delete(CHECKPOINT).where(here, CHECKPOINT.c.seq.in_([*needless, saved.seq])))
    if saved.seq not in needless:
        connection.execute(insert(CHECKPOINT), _row(saved))


def superseded(seqs: Sequence[int]) -> list[int]:
    """Which of the checkpoints at these seqs need not be kept."""
    newest = max(seqs)
    last_of: dict[tuple[int, int], int] = {}
    for seq in sorted(seqs):
        step = NEAR if seq > newest - RECENT else RECENT
        last_of[step, seq // step] = seq
    kept = set(last_of.values())
    return [seq for seq in seqs if seq not in kept]


def _row(saved: Checkpoint) -> dict[str, object]:
    owners = json.dumps({str(client): saved.owners[client] for client in sorted(saved.owners)}, separators=(",", ":"))
    return {
        "document": saved.document,
        "seq": saved.seq,
        "at": saved.at,
        "state": zlib.compress(saved.state, _FAST),
        "index_dump": zlib.compress(saved.index_dump, _FAST),
        "owners": owners.encode(),
    }
