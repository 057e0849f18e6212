"""One WebSocket on its transport: bytes in, frames out, deadlines.

It is made by `http.py` when a request asks for the upgrade, opened by the ASGI application through `handshake.py`, and
then driven by callbacks alone: an open socket holds no task, no queue and no scope, which keeps an idle one small and
a message on the short way. uvicorn knows it as one of its connections and calls `shutdown`.
"""

import asyncio
from enum import Enum, auto
from typing import Protocol

from server import frames, metrics
from server.errors import CloseCode
from server.frames import BadFrame, FrameReader, Opcode
from server.session.pace import Budget

MAX_MESSAGE = 8 * 1024 * 1024 + 64
"""Bytes: a step 2 of 8 MiB and what stands around it."""

OUTBOX = 1024 * 1024
"""Bytes that may wait for a reader; one who is further behind is told to come back (1013)."""

CLOSE_WITHIN = 3.0
"""Seconds from our close, or the peer's, to the end of the connection, read or not."""

MISSED_PINGS = 2
"""Pings in a row after which nothing may come."""

KEPT = Budget(256 * 1024 * 1024)
"""Bytes that the peers of this process may have sent of what is of no use yet: halves of messages, and updates that
wait for a step 2."""

SMALL = 64 * 1024
"""Bytes of half a message that are not counted."""

_PING = frames.ping(b"rt")
_UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Phase(Enum):
    """The life of a socket."""

    ASKED = auto()  # the handshake came and is not answered
    OPEN = auto()
    CLOSING = auto()  # our close is written, or the peer's answered: nothing more is said or listened to
    LOST = auto()


_OPEN = Phase.OPEN  # looked up once: an enum takes its time, and this is asked for every frame


class Listener(Protocol):
    """Who is told what comes in on an open socket."""

    def message(self, data: bytes) -> None: ...

    def text(self) -> None:
        """A text message came; there are none in this protocol."""

    def pinged(self) -> None: ...

    def closed(self) -> None:
        """Nothing can be written any more. Called once, also when it was us who closed."""


