"""The database: the record of every document, its checkpoints, and functions run in a transaction."""

from server.store.checkpoints import BrokenCheckpoint, Checkpoint, Packed, pack
from server.store.engine import Unavailable
from server.store.record import EMPTY, Conflict, Entry, EntryDraft, Head, HeadMoved, chained
from server.store.schema import WrongSchema
from server.store.store import Store, migrate

__all__ = [
    "EMPTY",
    "BrokenCheckpoint",
    "Checkpoint",
    "Conflict",
    "Entry",
    "EntryDraft",
    "Head",
    "HeadMoved",
    "Packed",
    "Store",
    "Unavailable",
    "WrongSchema",
    "chained",
    "migrate",
    "pack",
]
