"""Those who take part in a room, and what is said to all of them at once: encoded once, written to each."""

import json
from collections.abc import Iterator
from typing import Any

from crdt import sync
from server import frames, metrics
from server.auth.policy import may_see
from server.errors import CloseCode
from server.rooms.author import Author
from server.rooms.member import Member


class Audience:
    def __init__(self) -> None:
        self.passed_on = 0  # changes, each to everyone who was synced then
        self._members: set[Member] = set()

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Member]:
        return iter(self._members)

    def __contains__(self, member: object) -> bool:
        return member in self._members

    def add(self, member: Member) -> None:
        if member not in self._members:
            self._members.add(member)
            metrics.MEMBERS.inc()

    def remove(self, member: Member) -> None:
        if member in self._members:
            self._members.remove(member)
            metrics.MEMBERS.dec()

    def update(self, change: bytes, but: Member | None = None) -> None:
        """Passes a committed change on to everyone who was sent the state before it, except `but`, who made it."""
        self.passed_on += 1
        frame = frames.binary(sync.update(change))
        readers = [member for member in self._members if member.synced and member is not but]
        for member in readers:  # a list: a full outbox makes a member leave while we write
            member.write(frame)
        metrics.DELIVERIES.inc(len(readers))

    def event(
        self, seq: int, kind: str, by: Author | None, at: str, data: dict[str, Any], readers: str | None = None
    ) -> None:
        """To those who understand messages of type 100 (W2); with `readers`, to that delegation alone."""
        message = {"type": "event", "seq": seq, "kind": kind, "by": by.told() if by else None, "at": at, "data": data}
        frame = frames.binary(sync.event(json.dumps(message, ensure_ascii=False, separators=(",", ":"))))
        for member in [each for each in self._members if each.wants_events and may_see(each.principal, readers)]:
            member.write(frame)

    def dismiss(self, code: CloseCode, reason: str) -> None:
        """Closes everybody; nobody takes part any more."""
        members, self._members = self._members, set()
        metrics.MEMBERS.dec(len(members))
        for member in members:
            member.close(code, reason)
