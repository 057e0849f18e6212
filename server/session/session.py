"""One socket's part in a document: its messages become edits and answers, by a table of states (W1, W2, W5, W7).

It stands between a socket, a room and an attendance, and never waits for any of them.
"""

import logging
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any

from crdt import sync
from crdt.errors import Malformed
from crdt.gate import Reason, Refusal
from crdt.sync import Awareness, Message, QueryAwareness, SyncStep1, SyncStep2, SyncUpdate, Unknown
from server import frames, metrics, times
from server.auth.policy import Principal
from server.errors import CloseCode
from server.rooms.room import Room
from server.session.attendance import Attendance, event
from server.session.pace import Bucket
from server.session.presence import person
from server.session.protocol import KEPT, Socket

UPDATES = (200, 60)
"""Updates at once, and a second: W7 promises 100 and 30."""

OTHERS = (400, 120)
"""The same for everything else that is said: a stock client sends each caret back that it hears of."""

STEP1_COST = 20
"""A whole state is worth so many of the others."""

ECHOES = 2000
"""A stock pycrdt client sends back every update that it receives: so many may be outstanding beside its own."""

ANSWER_WITHIN = 60.0
"""Seconds to answer the server's step 1, for one who has sent updates."""

HELD_BYTES = 8 * 1024 * 1024
HELD_UPDATES = 1000
"""What may be typed before the server's step 1 is answered (W5)."""

_log = logging.getLogger(__name__)
_ALIVE = frames.binary(sync.awareness(b"\0"))  # nobody's state: y-websocket gives a silent server up after 30 s

_FINAL: Mapping[Reason, tuple[CloseCode, str]] = {
    Reason.MALFORMED: (CloseCode.MALFORMED, "An update could not be read; update your client."),
    Reason.TOO_FAST: (CloseCode.TOO_FAST, "Too many messages in too short a time; wait a little and connect again."),
}
"""Refusals after which no socket stays open."""

_TOLD_BY_CLOSING = frozenset({Reason.FOREIGN_AUTHOR, Reason.GAP, Reason.SCHEMA, Reason.TOO_LARGE})
"""Refusals that a client without `?v=1` must be closed for: it would type on into the void."""


class State(Enum):
    """How far a session has come."""

    JOINING = auto()  # the server's step 1 is not answered: updates are held, for they may build on that answer
    SETTLED = auto()
    CLOSED = auto()


