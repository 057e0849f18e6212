"""Many sockets at once, each opened, signed in and synchronised."""

import select
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from bench.load.wire import BINARY, CLOSE, PING, PONG, STEP1, STEP2, UPDATE, YWebsocket, client_frame, split_frames

now = time.perf_counter
WRITER, OBSERVER = "writer", "observer"
TIMEOUT = 60.0  # seconds for all to be there


@dataclass(frozen=True)
class Target:
    """Where to connect. `path` may hold `{document}`; `headers` by role.

    With several ports (processes of one server), those of one role take them in turn.
    """

    host: str
    ports: tuple[int, ...]
    path: str
    framing: type[YWebsocket]
    headers: dict[str, list[str]]

    def request(self, document: str, role: str) -> bytes:
        lines = [
            f"GET {self.path.replace('{document}', quote(document))} HTTP/1.1",
            f"Host: {self.host}:{self.ports[0]}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            *self.headers.get(role, []),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(eq=False)
class Connection:
    """One socket and what came through it."""

    document: str
    role: str
    index: int  # among those of its role
    framing: YWebsocket
    sock: socket.socket
    opened_at: float
    buffer: bytes = b""
    upgraded: bool = False
    asked: bool = False
    synced_at: float = 0.0
    state: bytes = b""  # the server's answer to step 1
    closed: bool = False
    frames: int = 0
    size: int = 0  # bytes received
    received: list[bytes] = field(default_factory=list)  # raw bytes, or bodies of updates
    clocks: dict[int, int] = field(default_factory=dict)  # by writer: the clock up to which there is no hole
    early: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # what came before what stands before it
    delivered: int = 0
    holes: int = 0

    def messages(self) -> Iterator[bytes]:
        """Whole messages in the buffer, which they leave; pings are answered."""
        frames, used = split_frames(self.buffer)
        for opcode, _, start, end in frames:
            if opcode == PING:
                self.sock.send(client_frame(self.buffer[start:end], PONG))
            elif opcode == CLOSE:
                raise ConnectionError(f"closed by the server: {self.buffer[start:end]!r}")
            elif opcode == BINARY:
                yield self.buffer[start:end]
        self.buffer = self.buffer[used:]


@dataclass
class _Opening:
    target: Target
    waiting: list[tuple[str, str, int]]
    at_once: int
    least: int  # bytes that the server's state must have
    live: dict[int, Connection] = field(default_factory=dict)
    done: list[Connection] = field(default_factory=list)
    failed: int = 0
    poll: select.epoll = field(default_factory=select.epoll)

    def run(self) -> None:
        until = now() + TIMEOUT
        while (self.waiting or self.live) and now() < until:
            while self.waiting and len(self.live) < self.at_once:
                self._start(*self.waiting.pop())
            for descriptor, event in self.poll.poll(1.0):
                self._serve(self.live[descriptor], event)
        self.failed += len(self.live) + len(self.waiting)
        self.poll.close()

    def _start(self, document: str, role: str, index: int) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        sock.connect_ex((self.target.host, self.target.ports[index % len(self.target.ports)]))
        self.live[sock.fileno()] = Connection(document, role, index, self.target.framing(document), sock, now())
        self.poll.register(sock.fileno(), select.EPOLLOUT)

    def _serve(self, connection: Connection, event: int) -> None:
        try:
            if not connection.asked and event & select.EPOLLOUT:
                connection.sock.send(self.target.request(connection.document, connection.role))
                connection.asked = True
                self.poll.modify(connection.sock.fileno(), select.EPOLLIN)
            else:
                self._receive(connection)
        except OSError as error:
            self.failed += 1
            if self.failed <= 3:
                print("cannot connect:", connection.role, connection.index, error, file=sys.stderr)
            self._leave(connection)
            connection.sock.close()
            return
        if connection.synced_at:
            self._leave(connection)
            self.done.append(connection)

    def _leave(self, connection: Connection) -> None:
        self.poll.unregister(connection.sock.fileno())
        del self.live[connection.sock.fileno()]

    def _receive(self, connection: Connection) -> None:
        data = connection.sock.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        connection.buffer += data
        if not connection.upgraded:
            head, parted, rest = connection.buffer.partition(b"\r\n\r\n")
            if not parted:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(head[:200].decode(errors="replace"))
            connection.buffer, connection.upgraded = rest, True
            for message in connection.framing.hello():
                connection.sock.send(client_frame(message))
        for message in connection.messages():
            self._message(connection, message)

    def _message(self, connection: Connection, message: bytes) -> None:
        step, body = connection.framing.read(message)
        if step == STEP1:
            connection.sock.send(client_frame(connection.framing.sync(STEP2, b"\0\0")))
        elif step in (STEP2, UPDATE) and not connection.synced_at:
            connection.state = max(connection.state, body, key=len)
            if len(body) >= self.least:
                connection.synced_at = now()


def connect(
    target: Target, wanted: Sequence[tuple[str, str, int]], *, at_once: int = 20, least: int = 2
) -> tuple[list[Connection], float]:
    """Connects for each (document, role, index) and waits for its state; how long it took. Fails if one fails."""
    begun = now()
    opening = _Opening(target, list(reversed(wanted)), at_once, least)
    opening.run()
    if opening.failed:
        raise SystemExit(f"{opening.failed} of {len(wanted)} connections failed")
    return opening.done, now() - begun


def fill(target: Target, document: str, state: bytes) -> Connection:
    """Gives an empty document its text, and waits until a newcomer gets it. The connection that wrote it stays: some
    servers forget a document that nobody is in."""
    (writer,), _ = connect(target, [(document, WRITER, 0)], least=0)
    writer.sock.setblocking(True)
    writer.sock.sendall(client_frame(writer.framing.sync(UPDATE, state)))
    until = now() + TIMEOUT
    while now() < until:
        time.sleep(0.1)
        (reader,), _ = connect(target, [(document, OBSERVER, 0)], least=0)
        reader.sock.close()
        if len(reader.state) > len(state) // 2:
            return writer
    raise SystemExit("the document does not take its text")