class Socket(asyncio.Protocol):
    """One WebSocket. `connections` is uvicorn's set of what `shutdown` reaches.

    `write` and `close` do nothing on a socket that is not open, so nobody need ask before.
    """

    __slots__ = (
        "_connections",
        "_end",
        "_full",
        "_heard",
        "_kept",
        "_listener",
        "_loop",
        "_missed",
        "_paused",
        "_reader",
        "_unread",
        "_wide",
        "phase",
        "transport",
    )

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, connections: "set[Socket]"
    ) -> None:
        self.transport = transport
        self.phase = Phase.ASKED
        self._loop = loop
        self._connections = connections
        self._listener: Listener | None = None
        self._reader: FrameReader | None = FrameReader(MAX_MESSAGE)  # none: where frames begin nobody can tell
        self._full = False  # the outbox
        self._wide = False  # it is larger than OUTBOX, for a state that a joiner asked for
        self._kept = 0  # bytes of half a message, as far as they are counted
        self._heard = False  # anything since the last ping
        self._missed = 0  # pings in a row without anything
        self._unread = 0  # bytes in the outbox at the last ping
        self._paused = True
        self._end: asyncio.TimerHandle | None = None
        connections.add(self)
        transport.set_write_buffer_limits(OUTBOX, OUTBOX)
        transport.pause_reading()  # until somebody listens

    @property
    def listening(self) -> bool:
        return self._listener is not None

    # Opening

    def accept(self, response: bytes) -> None:
        """Answers the handshake with 101."""
        if self.phase is Phase.ASKED:
            self.transport.write(response)
            self.phase = Phase.OPEN

    def decline(self, response: bytes) -> None:
        """Answers the handshake with anything else."""
        if self.phase is Phase.ASKED:
            self.transport.write(response)
            self._leave()

    def listen(self, listener: Listener) -> None:
        """From now on `listener` is told what comes in."""
        if self.phase is Phase.OPEN:
            self._listener = listener
            self.resume()
        else:
            listener.closed()

    # Writing

    def write(self, frame: bytes) -> None:
        """Puts an encoded frame into the outbox; closes the socket when that is full. Never blocks."""
        if self.phase is not _OPEN:
            return
        if self._full:
            self.close(CloseCode.OVERLOADED, "You read too slowly; connect again and continue.")
        else:
            self.transport.write(frame)

    def write_large(self, frame: bytes) -> None:
        """The state that a joiner asked for: where it is larger than the outbox, that grows until it is read."""
        if len(frame) > OUTBOX and self.phase is Phase.OPEN:
            self._wide = True
            self.transport.set_write_buffer_limits(len(frame) + OUTBOX, OUTBOX)
        self.write(frame)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False

    def ping(self) -> None:
        """To be called at regular intervals: asks for a sign of life, and gives up on a peer that gave none.

        One that is still sending, or still reading what waits for it, is alive, though its answer stands behind that.
        """
        if self.phase is not Phase.OPEN or self._paused:
            return
        unread = self.transport.get_write_buffer_size()
        if self._wide and unread <= OUTBOX:
            self._wide = False
            self.transport.set_write_buffer_limits(OUTBOX, OUTBOX)
        self._missed = 0 if self._heard or 0 < unread < self._unread else self._missed + 1
        if self._missed > MISSED_PINGS:
            self.transport.abort()
            return
        self._heard = False
        self._unread = unread
        self.write(_PING)

    # Ending

    def close(self, code: int, reason: str = "") -> None:
        """Says why, gives the peer `CLOSE_WITHIN` seconds to read it, then cuts the line."""
        if self.phase is Phase.OPEN:
            metrics.CLOSES.labels(int(code)).inc()
            self.transport.write(frames.close(code, reason))
            self.phase = Phase.CLOSING
            self.resume()  # the peer's answer ends the connection sooner
            self._end_soon()
            self._tell_closed()

    def shutdown(self) -> None:
        """uvicorn was asked to stop."""
        self.decline(_UNAVAILABLE)
        self.close(CloseCode.RESTARTING, "The server is restarting; connect again in a moment.")

    def eof_received(self) -> None:
        """The peer hung up; asyncio closes the transport as soon as the outbox is read, which may be never."""
        self._leave()

    def connection_lost(self, error: Exception | None) -> None:
        self.phase = Phase.LOST
        if self._end is not None:
            self._end.cancel()
        self._connections.discard(self)
        self._account(0)
        self._tell_closed()

    def _leave(self) -> None:
        """Closes the transport when the outbox is read, at the latest in `CLOSE_WITHIN` seconds."""
        if self.phase is not Phase.LOST:
            self.phase = Phase.CLOSING
            self.transport.close()
            self._end_soon()
            self._tell_closed()

    def _end_soon(self) -> None:
        if self._end is None:
            self._end = self._loop.call_later(CLOSE_WITHIN, self.transport.abort)

    def _tell_closed(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.closed()

    # Reading

    def pause(self) -> None:
        """Takes nothing more from the peer until `resume`; the network holds it back."""
        if not self._paused and self.phase is Phase.OPEN:
            self._paused = True
            self.transport.pause_reading()

    def resume(self) -> None:
        if self._paused and not self.transport.is_closing():
            self._paused = False
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        reader = self._reader
        if reader is None:
            return
        self._heard = True
        try:
            for kind, payload in reader.feed(data):
                self._receive(kind, payload)
        except BadFrame as fault:
            self.close(CloseCode.MALFORMED, f"Not understood: {fault}.")
            self._reader = None
            return
        if self._kept or reader.kept > SMALL:
            self._account(reader.kept)

    def _account(self, kept: int) -> None:
        if KEPT.take(kept - self._kept):
            self._kept = kept
        else:
            self.close(CloseCode.OVERLOADED, "Too many large messages are under way; connect again in a moment.")
            self._reader = None

    def _receive(self, kind: Opcode, payload: bytes) -> None:
        listener = self._listener
        if kind is Opcode.CLOSE:
            if self.phase is Phase.OPEN:
                self.transport.write(frames.close_answer(payload))
            self._leave()
        elif listener is None:
            return
        elif kind is Opcode.BINARY:
            listener.message(payload)
        elif kind is Opcode.PING:
            self.write(frames.pong(payload))
            listener.pinged()
        elif kind is Opcode.TEXT:
            listener.text()
