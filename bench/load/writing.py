"""The scenario `writing`: writers type, each into a paragraph of its own, others read."""

import gc
import os
import random
import select
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bench.load import documents
from bench.load.connections import OBSERVER, WRITER, Connection, Target, connect, fill, now
from bench.load.counting import Counter
from bench.load.process import Usage, usage
from bench.load.sink import DRAIN, QUIET, Sink, Totals
from bench.load.wire import UPDATE, client_frame

WARM_UP = 0.2  # of the updates: their latency is not counted
SETTLE = 0.5  # seconds


@dataclass(frozen=True)
class Terms:
    """Who takes part, and how."""

    writers: int
    rate: float  # updates per second of each
    observers: int
    duration: float  # seconds
    paragraphs: int = 100
    characters: int = 100  # of each paragraph at the start
    sampled: int = 8  # receivers that are decoded live
    rebuilt: int = 2  # of those, whose text is rebuilt and compared

    @property
    def updates(self) -> int:
        """Of each writer."""
        return int(self.duration * self.rate)


@dataclass
class _Run:
    """One run: `own` is a writer's client id by its index, `sent` when each of its updates went out."""

    terms: Terms
    counter: Counter
    own: dict[int, int]
    writers: Sequence[Connection]
    sampled: Sequence[Connection]
    frames: Sequence[Sequence[bytes]]
    sent: dict[int, list[float]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    slips: list[float] = field(default_factory=list)
    blocked: int = 0
    last_received: float = 0.0

    def go(self, sink: Sink) -> tuple[float, float]:
        """When it began, and when the last update was sent."""
        poll = select.epoll()
        by = {connection.sock.fileno(): connection for connection in self.sampled}
        for descriptor in by:
            poll.register(descriptor, select.EPOLLIN)
        schedule = self._schedule()
        begun, place, ended = now() + 0.05, 0, 0.0
        while not ended or (now() - self.last_received <= QUIET and now() - ended <= DRAIN):
            while place < len(schedule) and schedule[place][0] + begun <= now():
                due, writer, update = schedule[place]
                self._send(writer, update, due + begun)
                place += 1
            if place == len(schedule) and not ended:
                ended = self.last_received = now()
                sink.stop()
            wait = schedule[place][0] + begun - now() if place < len(schedule) else 0.05
            for descriptor, _ in poll.poll(max(0.0, min(wait, 0.05))):
                if not self._receive(by[descriptor]):
                    poll.unregister(descriptor)
        return begun, ended

    def _schedule(self) -> list[tuple[float, int, int]]:
        """(due, writer, update): each writer at its own phase."""
        chance, rate = random.Random(1), self.terms.rate
        phases = [chance.random() / rate for _ in self.writers]
        return sorted(
            (phase + update / rate, writer, update)
            for writer, phase in enumerate(phases)
            for update in range(self.terms.updates)
        )

    def _send(self, writer: int, update: int, due: float) -> None:
        frame, sock = self.frames[writer][update], self.writers[writer].sock
        at = self.sent[self.own[writer]][update] = now()
        try:
            done = sock.send(frame)
        except BlockingIOError:
            done = 0
        if done < len(frame):  # the server does not read fast enough
            self.blocked += 1
            sock.setblocking(True)
            sock.sendall(frame[done:])
            sock.setblocking(False)
        self.slips.append(at - due)

    def _receive(self, connection: Connection) -> bool:
        try:
            data = connection.sock.recv(65_536)
        except BlockingIOError:
            return True
        except OSError:
            data = b""
        if not data:
            connection.closed = True
            return False
        self.last_received = at = now()
        connection.size += len(data)
        connection.buffer += data
        own = self.own[connection.index] if connection.role == WRITER else None
        warm = int(self.terms.updates * WARM_UP)

        def timed(client: int, start: int, end: int) -> None:
            sent = self.sent[client]
            self.latencies += [at - sent[clock] for clock in range(max(start, warm), end)]

        for message in connection.messages():
            connection.frames += 1
            stretches, body = self.counter.read(message)
            if stretches:
                self.counter.account(connection, stretches, own, timed)
                connection.received.append(body)
        return True


def run(target: Target, document: str, pids: Sequence[int], terms: Terms) -> dict[str, object]:
    state = documents.seed(max(terms.paragraphs, terms.writers), terms.characters)
    typing = documents.typing(state, terms.writers, terms.updates)
    own = {index: client for index, (client, _) in enumerate(typing)}
    framing = target.framing(document)
    frames = [[client_frame(framing.sync(UPDATE, update)) for update in updates] for _, updates in typing]
    filler = fill(target, document, state)
    wanted = [(document, WRITER, index) for index in range(terms.writers)]
    wanted += [(document, OBSERVER, index) for index in range(terms.observers)]
    random.shuffle(wanted)
    connections, connecting = connect(target, wanted, least=len(state) // 2)
    filler.sock.close()
    writers = sorted((each for each in connections if each.role == WRITER), key=lambda each: each.index)
    readers = [each for each in connections if each.role == OBSERVER] or connections
    count = min(terms.sampled, len(readers))
    sampled = [readers[int((place + 0.5) * len(readers) / count)] for place in range(count)]
    counter = Counter(framing, dict.fromkeys(own.values(), terms.updates))
    sent = {client: [0.0] * terms.updates for client in own.values()}
    this = _Run(terms, counter, own, writers, sampled, frames, sent)
    gc.collect()
    gc.freeze()
    gc.disable()
    time.sleep(SETTLE)
    sink = Sink([each for each in connections if each not in sampled], counter, own, terms.duration)
    with suppress(OSError):
        os.nice(-10)  # only root may
    before = usage(*pids)
    begun, ended = this.go(sink)
    after = usage(*pids)
    totals = sink.result()
    if totals.last > this.last_received + QUIET:  # the others came later than those that were decoded live
        after = usage(*pids)
    last = max(totals.last, this.last_received)
    for connection in sampled:
        totals.add(connection, counter, own[connection.index] if connection.role == WRITER else None)
    same = _same_text(state, typing, sampled[: terms.rebuilt])
    return _result(this, totals, before, after, last - begun) | {
        "drain_s": round(max(0.0, last - ended), 2),
        "connect_s": round(connecting, 2),
        "converged": totals.incomplete == 0 and len(totals.states) == 1 and same,
    }


def _same_text(state: bytes, typing: Sequence[tuple[int, list[bytes]]], receivers: Sequence[Connection]) -> bool:
    """Does what they received make the text of everything that was sent?"""
    whole = documents.opened(state)
    for _, updates in typing:
        for update in updates:
            whole.apply_update(update)
    texts = {str(documents.text_of(whole))}
    for receiver in receivers:
        document = documents.opened(state)
        own = typing[receiver.index][1] if receiver.role == WRITER else []
        for update in (*own, *receiver.received):
            document.apply_update(update)
        texts.add(str(documents.text_of(document)))
    return len(texts) == 1


def _result(this: _Run, totals: Totals, before: Usage, after: Usage, span: float) -> dict[str, object]:
    terms = this.terms
    delivered = max(1, totals.delivered)
    latencies, slips = sorted(this.latencies), sorted(this.slips)
    cpu = after.cpu - before.cpu
    return {
        "scenario": "writing",
        "writers": terms.writers,
        "rate": terms.rate,
        "observers": terms.observers,
        "p50_ms": percentile(latencies, 50),
        "p95_ms": percentile(latencies, 95),
        "p99_ms": percentile(latencies, 99),
        "max_ms": percentile(latencies, 100),
        "delivered": totals.delivered,
        "expected": terms.writers * terms.updates * (terms.writers - 1 + terms.observers),
        "frames_per_delivery": round(totals.frames / delivered, 3),
        "bytes_per_delivery": round(totals.size / delivered, 1),
        "span_s": round(span, 2),
        "server_cpu_s": round(cpu, 3),
        "cpu_share": round(cpu / span, 3),
        "cpu_us_per_delivery": round(cpu / delivered * 1e6, 3),
        "server_memory_mb": round(after.memory / 1024, 1),
        "incomplete": totals.incomplete,
        "closed": totals.closed,
        "holes": totals.holes,
        "slip_p99_ms": percentile(slips, 99),
        "blocked": this.blocked,
    }


def percentile(values: Sequence[float], percent: int) -> float | None:
    """In milliseconds, of sorted seconds."""
    if not values:
        return None
    return round(values[min(len(values) - 1, int(percent / 100 * len(values)))] * 1000, 2)
