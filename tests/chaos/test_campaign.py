"""R4 and W3 under every fault: nothing that was said to be saved is lost or doubled, and all agree (C2)."""

from collections.abc import Iterator

import pytest

from tests.chaos.campaign import Campaign
from tests.chaos.stand import Stand, standing
from tests.interop.yjs import Yjs

PART = {"kill": 30, "redis": 10, "postgres": 10, "partition": 5, "pause": 5, "full_disk": 3, "clock": 3}
"""A tenth of what `make chaos` does: five minutes."""


@pytest.fixture
def stand() -> Iterator[Stand]:
    with standing(clocks=True) as stand:
        yield stand


@pytest.fixture
def yjs() -> Iterator[Yjs]:
    with Yjs() as yjs:
        yield yjs


async def test_r4_w3_every_fault_for_five_minutes(stand: Stand, yjs: Yjs) -> None:
    """Beside other tests: how soon a process recovers on a machine that is busy with these says nothing."""
    print(await Campaign(stand, yjs, seed=1, typists=20, pause_s=10).run(PART))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(101, 111))
async def test_r4_w3_every_fault_many_times(stand: Stand, yjs: Yjs, seed: int) -> None:
    print(await Campaign(stand, yjs, seed, typists=20, pause_s=10, recovery_s=5).run(PART))
