"""Patience with a database that fails: what is to be saved is kept and tried again until it is saved (R4)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from server import metrics
from server.store import Unavailable

R = TypeVar("R")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon a failing database is asked again, in seconds: after `first`, then twice as long each time."""

    first: float = 0.05
    longest: float = 2.0


PACE = Pace()


class Patience:
    """`held` while the database fails. `on_change` is called whenever that begins or ends."""

    def __init__(self, document_id: str, pace: Pace, on_change: Callable[[bool], None]) -> None:
        self.held = False
        self._document_id = document_id
        self._pace = pace
        self._on_change = on_change

    async def until_done(self, work: Callable[[], Awaitable[R]]) -> R:
        """What `work` returns, however often it must be tried; everything but Unavailable passes through."""
        delay = self._pace.first
        while True:
            try:
                done = await work()
            except Unavailable as error:
                metrics.COMMIT_FAILURES.inc()
                self._hold(error)
            else:
                self.release()
                return done
            await asyncio.sleep(delay)
            delay = min(2 * delay, self._pace.longest)

    def _hold(self, error: Unavailable) -> None:
        if not self.held:
            log.warning("saving is held up", extra={"document": self._document_id, "cause": str(error)})
            self.held = True
            metrics.SAVING_HELD.inc()
            self._on_change(True)

    def release(self) -> None:
        """Also when the room closes: then nobody waits any more."""
        if self.held:
            log.info("saving goes on", extra={"document": self._document_id})
            self.held = False
            metrics.SAVING_HELD.dec()
            self._on_change(False)
