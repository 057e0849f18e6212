"""The opening of a WebSocket: the answer to its request, and the ASGI application until it has taken the socket over.

The application finds the socket in its scope, accepts in the ordinary way of ASGI, and calls `socket.listen`; then it
returns, and the socket lives on without it. An application that neither listens nor closes has none to return to.
"""

import asyncio
import base64
import logging

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Scope
from uvicorn.server import ServerState
from websockets.utils import accept_key

from server.errors import CloseCode
from server.session.protocol import Phase, Socket

SOCKET = "rollingtext.socket"
"""Under this name the socket is among the extensions of its scope."""

_VERSION = "13"
_SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
_END = b"Connection: close\r\nContent-Length: 0\r\n\r\n"
_BAD = b"HTTP/1.1 400 Bad Request\r\n" + _END
_OTHER_VERSION = b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + _END
_FAILED = b"HTTP/1.1 500 Internal Server Error\r\n" + _END
_log = logging.getLogger(__name__)


class Handshake:
    """One request for a WebSocket."""

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, state: ServerState, app: ASGIApp
    ) -> None:
        self._loop = loop
        self._state = state
        self._app = app
        self._accepting = b""  # the answer 101
        self.socket = Socket(transport, loop, state.connections)  # type: ignore[arg-type]  # uvicorn lists its own classes

    def begin(self, scope: Scope) -> None:
        """Declines what is no proper request (RFC 6455, 4.2.1); else starts the application."""
        headers = Headers(scope=scope)
        key = headers.get("sec-websocket-key", "")
        if scope["method"] != "GET" or not _is_key(key):
            self.socket.decline(_BAD)
            return
        if headers.get("sec-websocket-version") != _VERSION:
            self.socket.decline(_OTHER_VERSION)
            return
        self._accepting = f"{_SWITCHING}Sec-WebSocket-Accept: {accept_key(key)}\r\n\r\n".encode()
        scope["extensions"] = {SOCKET: self.socket}
        task = self._loop.create_task(self._run(scope))
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    async def _run(self, scope: Scope) -> None:
        try:
            await self._app(scope, self._receive, self._send)
        except Exception:  # noqa: BLE001  # the edge: whatever fails in the application ends this socket alone
            _log.exception("a socket could not be opened")
        if not self.socket.listening:
            self.socket.decline(_FAILED)
            self.socket.close(CloseCode.OVERLOADED, "The server failed; connect again in a moment.")

    async def _receive(self) -> Message:
        return {"type": "websocket.connect"}

    async def _send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "websocket.accept":
            self.socket.accept(self._accepting)
        elif kind == "websocket.close":
            code, reason = message.get("code", 1000), message.get("reason") or ""
            if self.socket.phase is Phase.ASKED:  # Starlette found no route; a refusal would look like a network fault
                self.socket.accept(self._accepting)
                code, reason = CloseCode.NO_SUCH_DOCUMENT, "Nothing answers at this address."
            self.socket.close(code, reason)
        else:
            raise RuntimeError(f"{kind} is not spoken here")


def _is_key(key: str) -> bool:
    """Whether it is 16 bytes in base64."""
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except ValueError:
        return False


def socket_of(scope: Scope) -> Socket:
    """Raises RuntimeError under a server that does not run `server.session.http`."""
    socket: Socket | None = scope.get("extensions", {}).get(SOCKET)
    if socket is None:
        raise RuntimeError("sockets need the server of `rollingtext serve`")
    return socket
