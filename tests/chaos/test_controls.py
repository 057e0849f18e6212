"""Builds that break one promise each: the campaign must notice (R4, R1, W5), or it would notice nothing."""

import asyncio
from typing import NamedTuple

import pytest

from tests.chaos.campaign import Campaign
from tests.chaos.stand import standing
from tests.interop.yjs import Yjs

LOOKS = 12
"""Faults after which a build like this has surely been caught."""


class Control(NamedTuple):
    """A module, a piece of its source, what takes its place, the faults that show it, and what is found."""

    module: str
    on: str
    off: str
    fault: str
    found: str


SAVED_FIRST = Control(
    "server.rooms.room",
    "        judged = self._judge(batch)\n        head, given",
    "        judged = self._judge(batch)\n        answer(judged, self.seq)\n        head, given",
    "postgres",
    "was told that these are saved",
)
ANY_HEAD = Control(
    "server.store.record",
    "    if _head(connection, document) != expected:\n        raise HeadMoved(document)\n",
    "    expected = _head(connection, document)\n",
    "redis",  # without turns they meet at the head
    "shows another text",
)
ANY_CLIENT = Control("crdt.gate.claims", "if not self._owns(struct.client):", "if False:", "redis", "(W5)")


@pytest.mark.long
@pytest.mark.parametrize("control", [SAVED_FIRST, ANY_HEAD, ANY_CLIENT], ids=["r4", "r1", "w5"])
def test_a_build_that_breaks_a_promise_is_caught(control: Control) -> None:
    with standing(control[:3]) as stand, Yjs() as yjs:
        campaign = Campaign(stand, yjs, seed=1, typists=6, pause_s=1)
        with pytest.raises(AssertionError) as caught:
            asyncio.run(campaign.run({control.fault: LOOKS}))
        print(caught.value)
        assert control.found in str(caught.value)
