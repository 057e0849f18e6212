"""What a room asks of a socket that takes part in it."""

from typing import Protocol

from crdt.gate import Refusal
from server.auth.policy import Principal
from server.errors import CloseCode


class Member(Protocol):
    """One socket. Nothing here waits: what cannot be written at once is the member's to keep, within bounds."""

    @property
    def principal(self) -> Principal:
        """Who sits there, with the rights of this moment."""

    @property
    def wants_events(self) -> bool:
        """Whether messages of type 100 are understood (W2)."""

    @property
    def synced(self) -> bool:
        """Whether its step 1 was answered. Before that it is sent no update, so that it never sees a gap."""

    def write(self, frame: bytes) -> None:
        """`frame`: an encoded WebSocket frame, the same bytes for everybody. A full outbox closes the socket."""

    def saved(self, updates: int, step2: bool, seq: int) -> None:
        """Its first `updates` updates (0: none yet in this batch) and, if so, its step 2 are on disk (W2)."""

    def refused(self, number: int | None, refusal: Refusal, *, whole: bool) -> None:
        """Update `number`, or its step 2 (None), was not taken, or only in part (W2)."""

    def close(self, code: CloseCode, reason: str) -> None: ...
