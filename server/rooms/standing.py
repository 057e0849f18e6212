"""What stands of a document beside its text: what is locked, whether it is frozen, what is said about it,
what became of its brackets and who stands where on them.

It follows from the record.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crdt.gate import Reason
from crdt.index import TextIndex
from server.auth.policy import Act, Ground, Principal, allows
from server.rooms import brackets, following, threads
from server.rooms.author import Author
from server.rooms.brackets import Brackets
from server.rooms.threads import Thread, Threads
from server.tables import EntryKind, LockStatus


@dataclass(frozen=True, slots=True)
class Lock:
    """A paragraph that is agreed. `digest`: how it reads, and goes on reading (W4)."""

    status: LockStatus
    digest: str
    by: Author
    at: str
    seq: int

    def told(self) -> dict[str, Any]:
        return {"status": str(self.status), "by": self.by.told(), "at": self.at}


@dataclass(frozen=True, slots=True)
class Standing:
    """The same object as long as nothing changes. `locks` by paragraph id; `locked`: their ids."""

    ground: Ground
    frozen: bool = False
    frozen_reason: str | None = None
    locks: Mapping[str, Lock] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    threads: Threads = field(default_factory=dict)
    document: str = ""
    brackets: Brackets = field(default_factory=Brackets)
    snapped: str = "9999"  # when the last snapshot was taken; of an earlier point of the record: never again


def refusal_of(who: Principal, standing: Standing) -> Reason | None:
    """Why this person may not write here at all (W4); None: they may."""
    if not allows(who, Act.EDIT, standing.ground):
        return Reason.READ_ONLY
    return Reason.FROZEN if standing.frozen else None


def with_locks(standing: Standing, locks: Mapping[str, Lock]) -> Standing:
    return replace(standing, locks=locks, locked=frozenset(locks)) if locks or standing.locks else standing


def written(payload: Mapping[str, Any]) -> bytes:
    """The payload of an entry that is no update: JSON in UTF-8, keys sorted, no spaces (R1)."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def after(standing: Standing, seq: int, kind: str, payload: bytes, at: str, by: Author) -> Standing:
    """What stands after an entry of the record."""
    match kind:
        case EntryKind.LOCK:
            said = json.loads(payload)
            lock = Lock(LockStatus(said["status"]), said["digest"], by, at, seq)
            return with_locks(standing, {**standing.locks, said["paragraph"]: lock})
        case EntryKind.UNLOCK:
            gone = json.loads(payload)["paragraph"]
            return with_locks(standing, {name: lock for name, lock in standing.locks.items() if name != gone})
        case EntryKind.FREEZE:
            said = json.loads(payload)
            return replace(standing, frozen=said["frozen"], frozen_reason=said["reason"] if said["frozen"] else None)
        case EntryKind.COMMENT:
            return replace(standing, threads=threads.after(standing.threads, seq, json.loads(payload), at, by))
        case EntryKind.POSITION | EntryKind.RESOLUTION:
            found = brackets.after(standing.brackets, kind, seq, json.loads(payload), at, by)
            return replace(standing, brackets=found)
    return standing


def followed(
    standing: Standing, index: TextIndex, update: bytes, participant: str
) -> tuple[Standing, Sequence[Thread]]:
    """What stands after an update that the index has taken, and the threads that it has moved. Costs nothing while
    newlines stay where they are."""
    if not index.heads_changed:
        return standing, ()
    index.heads_changed = False
    if not standing.threads:
        return standing, ()
    moved = following.follow(standing.threads, index, update, participant)
    if not moved:
        return standing, ()
    return replace(standing, threads={**standing.threads, **moved}), tuple(moved.values())
