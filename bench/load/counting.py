"""What arrived: which of the writers' updates a receiver can read, and when it first could."""

from collections.abc import Callable
from hashlib import blake2b

from bench.load.connections import Connection
from bench.load.wire import STEP2, UPDATE, YWebsocket, carried

KEPT = 200_000  # decoded messages: a server that sends all the same bytes is decoded once


class Counter:
    def __init__(self, framing: YWebsocket, writers: dict[int, int]) -> None:
        """`writers`: client id -> how many updates it sends."""
        self.framing = framing
        self.writers = writers
        self._seen: dict[bytes, tuple[list[tuple[int, int, int]], bytes]] = {}

    def read(self, message: bytes) -> tuple[list[tuple[int, int, int]], bytes]:
        """The stretches of clocks that a message carries, and its update."""
        found = self._seen.get(message)
        if found is None:
            step, body = self.framing.read(message)
            found = (carried(body), body) if step in (STEP2, UPDATE) else ([], b"")
            if len(self._seen) > KEPT:
                self._seen.clear()
            self._seen[message] = found
        return found

    def account(
        self,
        connection: Connection,
        stretches: list[tuple[int, int, int]],
        own: int | None,
        on_new: Callable[[int, int, int], None] | None = None,
    ) -> None:
        """Takes over what others wrote; `on_new`: client, clocks from and to that have become readable."""
        for client, start, end in stretches:
            if client == own or client not in self.writers:
                continue
            early = connection.early.setdefault(client, [])
            early.append((start, end))
            clock = connection.clocks.get(client, 0)
            if start > clock:
                connection.holes += 1
                continue
            early.sort()
            while early and early[0][0] <= clock:
                _, reaches = early.pop(0)
                if reaches > clock:
                    connection.delivered += reaches - clock
                    if on_new:
                        on_new(client, clock, reaches)
                    clock = reaches
            connection.clocks[client] = clock

    def complete(self, connection: Connection, own: int | None) -> tuple[bool, str]:
        """Has it everything? And a digest of what it has."""
        state = {**connection.clocks} | ({own: self.writers[own]} if own is not None else {})
        digest = blake2b(repr(sorted(state.items())).encode(), digest_size=6).hexdigest()
        return state == self.writers, digest
