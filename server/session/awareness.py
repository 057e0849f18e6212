"""Who points where in one document: awareness passed on under the server's names (W6), merged and bounded.

Each socket speaks for one client id, the first that it names and that nobody else has. Others' ids are ignored, for
y-websocket clients send back whatever they hear. Nothing here is kept: a restart asks everybody to say it again.
Processes tell each other what was said to them, as they pass it on.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crdt import awareness, sync
from crdt.awareness import State
from crdt.varint import write_uint
from server import frames, metrics
from server.auth.policy import Principal
from server.session.pace import Pace
from server.tables import Role

INTERVAL = 0.05
"""Seconds between two frames of awareness in one document."""

MAX_STATE = 2048
"""Bytes of a state with its stamp: a cursor takes about 300. Larger ones are ignored."""

DEPARTED = 1024
"""Client ids that are remembered when their socket has gone, so that nobody else takes them."""


class Speaker(Protocol):
    """A socket, as far as awareness goes."""

    client: int | None
    """The client id that it speaks for; the relay sets it."""

    @property
    def principal(self) -> Principal: ...

    def say(self, frame: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Abroad:
    """A client that speaks in another process."""

    process: str
    participant: str | None
    clock: int


class Relay:
    """The awareness of one document: said in this process, and heard of in others.

    `send` reaches every socket of it here, `tell` the other processes; `owner` is the participant whose text has this
    client id (W5), if there is any.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        send: Callable[[bytes], None],
        owner: Callable[[int], str | None],
        tell: Callable[[bytes], None],
    ) -> None:
        self._send = send
        self._tell_others = tell
        self._owner = owner
        self._abroad: dict[int, Abroad] = {}
        self._speakers: dict[int, Speaker] = {}
        self._clocks: dict[int, int] = {}  # of every client in `_speakers`
        self._states: dict[int, bytes] = {}  # encoded, of those who have not taken leave
        self._changed: dict[int, bytes] = {}  # what the next frame tells
        self._changed_here: dict[int, bytes] = {}  # of that, what others must be told
        self._departed: dict[int, tuple[str, int]] = {}  # client -> participant and last clock, the oldest first
        self._everything: bytes | None = None  # the frame with all states, until one changes
        self._pace = Pace(loop, INTERVAL, self._flush)

    def receive(self, speaker: Speaker, update: bytes) -> None:
        """Raises Malformed."""
        if speaker.principal.role is Role.OBSERVER:  # they have no cursor
            metrics.AWARENESS_IGNORED.labels("observer").inc()
            return
        states = awareness.decode(update, lambda client: self._may_speak(speaker, client))
        if not states:
            metrics.AWARENESS_IGNORED.labels("foreign").inc()
        for state in states:
            if self._may_speak(speaker, state.client):  # again: the first state of several takes the one place
                self._hear(speaker, state)

    def leave(self, speaker: Speaker) -> None:
        client = speaker.client
        if client is None or self._speakers.get(client) is not speaker:
            return
        del self._speakers[client]
        clock = self._clocks.pop(client)
        self._remember(client, speaker.principal.participant_id, clock)
        self._take_leave(client, clock, here=True)

    def _remember(self, client: int, participant: str, clock: int) -> None:
        """Whose it was."""
        self._departed.pop(client, None)
        self._departed[client] = (participant, clock)
        while len(self._departed) > DEPARTED:
            del self._departed[next(iter(self._departed))]

    # Other processes

    def own(self) -> bytes | None:
        """The states of those who speak here, for another process that asks."""
        states = {client: self._states[client] for client in self._speakers if client in self._states}
        return _listed(states) if states else None

    def hear(self, process: str, update: bytes) -> None:
        """What another process tells, stamped there."""
        for state in awareness.decode(update):
            known = self._abroad.get(state.client)
            if state.client in self._speakers or (known is not None and _is_old(state, known)):
                continue
            if state.fields is None:
                self._leave_abroad(state.client, state.clock)
                continue
            user = state.fields.get("user")
            participant = user.get("id") if isinstance(user, dict) else None
            self._abroad[state.client] = Abroad(process, participant, state.clock)
            told = self._states[state.client] = awareness.encode([state])[1:]
            self._change(state.client, told)

    def forget(self, process: str) -> None:
        """Its people have gone."""
        for client, known in [each for each in self._abroad.items() if each[1].process == process]:
            self._leave_abroad(client, known.clock)

    def _leave_abroad(self, client: int, clock: int) -> None:
        known = self._abroad.pop(client, None)
        if known is not None:
            if known.participant is not None:
                self._remember(client, known.participant, clock)
            self._take_leave(client, clock)

    def everything(self) -> bytes | None:
        """A frame with every state there is, for one who joins or asks; none when there are none."""
        if self._everything is None and self._states:
            self._everything = _frame(self._states)
        return self._everything

    def stop(self) -> None:
        self._pace.stop()

    def _may_speak(self, speaker: Speaker, client: int) -> bool:
        if speaker.client is not None:
            return speaker.client == client and self._speakers.get(client) is speaker
        return self._holder(client) in (None, speaker.principal.participant_id)

    def _holder(self, client: int) -> str | None:
        """Whose this client id is: by their text, by a socket of now, or by one of just now."""
        if (owner := self._owner(client)) is not None:
            return owner
        if (other := self._speakers.get(client)) is not None:
            return other.principal.participant_id
        if (abroad := self._abroad.get(client)) is not None and abroad.participant is not None:
            return abroad.participant
        return self._departed.get(client, (None, 0))[0]

    def _hear(self, speaker: Speaker, state: State) -> None:
        if speaker.client is None:
            if state.fields is None:  # somebody's leave, sent back
                return
            self._admit(speaker, state)
        last = self._clocks[state.client]
        if state.clock < last or (state.clock == last and state.fields is not None):
            return
        self._clocks[state.client] = state.clock
        if state.fields is None:
            self._take_leave(state.client, state.clock, here=True)
        else:
            self._tell(_stamped(state, speaker.principal))

    def _admit(self, speaker: Speaker, state: State) -> None:
        """The first word of a socket.

        Peers that heard this client on an earlier socket do not listen to a clock that they know. So the client is
        told that it had gone, which makes it say everything again under a newer one.
        """
        client = state.client
        last = self._clocks.get(client, self._departed.get(client, ("", -1))[1])
        if (abroad := self._abroad.pop(client, None)) is not None:  # it has come from there
            last = max(last, abroad.clock)
        speaker.client = client
        self._speakers[client] = speaker
        self._clocks[client] = last
        speaker.say(_frame({client: awareness.encode([State(client, max(last, state.clock), None)])[1:]}))

    def _tell(self, state: State) -> None:
        told = awareness.encode([state])[1:]  # without the count
        if len(told) > MAX_STATE:
            metrics.AWARENESS_IGNORED.labels("too_large").inc()
            return
        self._states[state.client] = told
        self._change(state.client, told, here=True)

    def _take_leave(self, client: int, clock: int, *, here: bool = False) -> None:
        if self._states.pop(client, None) is not None:
            self._change(client, awareness.encode([State(client, clock, None)])[1:], here=here)

    def _change(self, client: int, told: bytes, *, here: bool = False) -> None:
        self._changed[client] = told
        if here:
            self._changed_here[client] = told
        self._everything = None
        self._pace.due()

    def _flush(self) -> None:
        changed, self._changed = self._changed, {}
        self._send(_frame(changed))
        here, self._changed_here = self._changed_here, {}
        if here:
            self._tell_others(_listed(here))


def _stamped(state: State, who: Principal) -> State:
    """What the client wrote under `user` stays where the server has nothing to say, such as a colour."""
    fields = state.fields or {}
    written = fields.get("user")
    user = dict(written) if isinstance(written, dict) else {}
    user |= {"id": who.participant_id, "name": who.name, "delegation": who.delegation, "role": str(who.role)}
    return State(state.client, state.clock, fields | {"user": user})


def _is_old(state: State, known: Abroad) -> bool:
    return state.clock < known.clock or (state.clock == known.clock and state.fields is not None)


def _listed(states: dict[int, bytes]) -> bytes:
    return write_uint(len(states)) + b"".join(states.values())


def _frame(states: dict[int, bytes]) -> bytes:
    return frames.binary(sync.awareness(_listed(states)))
