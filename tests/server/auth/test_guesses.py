"""Wrong links, counted for each address."""

import pytest

from server.auth.guesses import BURST, REFILL_S, Guesses
from server.errors import Code, Problem
from server.fanout import LocalFanout


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def guess(guesses: Guesses, address: str) -> None:
    guesses.check(address)
    guesses.missed(address)


async def test_after_a_burst_an_address_waits() -> None:
    clock = Clock()
    guesses = Guesses(LocalFanout(), clock)
    for _ in range(BURST):
        guess(guesses, "192.0.2.1")
    with pytest.raises(Problem) as refusal:
        guesses.check("192.0.2.1")
    assert refusal.value.code is Code.TOO_MANY_REQUESTS
    clock.now += float(refusal.value.headers["Retry-After"])
    guess(guesses, "192.0.2.1")
    with pytest.raises(Problem):
        guesses.check("192.0.2.1")
    clock.now += BURST * REFILL_S
    for _ in range(BURST):
        guess(guesses, "192.0.2.1")


async def test_others_are_not_concerned() -> None:
    guesses = Guesses(LocalFanout(), Clock())
    for _ in range(BURST):
        guess(guesses, "192.0.2.1")
    guesses.check("192.0.2.2")


async def test_one_host_of_ipv6_is_one_address() -> None:
    guesses = Guesses(LocalFanout(), Clock())
    for each in range(BURST):
        guess(guesses, f"2001:db8::{each:x}")
    with pytest.raises(Problem):
        guesses.check("2001:db8::ffff")
    guesses.check("2001:db8:0:1::1")
