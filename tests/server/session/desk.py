"""A socket and a room that write down what happens to them."""

from dataclasses import dataclass, field

from crdt.errors import Malformed
from crdt.sync import Message
from server.auth.policy import Principal
from server.rooms.audience import Audience
from server.session.session import Session
from server.tables import Role
from tests.client import Event, read

WHO = Principal("p1", "Aru", Role.DELEGATE, "m1", "KAZ")


@dataclass
class Wire:
    """A socket that writes down what it is told."""

    frames: list[bytes] = field(default_factory=list)
    closed: tuple[int, str] | None = None
    listener: Session | None = None
    pings: int = 0

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    write_large = write

    def close(self, code: int, reason: str) -> None:
        self.closed = code, reason
        assert self.listener is not None
        self.listener.closed()

    def listen(self, listener: Session) -> None:
        self.listener = listener

    def ping(self) -> None:
        self.pings += 1

    def said(self) -> list[Message | Event]:
        """All that was written since the last time."""
        frames, self.frames = self.frames, []
        return [read(_payload(frame)) for frame in frames]


def _payload(frame: bytes) -> bytes:
    start = 2 if frame[1] < 126 else 4 if frame[1] == 126 else 10
    return frame[start:]


@dataclass
class Desk:
    """A room that writes down what it is given."""

    document_id: str = "d1"
    seq: int = 7
    held: bool = False
    members: list[Session] = field(default_factory=list)
    edits: list[tuple[bytes, int | None]] = field(default_factory=list)
    audience: Audience = field(default_factory=Audience)

    def join(self, member: Session) -> None:
        self.members.append(member)

    def leave(self, member: Session) -> None:
        self.members.remove(member)

    def edit(self, member: Session, update: bytes, number: int | None) -> None:
        self.edits.append((update, number))

    def missing(self, state_vector: bytes) -> bytes:
        if state_vector == b"bad":
            raise Malformed("no state vector")
        return b"state" + state_vector

    def state_vector(self) -> bytes:
        return b"\1\2\3"

    def owner(self, client: int) -> None:
        """Nobody has written anything."""
