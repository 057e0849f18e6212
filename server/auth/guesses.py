"""How often an address may present what is no invitation: somebody who tries links is slowed down."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from server.errors import Code, Problem
from server.fanout import EVERYBODY, Fanout, Missed

BURST = 20  # wrong tokens at once
REFILL_S = 3.0  # seconds until one more may be tried
_REMEMBERED = 10_000  # addresses


class Guesses:
    """A bucket for each address that has guessed wrong, in whatever process; those that have not cost nothing."""

    def __init__(self, fanout: Fanout, clock: Callable[[], float] = time.monotonic) -> None:
        self._fanout = fanout
        self._process = secrets.token_hex(8)
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()  # when each bucket will be full again
        fanout.watch(Missed, EVERYBODY, self._hear)

    def check(self, address: str) -> None:
        """Raises Problem when this address has guessed too often."""
        wait = self._full_at.get(_network(address), 0.0) - self._clock() - (BURST - 1) * REFILL_S
        if wait > 0:
            raise Problem(
                Code.TOO_MANY_REQUESTS,
                "Too many links that are not valid came from your address; try again later.",
                headers={"Retry-After": str(ceil(wait))},
            )

    def missed(self, address: str) -> None:
        """Counts one wrong token."""
        network = _network(address)
        self._count(network)
        self._fanout.tell(Missed(self._process, network))

    def _hear(self, missed: Missed) -> None:
        if missed.process != self._process:
            self._count(missed.network)

    def _count(self, network: str) -> None:
        now = self._clock()
        self._full_at[network] = max(self._full_at.get(network, now), now) + REFILL_S
        self._full_at.move_to_end(network)
        if len(self._full_at) > _REMEMBERED:
            self._full_at.popitem(last=False)


def _network(address: str) -> str:
    """One host has many addresses of IPv6: its /64 counts."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
