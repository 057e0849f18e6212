"""Tasks end when they are told to, also one that loses the first word."""

import asyncio

from server.cancelling import ended


async def test_one_that_loses_a_cancellation_ends_all_the_same() -> None:
    lost = 0

    async def for_ever() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                lost += 1
                if lost > 1:
                    raise

    task = asyncio.create_task(for_ever())
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await ended([task])
    assert task.cancelled()