class Session:
    """A member of a room (`server.rooms.member.Member`) and the listener of a socket."""

    def __init__(
        self,
        socket: Socket,
        room: Room,
        attendance: Attendance,
        principal: Principal,
        *,
        wants_events: bool,
        clock: Callable[[], float],
        on_closed: Callable[["Session"], None],
    ) -> None:
        self.principal = principal
        self.wants_events = wants_events
        self.synced = False
        self.client: int | None = None  # whose awareness it speaks
        self.document_id = room.document_id
        self.write = socket.write  # nothing stands between a batch and its readers: there are many
        self._socket = socket
        self._room = room
        self._passed_on_before = room.audience.passed_on
        self._attendance = attendance
        self._clock = clock
        self._on_closed = on_closed
        self._state = State.JOINING
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._updates = 0  # that came, from 1
        self._saved = 0  # of them, up to this one
        self._step2_saved = False
        self._echoed = 0  # of which came back beyond the bucket
        self._began = now = clock()
        self._update_bucket = Bucket(*UPDATES, now)
        self._other_bucket = Bucket(*OTHERS, now)

    def start(self, welcome: dict[str, Any]) -> None:
        """Joins everything; `welcome` is the first thing that is said (W2)."""
        if self.wants_events:
            self.say(
                event({"type": "welcome", "seq": self._room.seq, "participant": person(self.principal), **welcome})
            )
        self.say(frames.binary(sync.step1(self._room.state_vector())))
        self._room.join(self)
        if self.wants_events and self._room.held:
            at = times.now()
            held = {"type": "event", "seq": self._room.seq, "kind": "saving_held", "by": None, "at": at, "data": {}}
            self.say(event(held))
        self._attendance.join(self)
        self._socket.listen(self)

    # What the room says (Member)

    def saved(self, updates: int, step2: bool, seq: int) -> None:
        self._saved = max(self._saved, updates)
        self._step2_saved |= step2
        if self.wants_events:
            self.say(event({"type": "saved", "updates": self._saved, "step2": self._step2_saved, "seq": seq}))

    def refused(self, number: int | None, refusal: Refusal, *, whole: bool) -> None:
        reason = refusal.reason
        if self.wants_events:
            self.say(
                event(
                    {
                        "type": "refused",
                        "update": number,
                        "reason": str(reason),
                        "paragraphs": refusal.paragraphs,
                        "text": refusal.text,
                    }
                )
            )
        if whole and (reason is Reason.LOCKED or (not self.wants_events and reason in _TOLD_BY_CLOSING)):
            self.close(
                CloseCode.REBUILD, f"A change was not taken ({reason}); load the document from the server again."
            )
        if reason in _FINAL:
            self.close(*_FINAL[reason])

    def become(self, who: Principal) -> None:
        """The same person under another name, role or delegation."""
        self.principal = who
        self._attendance.changed(self)

    def close(self, code: CloseCode, reason: str) -> None:
        if self._state is not State.CLOSED:
            _log.info("socket closed", extra={"document": self.document_id, "code": int(code), "reason": reason})
            self._socket.close(code, reason)

    # What others say

    def say(self, frame: bytes) -> None:
        """Anything but an update."""
        self._socket.write(frame)

    def beat(self) -> None:
        """Called at regular intervals: a sign of life from both sides."""
        if self._held and self._clock() - self._began > ANSWER_WITHIN:
            self.close(CloseCode.MALFORMED, "Answer the server's step 1; what you have sent waits for that.")
        self.say(_ALIVE)
        self._socket.ping()

    # What the socket says (Listener)

    def message(self, data: bytes) -> None:
        try:
            for message in sync.parse_all(data):
                if self._state is State.CLOSED:
                    return
                if self._affordable(message, len(data)):
                    _TABLE[self._state, type(message)](self, message)
                else:
                    self._too_fast(message)
        except Malformed as fault:
            self.close(CloseCode.MALFORMED, f"Not understood: {fault}.")

    def text(self) -> None:
        self.close(CloseCode.MALFORMED, "Messages are binary here: y-protocols, see the documentation.")

    def pinged(self) -> None:
        if not self._other_bucket.take(self._clock()):
            self.close(*_FINAL[Reason.TOO_FAST])

    def closed(self) -> None:
        self._state = State.CLOSED
        self._release()
        self._room.leave(self)
        self._attendance.leave(self)
        self._on_closed(self)

    # The cells of the table

    def _answer_step1(self, message: SyncStep1) -> None:
        """The answer and the flag in one go, so that no update falls between them."""
        self._socket.write_large(self._attendance.answer(self._room.missing(message.state_vector)))
        self.synced = True

    def _settle(self, message: SyncStep2) -> None:
        self._state = State.SETTLED
        self._room.edit(self, message.update, None)
        held = self._release()
        first = self._updates - len(held) + 1
        for number, update in enumerate(held, first):
            self._room.edit(self, update, number)

    def _release(self) -> list[bytes]:
        """What was held, and is not any more."""
        KEPT.take(-self._held_bytes)
        held, self._held, self._held_bytes = self._held, [], 0
        return held

    def _catch_up(self, message: SyncStep2) -> None:
        self._room.edit(self, message.update, None)

    def _hold(self, message: SyncUpdate) -> None:
        self._updates += 1
        size = len(message.update)
        if self._held_bytes + size > HELD_BYTES or len(self._held) >= HELD_UPDATES:
            self.refused(self._updates, Refusal(Reason.TOO_LARGE), whole=True)
            self.close(CloseCode.MALFORMED, "Answer the server's step 1 before you send so many updates.")
        elif KEPT.take(size):
            self._held_bytes += size
            self._held.append(message.update)
        else:
            self.close(CloseCode.OVERLOADED, "Too many updates wait for an answer; connect again in a moment.")

    def _edit(self, message: SyncUpdate) -> None:
        self._updates += 1
        self._room.edit(self, message.update, self._updates)

    def _hear(self, message: Awareness) -> None:
        self._attendance.relay.receive(self, message.update)

    def _answer_query(self, message: QueryAwareness) -> None:
        if (everything := self._attendance.relay.everything()) is not None:
            self.say(everything)

    def _ignore(self, message: Unknown) -> None:
        metrics.MESSAGES_UNKNOWN.inc()

    # Rates

    def _affordable(self, message: Message, size: int) -> bool:
        now = self._clock()
        if isinstance(message, SyncUpdate):
            return self._update_bucket.take(now) or self._is_echo()
        cost = STEP1_COST if isinstance(message, SyncStep1 | QueryAwareness) else 1 + size // 65536
        return self._other_bucket.take(now, cost)

    def _is_echo(self) -> bool:
        delivered = self._room.audience.passed_on - self._passed_on_before
        if self.wants_events or self._echoed >= delivered:
            return False
        self._echoed = max(self._echoed + 1, delivered - ECHOES)
        return True

    def _too_fast(self, message: Message) -> None:
        if isinstance(message, SyncUpdate):
            self._updates += 1
            self.refused(self._updates, Refusal(Reason.TOO_FAST), whole=True)
        else:
            self.close(*_FINAL[Reason.TOO_FAST])


_EITHER: Mapping[type[Message], Callable[[Session, Any], None]] = {
    SyncStep1: Session._answer_step1,
    Awareness: Session._hear,
    QueryAwareness: Session._answer_query,
    Unknown: Session._ignore,
}
_TABLE: Mapping[tuple[State, type[Message]], Callable[[Session, Any], None]] = {
    **{(state, kind): cell for state in (State.JOINING, State.SETTLED) for kind, cell in _EITHER.items()},
    (State.JOINING, SyncStep2): Session._settle,
    (State.JOINING, SyncUpdate): Session._hold,
    (State.SETTLED, SyncStep2): Session._catch_up,
    (State.SETTLED, SyncUpdate): Session._edit,
}
