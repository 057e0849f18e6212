"""When the next batch may begin: at once when quiet, else after a pause that follows what a batch costs.

The pause makes batches grow with load: a busy document costs one commit and one frame per reader and batch.
"""

from collections.abc import Callable

LONGEST = 0.027  # seconds
DUTY = 0.21  # the share of time that the batches of one document may take before they wait for more
_KEPT = 0.7  # how much of the old estimate stays when a new cost is known


class Window:
    """`clock`: monotonic seconds."""

    def __init__(self, clock: Callable[[], float], longest: float = LONGEST) -> None:
        self._clock = clock
        self._longest = longest
        self._pause = 0.0
        self._open_at = 0.0

    def left(self) -> float:
        """Seconds until the next batch may begin; 0: now."""
        return max(0.0, self._open_at - self._clock())

    def spent(self, began: float, cost: float) -> None:
        """A batch that began then has just ended. It kept the loop busy for `cost` seconds; the rest was the disk's."""
        self._pause = min(self._longest, _KEPT * self._pause + (1 - _KEPT) * cost / DUTY)
        self._open_at = began + self._pause
