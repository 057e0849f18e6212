"""When the next batch may begin: at once when quiet, else after a pause that follows what a batch costs.

The pause makes batches grow with load: a busy document costs one commit and one frame per reader and batch. Processes
that write the same document pause together: the second begins when it hears that another leads (docs/decisions/0018).
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

LONGEST = 0.027  # seconds
DUTY = 0.21  # the share of time that the batches of one document may take before they wait for more
_KEPT = 0.7  # how much of the old estimate stays when a new cost is known

LONGEST_SHARED = 0.034  # seconds, where other processes write, too
SHARED = 2.3  # times as long a pause there: a frame then carries their edits and the own ones
_EARLY = 0.5  # of a pause has to be over, for a batch to begin because another process leads


class Window:
    """`clock`: monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pause = 0.0
        self._began = 0.0
        self._open_at = 0.0
        self._hurried = asyncio.Event()

    @property
    def pause(self) -> float:
        """Seconds from the beginning of one batch to the next, if there is always something to do."""
        return self._pause

    def left(self) -> float:
        """Seconds until the next batch may begin; 0: now."""
        return max(0.0, self._open_at - self._clock())

    async def opens(self) -> None:
        """Until the next batch may begin, and at least until whatever else is ready has run."""
        self._hurried.clear()
        if left := self.left():
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._hurried.wait()
        else:
            await asyncio.sleep(0)

    def hurry(self) -> None:
        """Another process leads: what goes out now carries its edits and the own ones in one frame."""
        if self._clock() - self._began >= _EARLY * self._pause:
            self._open_at = self._clock()
            self._hurried.set()

    def spent(self, began: float, cost: float, *, shared: bool = False) -> None:
        """A batch that began then has just ended. It kept the loop busy for `cost` seconds; the rest was the disk's.

        `shared`: other processes write, too.
        """
        longest, cost = (LONGEST_SHARED, SHARED * cost) if shared else (LONGEST, cost)
        self._pause = min(longest, _KEPT * self._pause + (1 - _KEPT) * cost / DUTY)
        self._began, self._open_at = began, began + self._pause
