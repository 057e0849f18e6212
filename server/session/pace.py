"""Bounds: what is sent at most so often, what is taken at most so often, and what is kept at most at once."""

import asyncio
from collections.abc import Callable


class Pace:
    """Calls `act` soon after `due`, but not sooner than `interval` seconds after its last call."""

    __slots__ = ("_act", "_interval", "_last", "_loop", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, interval: float, act: Callable[[], None]) -> None:
        self._loop = loop
        self._interval = interval
        self._act = act
        self._last = loop.time() - interval
        self._timer: asyncio.Handle | None = None

    def due(self) -> None:
        if self._timer is None:
            wait = self._last + self._interval - self._loop.time()
            self._timer = self._loop.call_later(wait, self._run) if wait > 0 else self._loop.call_soon(self._run)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _run(self) -> None:
        self._timer = None
        self._last = self._loop.time()
        self._act()


class Bucket:
    """Holds `capacity` tokens and wins `refill` a second. Times are the loop's."""

    __slots__ = ("_at", "_capacity", "_level", "_refill")

    def __init__(self, capacity: float, refill: float, now: float) -> None:
        self._capacity = capacity
        self._refill = refill
        self._level = capacity
        self._at = now

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Whether there were so many; if not, none is taken."""
        self._level = min(self._capacity, self._level + (now - self._at) * self._refill)
        self._at = now
        if self._level < cost:
            return False
        self._level -= cost
        return True


class Budget:
    """Bytes that may be kept, by whoever it is."""

    __slots__ = ("left",)

    def __init__(self, size: int) -> None:
        self.left = size

    def take(self, size: int) -> bool:
        """Whether so many were left; a negative size gives some back."""
        if size > self.left:
            return False
        self.left -= size
        return True
