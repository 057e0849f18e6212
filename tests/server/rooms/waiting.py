"""Waiting for what must become true, and never for a time."""

import asyncio
from collections.abc import Callable

PATIENCE_S = 60.0  # only a failing test waits so long


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  # conditions of others' state: nothing says when they change
            await asyncio.sleep(0.001)
