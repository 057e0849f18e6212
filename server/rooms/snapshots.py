"""Named points of the record: the text as it stood after some entry, which can be had back.

The chair labels one; others are taken without a label before the text, or what holds it, changes for good: before every
lock, resolution and restore, and of every hour in which the text changes. These have no entry: they say nothing that
the record does not, and name its last entry before the change.
"""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Insert

from crdt.brackets.watch import Sight
from crdt.paragraphs import digest_of_text
from server.store import snapshots
from server.tables import EntryKind, SnapshotRow, new_id

BEFORE = frozenset({EntryKind.LOCK, EntryKind.RESOLUTION, EntryKind.RESTORE})
"""Decisions before which one is taken."""

HOUR = len("2026-11-26T02")


def is_due(taken_at: str, now: str) -> bool:
    """Whether another hour has begun since the last one was taken."""
    return now[:HOUR] > taken_at[:HOUR]


def row(document: str, seq: int, at: str, by: str, sight: Sight, label: str | None = None) -> SnapshotRow:
    """Of the text as it is read after entry `seq`."""
    return SnapshotRow(
        id=new_id(),
        document=document,
        seq=seq,
        label=label,
        digest=digest_of_text(sight.paragraphs),
        progress=json.dumps(asdict(sight.counts), separators=(",", ":")),
        participant=by,
        created_at=at,
    )


def said(found: SnapshotRow) -> dict[str, Any]:
    """What the record and everybody is told of a labelled one."""
    return {"id": found.id, "label": found.label, "digest": found.digest, "progress": json.loads(found.progress)}


def taken(document: str, seq: int, at: str, by: str, sight: Sight) -> Insert:
    """One without a label, of the text after entry `seq`."""
    return snapshots.addition(row(document, seq, at, by, sight))
