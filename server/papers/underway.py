"""The papers that are under way: each is made once for all who ask for it at the same time."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar, TypeVarTuple, Unpack

from server.aside import Aside
from server.errors import unavailable
from server.history import Shelf
from server.history.shelf import at_desk

R = TypeVar("R")
Asked = TypeVarTuple("Asked")

LONGEST_S = 300.0  # for one, with those that wait before it


class Underway:
    """Those of one database, made by the process beside, for it is the work of seconds."""

    def __init__(self, aside: Aside, url: str) -> None:
        self._aside = aside
        self._url = url
        self._tasks: dict[Hashable, asyncio.Task[Any]] = {}

    async def of(self, head: int, make: Callable[[Shelf, Unpack[Asked]], Coroutine[Any, Any, R]], *asked: *Asked) -> R:
        """What `make` returns there, or raises; Problem where it takes too long, AsideDied.

        `asked`: hashable; of a document whose record ends at `head`.
        """
        key = (head, make, asked)
        task = self._tasks.get(key)
        if task is None:
            work = self._aside.run(at_desk, self._url, make, *asked)
            task = self._tasks[key] = asyncio.create_task(asyncio.wait_for(work, LONGEST_S))
            task.add_done_callback(lambda _: self._tasks.pop(key))
        try:
            made: R = await asyncio.shield(task)
        except TimeoutError:
            raise unavailable("This takes too long to write; try again when fewer papers are asked for.") from None
        return made
