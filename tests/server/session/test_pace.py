"""Rates, with time as an argument (W7)."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from server.session.pace import Bucket, Pace
from server.session.session import UPDATES


class Loop:
    """Time passes when told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self._due: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, act: Callable[[], None]) -> object:
        self._due.append((self.now + delay, act))
        return self

    def call_soon(self, act: Callable[[], None]) -> object:
        return self.call_later(0.0, act)

    def cancel(self) -> None:
        self._due.clear()

    def pass_to(self, moment: float) -> None:
        while ready := sorted((entry for entry in self._due if entry[0] <= moment), key=lambda entry: entry[0]):
            at, act = ready[0]
            self._due.remove(ready[0])
            self.now = max(self.now, at)
            act()
        self.now = moment


@given(st.lists(st.floats(0, 3), max_size=60))
def test_a_pace_acts_soon_after_it_is_due_and_never_faster_than_it_may(moments: list[float]) -> None:
    loop, acted = Loop(), []
    pace = Pace(cast(asyncio.AbstractEventLoop, cast(Any, loop)), 1.0, lambda: acted.append(loop.now))
    for moment in sorted(moments):
        loop.pass_to(100 + moment)
        pace.due()
        loop.pass_to(100 + moment)
    loop.pass_to(200)
    assert all(later - earlier > 0.999 for earlier, later in pairwise(acted))
    assert bool(acted) == bool(moments)
    assert not moments or acted[0] == 100 + min(moments)
    assert not moments or acted[-1] >= 100 + max(moments) - 1e-9


def test_w7_an_honest_client_may_send_thirty_a_second_for_ever_and_bursts_of_a_hundred() -> None:
    bucket = Bucket(*UPDATES, now=0.0)
    for second in range(600):
        burst = 100 if second % 10 == 0 else 30
        assert all(bucket.take(float(second)) for _ in range(burst))


def test_w7_a_flood_finds_the_bucket_empty_and_it_fills_again() -> None:
    bucket = Bucket(*UPDATES, now=0.0)
    assert sum(bucket.take(0.0) for _ in range(1000)) == 200
    assert sum(bucket.take(1.0) for _ in range(1000)) == 60
    assert sum(bucket.take(1000.0) for _ in range(1000)) == 200


def test_a_cost_that_is_not_covered_takes_nothing() -> None:
    bucket = Bucket(10, 1, now=0.0)
    assert not bucket.take(0.0, 11)
    assert bucket.take(0.0, 10)
