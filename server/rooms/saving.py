"""Patience with a database that fails: what is to be saved is kept and tried again until it is saved (R4)."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from server import metrics
from server.store import Unavailable

R = TypeVar("R")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon a failing database is asked again, in seconds: after `first`, then twice as long each time.

    If it fails within `again` seconds after people were told that saving goes on, they are told so the next time only
    when it has not failed for `calm` seconds: on a disk that is almost full small writes succeed and others do not.
    """

    first: float = 0.05
    longest: float = 2.0
    again: float = 30.0
    calm: float = 10.0


PACE = Pace()


class Patience:
    """`failing`: whether the database is, now; `on_failure` is called whenever that begins. `held`: what people are
    told of it; `on_change` is called whenever that changes."""

    def __init__(
        self, document_id: str, pace: Pace, on_failure: Callable[[], None], on_change: Callable[[bool], None]
    ) -> None:
        self.failing = False
        self.held = False
        self._document_id = document_id
        self._pace = pace
        self._on_failure = on_failure
        self._on_change = on_change
        self._resumed_at = -math.inf
        self._relapsed = False  # whether it failed again soon after that
        self._calm: asyncio.TimerHandle | None = None  # when it runs out, saving goes on

    async def until_done(self, work: Callable[[], Awaitable[R]]) -> R:
        """What `work` returns, however often it must be tried; everything but Unavailable passes through."""
        delay = self._pace.first
        while True:
            try:
                done = await work()
            except Unavailable as error:
                metrics.COMMIT_FAILURES.inc()
                self._fail(error)
            else:
                self._succeed()
                return done
            await asyncio.sleep(delay)
            delay = min(2 * delay, self._pace.longest)

    def release(self) -> None:
        """The room closes, and nobody waits any more."""
        self.failing = False
        self._resume()

    def _fail(self, error: Unavailable) -> None:
        if not self.failing:
            self.failing = True
            self._stop_waiting()
            self._on_failure()
        if not self.held:
            log.warning("saving is held up", extra={"document": self._document_id, "cause": str(error)})
            self.held = True
            metrics.SAVING_HELD.inc()
            self._on_change(True)
            self._relapsed = asyncio.get_running_loop().time() - self._resumed_at < self._pace.again

    def _succeed(self) -> None:
        if self.failing:
            self.failing = False
            if self._relapsed:
                self._calm = asyncio.get_running_loop().call_later(self._pace.calm, self._resume)
            else:
                self._resume()

    def _resume(self) -> None:
        self._stop_waiting()
        if self.held:
            log.info("saving goes on", extra={"document": self._document_id})
            self.held = False
            metrics.SAVING_HELD.dec()
            self._resumed_at = asyncio.get_running_loop().time()
            self._on_change(False)

    def _stop_waiting(self) -> None:
        if self._calm is not None:
            self._calm.cancel()
            self._calm = None
