"""What waits for a room: edits and commands in one order, bounded in bytes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Executable

from crdt.document import Document
from server.rooms.author import Author
from server.rooms.member import Member
from server.rooms.standing import Standing
from server.store import EntryDraft

R = TypeVar("R")

MAX_BYTES = 32 << 20  # waiting in one room
MAX_MEMBER_BYTES = 12 << 20  # of one member: a step 2 of 8 MiB and some updates
OVERHEAD = 200  # bytes that an edit takes beside its update
BATCH_EDITS = 256  # in one transaction: what a batch keeps the loop busy stays near 10 ms
BATCH_BYTES = 1 << 20  # in one transaction, unless a single edit is larger


@dataclass(frozen=True, slots=True)
class Edit:
    """One update as it came; `number` counts the socket's updates from 1, None: its step 2."""

    member: Member
    update: bytes
    number: int | None


@dataclass(frozen=True, slots=True)
class Decision(Generic[R]):
    """What a command comes to: its result, and the entry with the rows that are written beside it.

    Without a draft nothing is written. `event` is what all members are told then (W2), without type, seq, by and at;
    with `readers`, a delegation's code, its members alone are.
    `update` is the change of the text that the entry carries: it is judged like any edit of the entry's participant;
    where not all of it can be taken, the whole decision is refused.
    """

    result: R
    draft: EntryDraft | None = None
    also: tuple[Executable, ...] = ()
    event: dict[str, Any] | None = None
    by: Author | None = None
    update: bytes | None = None
    readers: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a command finds: everything that came before it, and the seq and time of the entry that it may write."""

    document: Document
    standing: Standing
    seq: int
    at: str


Decide = Callable[[Scene], Decision[R]]
"""May be asked again on a newer document; raises Problem to refuse."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that writes an entry and is no edit. `done` gets the decision's result once it is on disk."""

    decide: Decide[Any]
    done: asyncio.Future[Any]


Item = Edit | Command


@dataclass(slots=True)
class Inbox:
    """Items in order of arrival."""

    items: list[Item] = field(default_factory=list)
    waiting: int = 0  # bytes that all edits take
    by_member: dict[Member, int] = field(default_factory=dict)  # of which from each

    def __bool__(self) -> bool:
        return bool(self.items)

    def put_edit(self, edit: Edit) -> bool:
        """False when there is no room for it; then it was not taken."""
        size = _size(edit)
        of_member = self.by_member.get(edit.member, 0) + size
        if self.waiting + size > MAX_BYTES or of_member > MAX_MEMBER_BYTES:
            return False
        self.waiting += size
        self.by_member[edit.member] = of_member
        self.items.append(edit)
        return True

    def put_command(self, command: Command) -> None:
        self.items.append(command)

    def take(self) -> list[Item]:
        """The next batch: at least one item when there is any."""
        size = count = 0
        for item in self.items[:BATCH_EDITS]:
            if isinstance(item, Edit):
                if count and size + len(item.update) > BATCH_BYTES:
                    break
                size += len(item.update)
                self._forget(item)
            count += 1
        batch, self.items = self.items[:count], self.items[count:]
        return batch

    def _forget(self, edit: Edit) -> None:
        self.waiting -= _size(edit)
        left = self.by_member[edit.member] - _size(edit)
        if left:
            self.by_member[edit.member] = left
        else:
            del self.by_member[edit.member]


def _size(edit: Edit) -> int:
    return len(edit.update) + OVERHEAD
