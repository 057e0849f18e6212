"""How soon a lock is seen: many clients on one document, and a chair who agrees on its paragraphs one after another.

    python -m bench.locks [--clients 200] [--locks 40] [--paragraphs 300]

Prints a line of JSON, in milliseconds: from the chair's having the answer to the client's having the event, over all
clients and locks (below zero: the client had it first); and what the request itself took. The clients are a process of
their own, which only waits for bytes.
"""

import argparse
import json
import os
import select
import socket
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.meetings import Person, TestMeeting
from tests.processes import ServerProcess

EVENT = b'"kind":"lock"'
PAUSE_S = 0.1  # between two locks
QUIET_S = 2.0  # after the last one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--locks", type=int, default=40)
    parser.add_argument("--paragraphs", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        server = ServerProcess(Path(directory) / "data")
        server.start()
        try:
            with server.admin() as admin:
                text = "\n\n".join(f"Paragraph {number} shall be agreed." for number in range(given.paragraphs))
                meeting = TestMeeting.make(server, admin, text)
                print(json.dumps(_measured(meeting, given.clients, given.locks)))
        finally:
            server.end()


def _measured(meeting: TestMeeting, clients: int, locks: int) -> dict[str, Any]:
    delegate, chair = meeting.join(), meeting.join("chair", None)
    sockets = [_connected(meeting, delegate) for _ in range(clients)]
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.nice(5)
        os.write(writing, json.dumps(_arrivals(sockets, locks)).encode())
        os._exit(0)
    os.close(writing)
    with meeting.server.client(chair.token) as client:
        answered, took = _agreed(client, meeting, locks)
    arrived: list[list[float]] = json.loads(_all(reading))
    os.waitpid(child, 0)
    seen = [(at - answered[number]) * 1000 for each in arrived for number, at in enumerate(each)]
    return {
        "clients": clients,
        "locks": locks,
        "seen": len(seen),
        "median_ms": round(statistics.median(seen), 1),
        "p99_ms": round(statistics.quantiles(seen, n=100)[-1], 1),
        "max_ms": round(max(seen), 1),
        "request_median_ms": round(statistics.median(took) * 1000, 1),
    }


def _connected(meeting: TestMeeting, person: Person) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", meeting.server.port))
    lines = (
        f"GET /ws/documents/{meeting.document}?v=1 HTTP/1.1",
        f"Host: 127.0.0.1:{meeting.server.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Authorization: Bearer {person.token}",
    )
    made.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    got = b""
    while b'"type":"welcome"' not in got:
        part = made.recv(65_536)
        assert part, got
        got += part
    return made


def _arrivals(sockets: Sequence[socket.socket], locks: int) -> list[list[float]]:
    """When each client had each lock."""
    poll = select.epoll()
    by = {each.fileno(): each for each in sockets}
    for descriptor in by:
        poll.register(descriptor, select.EPOLLIN)
    rests = dict.fromkeys(by, b"")
    arrived: dict[int, list[float]] = {descriptor: [] for descriptor in by}
    until = time.perf_counter() + locks * (PAUSE_S + 1) + QUIET_S
    while time.perf_counter() < until and any(len(each) < locks for each in arrived.values()):
        for descriptor, _ in poll.poll(0.1):
            data = rests[descriptor] + by[descriptor].recv(65_536)
            arrived[descriptor] += [time.perf_counter()] * data.count(EVENT)
            rests[descriptor] = data[-len(EVENT) + 1 :]  # an event may come in two parts
    return list(arrived.values())


def _agreed(client: httpx.Client, meeting: TestMeeting, locks: int) -> tuple[list[float], list[float]]:
    """When the chair had each answer, and how long it took."""
    answered, took = [], []
    for paragraph in meeting.paragraphs()["paragraphs"][:locks]:
        body = {"digest": paragraph["digest"], "status": "agreed"}
        began = time.perf_counter()
        answer = client.put(f"/api/documents/{meeting.document}/paragraphs/{paragraph['id']}/lock", json=body)
        answered.append(time.perf_counter())
        took.append(answered[-1] - began)
        assert answer.status_code == 200, answer.text
        time.sleep(PAUSE_S)
    return answered, took


def _all(reading: int) -> bytes:
    found = b""
    while part := os.read(reading, 65_536):
        found += part
    return found


if __name__ == "__main__":
    main()
