"""All live sessions of this process: counted, reached by document, by participant and all together."""

import asyncio
import secrets
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

from server.auth.policy import Principal
from server.config import Settings
from server.errors import CloseCode, unavailable
from server.fanout import EVERYBODY, Changed, Ended, Fanout, Roll
from server.rooms.room import Room
from server.session.attendance import Attendance
from server.session.elsewhere import Elsewhere
from server.session.protocol import Socket
from server.session.session import Session

PING_EVERY = 15.0
"""Seconds between two pings to one socket. A peer is given up after two or three of them."""

SLOTS = 15
"""Parts into which the sockets fall for their pings, so that they are not all sent at once."""

TELL_EVERY = 1.0
"""Seconds between two words to other processes about who is here."""

REMEMBERED = 60.0
"""Seconds for which it is known who was ended or changed: longer than any handshake takes."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a socket occupies from its request to its end."""

    address: str
    asked_at: float


class Sessions:
    """`admit` before anything is looked up, `add` when it is known who it is; both end with the session."""

    def __init__(self, settings: Settings, loop: asyncio.AbstractEventLoop, fanout: Fanout) -> None:
        self._settings = settings
        self._loop = loop
        self._fanout = fanout
        self._process = secrets.token_hex(8)  # the name under which other processes hear of people here
        self._elsewhere = Elsewhere(self._process, loop.time)
        fanout.watch(Roll, EVERYBODY, self._elsewhere.hear)
        self._addresses: Counter[str] = Counter()
        self._places: dict[Session, Place] = {}
        self._participants: dict[str, set[Session]] = {}
        self._attendances: dict[str, Attendance] = {}
        self._ended: deque[tuple[float, str, CloseCode, str]] = deque()
        self._changed: deque[tuple[float, Principal]] = deque()
        self._slots: list[set[Session]] = [set() for _ in range(SLOTS)]
        self._slot = 0
        self._timer = loop.call_later(PING_EVERY / SLOTS, self._ping)
        self._telling = loop.call_later(TELL_EVERY, self._tell_others)

    def stop(self) -> None:
        self._timer.cancel()
        self._telling.cancel()
        self._fanout.tell(Roll(self._process, (), whole=True))
        self._fanout.unwatch(Roll, EVERYBODY, self._elsewhere.hear)

    # From the request to the end

    def admit(self, address: str) -> Place:
        """Raises Problem when this address has too many sockets. What is admitted is added or released."""
        if self._addresses[address] >= self._settings.max_sockets_per_address:
            raise unavailable("Too many sockets are open from your address; close some, or try again later.")
        self._addresses[address] += 1
        return Place(address, self._loop.time())

    def release(self, place: Place) -> None:
        self._addresses[place.address] -= 1
        if not self._addresses[place.address]:
            del self._addresses[place.address]

    def open(
        self, socket: Socket, place: Place, room: Room, who: Principal, *, wants_events: bool, welcome: dict[str, Any]
    ) -> None:
        """Takes an accepted socket into its document; closes it when that may not be any more."""
        who = self._as_of_now(who, place.asked_at)
        own = self._participants.setdefault(who.participant_id, set())
        attendance = self._attendances.get(room.document_id)
        if attendance is None:
            attendance = Attendance(room.document_id, self._loop, room.owner, self._fanout, self._process)
            self._attendances[room.document_id] = attendance
        session = Session(
            socket, room, attendance, who, wants_events=wants_events, clock=self._loop.time, on_closed=self._discard
        )
        self._places[session] = place
        self._slots[self._slot].add(session)
        own.add(session)
        session.start(welcome)
        if (ended := self._ended_since(place.asked_at, who.participant_id)) is not None:
            session.close(*ended)
        elif len(own) > self._settings.max_sockets_per_participant:
            session.close(CloseCode.OVERLOADED, "You have too many sockets open; close some, or try again later.")

    def _discard(self, session: Session) -> None:
        self.release(self._places.pop(session))
        for slot in self._slots:
            slot.discard(session)
        own = self._participants[session.principal.participant_id]
        own.discard(session)
        if not own:
            del self._participants[session.principal.participant_id]
        attendance = self._attendances[session.document_id]
        if not attendance.sessions:
            attendance.stop()
            del self._attendances[session.document_id]

    # Who is here

    def is_online(self, participant_id: str) -> bool:
        """Whether they have any document open, in this process or another."""
        return participant_id in self._participants or participant_id in self._elsewhere

    def people(self) -> dict[str, Principal]:
        """Everybody who has a socket in this process, by id."""
        return {name: next(iter(own)).principal for name, own in self._participants.items() if own}

    def change(self, who: Principal) -> None:
        """Their rights, name and delegation are these from now on, on open sockets too (W4, W6); in every process."""
        self.change_here(who)
        self._fanout.tell(Changed((who.participant_id,)))

    def change_here(self, who: Principal) -> None:
        self._forget_old()
        self._changed.append((self._loop.time(), who))
        for session in tuple(self._participants.get(who.participant_id, ())):
            session.become(who)

    # Ending

    def end_sessions(self, participant_id: str, code: CloseCode, reason: str) -> None:
        """Closes every socket of theirs, those that are just being opened, too (P5); in every process."""
        self.end_here(participant_id, code, reason)
        self._fanout.tell(Ended((participant_id,), int(code), reason))

    def end_here(self, participant_id: str, code: CloseCode, reason: str) -> None:
        self._forget_old()
        self._ended.append((self._loop.time(), participant_id, code, reason))
        for session in tuple(self._participants.get(participant_id, ())):
            session.close(code, reason)

    def _ended_since(self, moment: float, participant_id: str) -> tuple[CloseCode, str] | None:
        for at, ended, code, reason in self._ended:
            if ended == participant_id and at >= moment:
                return code, reason
        return None

    def _as_of_now(self, who: Principal, moment: float) -> Principal:
        """`who` was looked up after `moment`, and may have been changed since."""
        for at, changed in reversed(self._changed):
            if at >= moment and changed.participant_id == who.participant_id:
                return changed
        return who

    def _forget_old(self) -> None:
        old = self._loop.time() - REMEMBERED
        while self._ended and self._ended[0][0] < old:
            self._ended.popleft()
        while self._changed and self._changed[0][0] < old:
            self._changed.popleft()

    # Signs of life

    def _tell_others(self) -> None:
        self._telling = self._loop.call_later(TELL_EVERY, self._tell_others)
        if (roll := self._elsewhere.roll(self._participants)) is not None:
            self._fanout.tell(roll)
        for attendance in self._attendances.values():
            attendance.tell_others()

    def _ping(self) -> None:
        self._timer = self._loop.call_later(PING_EVERY / SLOTS, self._ping)
        self._slot = (self._slot + 1) % SLOTS
        for session in tuple(self._slots[self._slot]):
            session.beat()
