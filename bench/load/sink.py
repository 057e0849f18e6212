"""Most receivers are read by a child process that only keeps bytes, and decodes them once everything is quiet."""

import json
import os
import select
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from bench.load.connections import Connection, now
from bench.load.counting import Counter
from bench.load.wire import BINARY, PING, PONG, client_frame, split_frames

PINGED_AFTER = 12.0  # seconds: in longer runs servers ask whether one is still there
QUIET, DRAIN = 0.7, 12.0  # seconds: the run ends after so long a silence, or so long after the last send


@dataclass
class Totals:
    """What the receivers got, together."""

    frames: int = 0
    size: int = 0
    delivered: int = 0
    closed: int = 0
    holes: int = 0
    incomplete: int = 0
    last: float = 0.0  # when something last came
    cpu: float = 0.0  # seconds that reading took
    states: dict[str, int] = field(default_factory=dict)  # digest -> how many receivers

    def add(self, connection: Connection, counter: Counter, own: int | None) -> None:
        self.frames += connection.frames
        self.size += connection.size
        self.delivered += connection.delivered
        self.closed += connection.closed
        self.holes += connection.holes
        complete, digest = counter.complete(connection, own)
        self.incomplete += not complete
        self.states[digest] = self.states.get(digest, 0) + 1


class Sink:
    """Started before the run; `stop` says that sending is over, `result` waits for the silence after it."""

    def __init__(
        self, connections: Sequence[Connection], counter: Counter, own: dict[int, int], duration: float
    ) -> None:
        commands, self._commands = os.pipe()
        self._answers, answers = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(self._commands)
            os.close(self._answers)
            totals = _read(connections, commands, counter, own, answers_pings=duration > PINGED_AFTER)
            os.write(answers, json.dumps(asdict(totals)).encode())
            os._exit(0)
        os.close(commands)
        os.close(answers)

    def stop(self) -> None:
        os.write(self._commands, b"x")

    def result(self) -> Totals:
        answer = b""
        while part := os.read(self._answers, 65_536):
            answer += part
        os.waitpid(self._child, 0)
        return Totals(**json.loads(answer))


def _read(
    connections: Sequence[Connection], commands: int, counter: Counter, own: dict[int, int], *, answers_pings: bool
) -> Totals:
    os.nice(5)
    last = _receive({each.sock.fileno(): each for each in connections}, commands, answers_pings=answers_pings)
    totals = Totals(last=last)
    cpu = os.times()
    totals.cpu = cpu.user + cpu.system
    for connection in connections:
        _decode(connection, counter, own.get(connection.index) if connection.role == "writer" else None)
        totals.add(connection, counter, own.get(connection.index) if connection.role == "writer" else None)
    return totals


def _receive(by: dict[int, Connection], commands: int, *, answers_pings: bool) -> float:
    """Keeps what comes; when something last came."""
    poll = select.epoll()
    for descriptor, connection in by.items():
        poll.register(descriptor, select.EPOLLIN)
        connection.received = [connection.buffer] if connection.buffer else []
    poll.register(commands, select.EPOLLIN)
    last, ended = now(), 0.0
    while not ended or (now() - last <= QUIET and now() - ended <= DRAIN):
        for descriptor, _ in poll.poll(0.1):
            if descriptor == commands:
                os.read(commands, 1)
                poll.unregister(commands)
                ended = now()
                continue
            connection = by[descriptor]
            data = _received(connection)
            if not data:
                connection.closed = True
                poll.unregister(descriptor)
                continue
            last = now()
            connection.received.append(data)
            if answers_pings:
                _answer_pings(connection, data)
    return last


def _received(connection: Connection) -> bytes:
    try:
        return connection.sock.recv(32_768)
    except OSError:
        return b""


def _answer_pings(connection: Connection, data: bytes) -> None:
    connection.buffer += data
    frames, used = split_frames(connection.buffer)
    for opcode, _, start, end in frames:
        if opcode == PING:
            connection.sock.send(client_frame(connection.buffer[start:end], PONG))
    connection.buffer = connection.buffer[used:]


def _decode(connection: Connection, counter: Counter, own: int | None) -> None:
    data = b"".join(connection.received)
    frames, _ = split_frames(data)
    connection.frames, connection.size = len(frames), len(data)
    begun = b""
    for opcode, final, start, end in frames:
        if opcode == BINARY or (opcode == 0 and begun):
            begun += data[start:end]
            if final:
                counter.account(connection, counter.read(begun)[0], own)
                begun = b""
