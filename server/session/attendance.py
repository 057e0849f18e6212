"""The sessions of one document in this process, and what they are told beside its text."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol

from crdt import sync
from crdt.document import LARGE
from server import frames
from server.auth.policy import Principal
from server.fanout import Asking, Carets, Fanout, Here
from server.session import presence
from server.session.awareness import Relay, Speaker
from server.session.pace import Pace
from server.tables import Role

HERE_EVERY = 2.0
"""Seconds between two words to other processes about who is here; what changes is told at once."""

OVERDUE = 5.0
"""Seconds without a word after which the people of another process are taken to be gone."""


class Listener(Speaker, Protocol):
    """A session, as far as its attendance goes."""

    @property
    def wants_events(self) -> bool: ...


def event(fields: dict[str, Any]) -> bytes:
    """A frame with a message of type 100 (W2)."""
    return frames.binary(sync.event(json.dumps(fields, ensure_ascii=False, separators=(",", ":"))))


class Attendance:
    """Made with the first session of a document, thrown away with the last.

    `process`: the name under which the others hear of people here.
    """

    def __init__(
        self,
        document: str,
        loop: asyncio.AbstractEventLoop,
        owner: Callable[[int], str | None],
        fanout: Fanout,
        process: str,
    ) -> None:
        self.sessions: set[Listener] = set()
        self.relay = Relay(loop, self._say_to_all, owner, self._tell_carets)
        self._document = document
        self._loop = loop
        self._fanout = fanout
        self._process = process
        self._elsewhere: dict[str, tuple[float, list[Principal]]] = {}  # by process, with when it was last heard
        self._here: Here | None = None  # as others were told last …
        self._here_at = 0.0  # … and when
        self._presence = Pace(loop, presence.INTERVAL, self._tell_presence)
        self._told: bytes | None = None  # the last presence
        self._new: set[Listener] = set()  # those who were never told
        self._state = b""  # the state that `_state_frame` carries
        self._state_frame = b""
        fanout.watch(Here, document, self._hear_here)
        fanout.watch(Carets, document, self._hear_carets)
        fanout.watch(Asking, document, self._hear_asking)
        fanout.tell(Asking(document, process))

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
        self._fanout.unwatch(Here, self._document, self._hear_here)
        self._fanout.unwatch(Carets, self._document, self._hear_carets)
        self._fanout.unwatch(Asking, self._document, self._hear_asking)
        self._fanout.tell(Here(self._document, self._process, ()))

    def present(self) -> list[Principal]:
        """In every process."""
        return [*self._present_here(), *(who for _, people in self._elsewhere.values() for who in people)]

    def _present_here(self) -> list[Principal]:
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

    # Other processes

    def tell_others(self) -> None:
        """Called every second: who is here, if that is due; and who was not heard of for too long is gone."""
        people = {(who.participant_id, who.name, str(who.role), who.delegation) for who in self._present_here()}
        here = Here(self._document, self._process, tuple(sorted(people, key=lambda each: each[0])))
        now = self._loop.time()
        if here != self._here or now - self._here_at >= HERE_EVERY:
            self._here, self._here_at = here, now
            self._fanout.tell(here)
        for process in [process for process, (at, _) in self._elsewhere.items() if now - at > OVERDUE]:
            self._forget(process)

    def _forget(self, process: str) -> None:
        if self._elsewhere.pop(process, None) is not None:
            self._presence.due()
        self.relay.forget(process)

    def _hear_here(self, here: Here) -> None:
        if here.process == self._process:
            return
        if not here.people:
            self._forget(here.process)
            return
        people = [Principal(id_, name, Role(role), None, code) for id_, name, role, code in here.people]
        before = self._elsewhere.get(here.process)
        self._elsewhere[here.process] = self._loop.time(), people
        if before is None or before[1] != people:
            self._presence.due()

    def _hear_asking(self, asking: Asking) -> None:
        if asking.process != self._process:
            self._here = None
            self.tell_others()
            if states := self.relay.own():
                self._tell_carets(states)

    def _tell_carets(self, states: bytes) -> None:
        self._fanout.tell(Carets(self._document, self._process, states))

    def _hear_carets(self, carets: Carets) -> None:
        if carets.process != self._process:
            self.relay.hear(carets.process, carets.states)

    def _tell_presence(self) -> None:
        told = event(presence.presence(self.present()))
        listeners = self._new if told == self._told else self.sessions
        self._told, self._new = told, set()
        for session in tuple(listeners):
            if session.wants_events:
                session.say(told)
