"""A small server on the real HTTP and socket classes, and raw peers that behave as badly as they like."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.frames import Frame, Opcode

from server.session.handshake import socket_of
from server.session.http import HttpProtocol
from server.session.protocol import Socket

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@dataclass
class Heard:
    """Writes down what a socket says; the listener of every socket of `echo`."""

    socket: Socket
    messages: list[bytes] = field(default_factory=list)
    texts: int = 0
    pings: int = 0
    closes: int = 0

    def message(self, data: bytes) -> None:
        self.messages.append(data)

    def text(self) -> None:
        self.texts += 1

    def pinged(self) -> None:
        self.pings += 1

    def closed(self) -> None:
        self.closes += 1


class Server:
    """`/open` listens, `/refuse` closes with 4401, `/idle` never answers, `/broken` raises, `/large` answers 8 MB."""

    def __init__(self, limit: int | None = None) -> None:
        self.heard: list[Heard] = []
        self.idling = 0  # requests for `/idle`
        self._peers: list[Peer] = []
        routes = [
            WebSocketRoute("/open", self._open),
            WebSocketRoute("/refuse", _refuse),
            WebSocketRoute("/idle", self._idle),
            WebSocketRoute("/broken", _broken),
            Route("/small", _small, methods=["GET", "POST"]),
            Route("/large", _large),
        ]
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                Starlette(routes=routes),
                port=0,
                http=HttpProtocol,
                ws=Socket,
                lifespan="off",
                log_config=None,
                limit_concurrency=limit,
                timeout_graceful_shutdown=5,
            )
        )

    @property
    def port(self) -> int:
        port: int = self._uvicorn.servers[0].sockets[0].getsockname()[1]
        return port

    @property
    def connections(self) -> int:
        return len(self._uvicorn.server_state.connections)

    async def _open(self, websocket: WebSocket) -> None:
        await websocket.accept()
        socket = socket_of(websocket.scope)
        heard = Heard(socket)
        self.heard.append(heard)
        socket.listen(heard)

    async def _idle(self, websocket: WebSocket) -> None:
        self.idling += 1
        await asyncio.Event().wait()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Server"]:
        self._uvicorn.config.load()
        self._uvicorn.lifespan = self._uvicorn.config.lifespan_class(self._uvicorn.config)
        await self._uvicorn.startup()
        try:
            yield self
        finally:
            for peer in self._peers:
                peer.leave()
            await self.stop()

    async def peer(self, path: str | None = None) -> "Peer":
        """A peer that has just connected; with a path: on an open socket."""
        peer = Peer(*await asyncio.open_connection("127.0.0.1", self.port))
        self._peers.append(peer)
        if path is not None:
            answer = await peer.upgrade(path)
            assert b" 101 " in answer, answer
        return peer

    async def stop(self) -> None:
        if self._uvicorn.started:
            self._uvicorn.started = False
            await self._uvicorn.shutdown()


async def _refuse(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close(4401, "sign in again")


async def _broken(websocket: WebSocket) -> None:
    raise ValueError("a bug")


async def _small(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _large(request: Request) -> Response:
    return Response(b"x" * 8_000_000)


class Peer:
    """One TCP connection that may speak WebSocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def upgrade(self, path: str, **headers: str) -> bytes:
        """Asks for a WebSocket; the header of the answer."""
        given = {
            "Host": "test",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": KEY,
            "Sec-WebSocket-Version": "13",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items() if value), "", ""]
        self.writer.write("\r\n".join(lines).encode())
        return await self.reader.readuntil(b"\r\n\r\n")

    def send(self, payload: bytes, opcode: int = 2, *, fin: bool = True) -> None:
        self.writer.write(Frame(Opcode(opcode), payload, fin).serialize(mask=True))

    async def receive(self) -> tuple[int, bytes]:
        """The next frame: its opcode and payload."""
        first, second = await self.reader.readexactly(2)
        size = second & 127
        if size == 126:
            (size,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
        return first & 15, await self.reader.readexactly(size)

    async def close_code(self) -> tuple[int, str]:
        """Reads on to the close frame."""
        while True:
            opcode, payload = await self.receive()
            if opcode == 8:
                return int.from_bytes(payload[:2], "big"), payload[2:].decode()

    async def ended(self) -> bool:
        """Reads on to the end of the connection."""
        try:
            while await self.reader.read(1 << 16):
                pass
        except ConnectionError:
            pass
        return True

    def leave(self) -> None:
        self.writer.transport.abort()
