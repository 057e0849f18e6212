"""The end of tasks that would go on for ever."""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_S = 0.25


async def ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancels them, until they have ended: Python 3.11's wait_for, by which redis-py sends and asyncpg connects, loses
    a cancellation that comes as it ends. What they raise is theirs to report."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_S)
