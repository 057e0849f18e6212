"""HTTP connections with the deadlines and bounds that uvicorn's lack, and the upgrade to a WebSocket.

uvicorn waits for ever for the rest of a header, takes headers of any size, never gives up on a peer that does not read
an answer, and counts no sockets in its limit. It is pinned, for this rests on how its protocol class works inside.
"""

import asyncio
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from server.session.handshake import Handshake

HEADER_WITHIN = 10.0
"""Seconds from the first byte of a request, or from the connection, to the end of its header."""

BODY_WITHIN = 300.0
"""Seconds for a body: 20 MB on a line of 0.6 Mbit/s."""

READ_WITHIN = 60.0
"""Seconds in which a peer must read some of an answer that fills its outbox."""

MAX_HEADER = 64 * 1024
"""Bytes of a request's first line and header."""


def _plain(status: str, headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n".encode()


_TOO_LATE = _plain("408 Request Timeout")
_TOO_LARGE = _plain("431 Request Header Fields Too Large")
_FULL = _plain("503 Service Unavailable", "Retry-After: 5\r\n")


class HttpProtocol(HttpToolsProtocol):
    """One connection, until it becomes a WebSocket or ends. uvicorn's `limit_concurrency` counts sockets, too."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._header_size: int | None = 0  # bytes so far; none: the header is complete

    # Deadlines

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) > self.limit_concurrency:
            self._refuse(_FULL)
        else:
            self._expect(HEADER_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._header_size = 0
        self._expect(HEADER_WITHIN)

    def on_headers_complete(self) -> None:
        self._header_size = None
        self._expect(BODY_WITHIN)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._expect(None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._abort_later()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._abort_later()

    def shutdown(self) -> None:
        super().shutdown()
        if self.transport.is_closing():
            self._abort_later()

    @property
    def unanswered(self) -> bool:
        """Whether a request has come of whose answer nothing was written yet."""
        return self.cycle is not None and not self.cycle.response_started

    def _expect(self, seconds: float | None) -> None:
        """What is awaited from the peer must come in this time; none: nothing is."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if seconds is not None:
            self._deadline = self.loop.call_later(seconds, self._refuse, _TOO_LATE)

    def _refuse(self, answer: bytes) -> None:
        self._expect(None)
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(answer)
            self.transport.close()
        self._abort_later()

    def _abort_later(self) -> None:
        """Closing waits until the peer has read everything, which may be never."""
        self.loop.call_later(READ_WITHIN, self.transport.abort)

    # Requests

    def data_received(self, data: bytes) -> None:
        if self._header_size is not None:
            self._header_size += len(data)
        super().data_received(data)
        if self._header_size is not None and self._header_size > MAX_HEADER and not self.transport.is_closing():
            self._refuse(_TOO_LARGE)

    def _should_upgrade_to_ws(self) -> bool:
        return True

    def handle_websocket_upgrade(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.send_400_response("An upgrade cannot follow a request that is not answered yet.")
            return
        try:
            scope = self._socket_scope()
        except (httptools.HttpParserInvalidURLError, UnicodeDecodeError):
            self.send_400_response("Invalid HTTP request received.")
            return
        self._expect(None)
        self.connections.discard(self)
        handshake = Handshake(self.transport, self.loop, self.server_state, self.app)
        self.transport.set_protocol(handshake.socket)
        self.parser = None  # type: ignore[assignment]  # as uvicorn does at the end: it and this object hold each other
        handshake.begin(scope)

    def _socket_scope(self) -> dict[str, Any]:
        url = httptools.parse_url(self.url)
        raw_path = url.path or b"/"
        return {
            **self.scope,
            "type": "websocket",
            "asgi": {"version": self.asgi_version, "spec_version": "2.4"},
            "scheme": "wss" if self.scheme == "https" else "ws",
            "path": self.root_path + unquote(raw_path.decode("ascii")),
            "raw_path": self.root_path.encode("ascii") + raw_path,
            "query_string": url.query or b"",
            "subprotocols": [],
        }
