"""The sessions of one document in this process, and what they are told beside its text."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol

from crdt import sync
from crdt.document import LARGE
from server import frames
from server.auth.policy import Principal
from server.session import presence
from server.session.awareness import Relay, Speaker
from server.session.pace import Pace


class Listener(Speaker, Protocol):
    """A session, as far as its attendance goes."""

    @property
    def wants_events(self) -> bool: ...


def event(fields: dict[str, Any]) -> bytes:
    """A frame with a message of type 100 (W2)."""
    return frames.binary(sync.event(json.dumps(fields, ensure_ascii=False, separators=(",", ":"))))


class Attendance:
    """Made with the first session of a document, thrown away with the last."""

    def __init__(self, loop: asyncio.AbstractEventLoop, owner: Callable[[int], str | None]) -> None:
        self.sessions: set[Listener] = set()
        self.relay = Relay(loop, self._say_to_all, owner)
        self._presence = Pace(loop, presence.INTERVAL, self._tell_presence)
        self._told: bytes | None = None  # the last presence
        self._new: set[Listener] = set()  # those who were never told
        self._state = b""  # the state that `_state_frame` carries
        self._state_frame = b""

    def join(self, session: Listener) -> None:
        self.sessions.add(session)
        if (everything := self.relay.everything()) is not None:
            session.say(everything)
        if session.wants_events:
            self._new.add(session)
        self._presence.due()

    def leave(self, session: Listener) -> None:
        self.sessions.discard(session)
        self._new.discard(session)
        self.relay.leave(session)
        self._presence.due()

    def changed(self, session: Listener) -> None:
        """Somebody's name or role is another: their caret is gone until it moves, and comes back under the new one."""
        self.relay.leave(session)
        session.client = None
        self._presence.due()

    def stop(self) -> None:
        self._presence.stop()
        self.relay.stop()

    def present(self) -> list[Principal]:
        return [session.principal for session in self.sessions]

    def answer(self, update: bytes) -> bytes:
        """The frame that answers a step 1. Where it is large, all who join at once get the same bytes."""
        if len(update) < LARGE:
            return frames.binary(sync.step2(update))
        if update is not self._state:
            self._state, self._state_frame = update, frames.binary(sync.step2(update))
        return self._state_frame

    def _say_to_all(self, frame: bytes) -> None:
        for session in tuple(self.sessions):  # one that cannot keep up leaves
            session.say(frame)

    def _tell_presence(self) -> None:
        told = event(presence.presence(self.present()))
        listeners = self._new if told == self._told else self.sessions
        self._told, self._new = told, set()
        for session in tuple(listeners):
            if session.wants_events:
                session.say(told)
