"""A database that fails now and then: what is to be saved is tried until it is, and people are not told on and off."""

import asyncio

from server import metrics
from server.rooms.saving import Pace, Patience
from server.store import Unavailable
from tests.server.rooms.waiting import until


class Saving:
    """Writes that fail so many times, and all that was told meanwhile."""

    def __init__(self, *, again: float, calm: float) -> None:
        self.told: list[str] = []
        self._left = 0
        pace = Pace(first=0.001, longest=0.001, again=again, calm=calm)
        self.patience = Patience("d", pace, lambda: self.told.append("failed"), self._tell)

    def _tell(self, held: bool) -> None:
        self.told.append("held" if held else "resumed")

    async def write(self, *failures: int) -> None:
        """One after another, each of which succeeds after so many failures."""
        for self._left in failures:
            assert await self.patience.until_done(self._work) == "written"
            assert not self.patience.failing

    async def _work(self) -> str:
        self._left -= 1
        if self._left >= 0:
            raise Unavailable("no room on the disk")
        return "written"


async def test_people_are_told_at_once_that_saving_goes_on() -> None:
    saving = Saving(again=60, calm=60)
    await saving.write(0, 3, 0)
    assert saving.told == ["failed", "held", "resumed"]


async def test_on_a_disk_that_is_almost_full_people_are_not_told_on_and_off() -> None:
    """Small writes succeed there, and the next does not."""
    gauge = metrics.SAVING_HELD._value.get()
    saving = Saving(again=60, calm=0.2)
    await saving.write(*[1, 0, 2, 0] * 5)
    assert saving.told.count("failed") == 10
    assert [each for each in saving.told if each != "failed"] == ["held", "resumed", "held"]
    assert (saving.patience.held, metrics.SAVING_HELD._value.get()) == (True, gauge + 1)
    await until(lambda: not saving.patience.held)
    assert [each for each in saving.told if each != "failed"] == ["held", "resumed", "held", "resumed"]
    assert metrics.SAVING_HELD._value.get() == gauge


async def test_what_was_calm_for_long_enough_is_told_at_once_again() -> None:
    saving = Saving(again=0.01, calm=60)
    for _ in range(2):
        await saving.write(1)
        await asyncio.sleep(0.02)
    assert [each for each in saving.told if each != "failed"] == ["held", "resumed"] * 2


async def test_a_room_that_closes_leaves_nothing_behind() -> None:
    gauge = metrics.SAVING_HELD._value.get()
    saving = Saving(again=60, calm=0.05)
    await saving.write(1, 1)
    assert saving.patience.held
    saving.patience.release()
    assert (saving.patience.held, metrics.SAVING_HELD._value.get()) == (False, gauge)
    await asyncio.sleep(0.1)
    assert saving.told.count("resumed") == 2
