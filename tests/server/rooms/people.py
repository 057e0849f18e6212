"""Members of a room for tests: sockets without a network, whose other end is a real Yjs document (pycrdt's)."""

import json
from typing import Any

import pycrdt

from crdt import sync
from crdt.gate import Refusal
from crdt.sync import SyncUpdate
from crdt.varint import read_bytes, read_uint
from server.auth.policy import Principal
from server.errors import CloseCode
from server.rooms import Room
from server.tables import Role


def message_of(frame: bytes) -> bytes:
    """The message in a WebSocket frame that a server wrote."""
    size = frame[1]
    start = {126: 4, 127: 10}.get(size, 2)
    assert frame[0] == 0x82
    return frame[start:]


class Listener:
    """Keeps all that it is told, in order."""

    def __init__(
        self, participant: str, *, role: Role = Role.DELEGATE, meeting: str = "m", events: bool = True
    ) -> None:
        self.principal = Principal(participant, participant, role, meeting, None)
        self.wants_events = events
        self.synced = False
        self.told: list[tuple[Any, ...]] = []
        self.closes: list[CloseCode] = []

    def write(self, frame: bytes) -> None:
        message = message_of(frame)
        kind, at = read_uint(message, 0)
        if kind == 100:
            text, _ = read_bytes(message, at)
            self.told.append(("event", json.loads(text)))
            return
        parsed = sync.parse(message)
        assert isinstance(parsed, SyncUpdate)
        self.told.append(("update", parsed.update))

    def saved(self, updates: int, step2: bool, seq: int) -> None:
        self.told.append(("saved", updates, step2, seq))

    def refused(self, number: int | None, refusal: Refusal, *, whole: bool) -> None:
        self.told.append(("refused", number, refusal.reason))

    def close(self, code: CloseCode, reason: str) -> None:
        assert reason
        self.closes.append(code)

    def heard(self, kind: str) -> list[Any]:
        """What came of this kind: contents of updates and events, numbers of the rest."""
        return [told[1] if kind in ("update", "event") else told[1:] for told in self.told if told[0] == kind]


class Typist:
    """Writes in a document of their own, sends what they wrote, and keep it until told that it is saved (R4)."""

    def __init__(
        self, participant: str, *, role: Role = Role.DELEGATE, meeting: str = "m", client: int | None = None
    ) -> None:
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc() if client is None else pycrdt.Doc(client_id=client)
        self.body = self.doc.get("text", type=pycrdt.Text)
        self.attributes = self.doc.get("paragraphs", type=pycrdt.Map)
        self.unsaved: list[bytes] = []
        self.line = Line(self, participant, role, meeting)
        self.room: Room | None = None
        self._hearing = False
        self._watch = self.doc.observe(self._wrote)

    # -- the connection

    def connect(self, room: Room) -> None:
        """On a new line: both sides send what the other lacks, step 1 and step 2 of both at once."""
        who = self.line.principal
        self.line = Line(self, who.participant_id, who.role, str(who.meeting_id))
        self.room = room
        room.join(self.line)
        lacking = room.missing(self.doc.get_state())
        self.line.synced = True
        self.take(lacking)
        self.unsaved = [self.doc.get_update(room.state_vector())]
        room.edit(self.line, self.unsaved[0], None)

    def disconnect(self) -> None:
        if self.room is not None:
            self.room.leave(self.line)
        self.room = None

    @property
    def connected(self) -> bool:
        return self.room is not None and not self.line.closes

    @property
    def closes(self) -> list[CloseCode]:
        return self.line.closes

    def heard(self, kind: str) -> list[Any]:
        """On this line."""
        return self.line.heard(kind)

    # -- what they do

    def type(self, at: int, text: str) -> None:
        """`at` in bytes of UTF-8, as pycrdt counts."""
        self.body.insert(at, text)

    def delete(self, first: int, last: int) -> None:
        del self.body[first:last]

    @property
    def text(self) -> str:
        return str(self.body)

    def take(self, update: bytes) -> None:
        self._hearing = True
        self.doc.apply_update(update)
        self._hearing = False

    def _wrote(self, event: pycrdt.TransactionEvent) -> None:
        if self._hearing:
            return
        self.unsaved.append(event.update)
        if self.connected:
            assert self.room is not None
            self.line.sent += 1
            self.room.edit(self.line, event.update, self.line.sent)


class Line(Listener):
    """One connection of a typist."""

    def __init__(self, typist: Typist, participant: str, role: Role, meeting: str) -> None:
        super().__init__(participant, role=role, meeting=meeting)
        self.sent = 0
        self._typist = typist
        self._acknowledged = 0

    def write(self, frame: bytes) -> None:
        super().write(frame)
        if self.told[-1][0] == "update" and self._typist.line is self:
            self._typist.take(self.told[-1][1])

    def saved(self, updates: int, step2: bool, seq: int) -> None:
        super().saved(updates, step2, seq)
        done = max(0, updates - self._acknowledged) + step2
        self._acknowledged = max(updates, self._acknowledged)
        if self._typist.line is self:
            del self._typist.unsaved[:done]
