"""The past of documents, for a server: asked here, read in a process beside."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from crdt.errors import Diverged
from server.aside import Aside, AsideDied
from server.history.model import Redline
from server.history.redlines import redline
from server.history.shelf import Shelf, at_desk
from server.store import Store, Unavailable

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

LONG = 5_000
"""Entries of a record that take some 200 ms to be read."""


class History:
    """With a process of its own: whoever drags a slider does not wait for a paper to be made."""

    def __init__(self, store: Store) -> None:
        self._url = store.url
        self._aside = Aside()
        self._preparing: set[asyncio.Task[None]] = set()
        self._prepared: set[str] = set()

    async def redline(self, document: str, old: int, new: int) -> Redline:
        """What changed between two entries of the record, which are there. Raises AsideDied, Unavailable, Diverged."""
        return await self.ask(redline, document, old, new)

    async def ask(
        self, work: Callable[Concatenate[Shelf, P], Coroutine[Any, Any, R]], *arguments: P.args, **named: P.kwargs
    ) -> R:
        """What a coroutine function of a module gives there. (Named arguments cannot be given.)"""
        result: R = await self._aside.run(at_desk, self._url, work, *arguments)
        return result

    def soon(self, document: str, seq: int) -> None:
        """Somebody has this document open, and may want to know its past: a long one is read beforehand, once."""
        if seq < LONG or document in self._prepared:
            return
        self._prepared.add(document)
        task = asyncio.create_task(self._prepare(document, seq))
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def _prepare(self, document: str, seq: int) -> None:
        try:
            await self.ask(read, document, seq)
        except (AsideDied, Unavailable, Diverged) as fault:
            log.warning("the past of a document was not read beforehand: %s", fault, extra={"document": document})

    async def close(self) -> None:
        for task in self._preparing:
            task.cancel()
        await asyncio.gather(*self._preparing, return_exceptions=True)
        await self._aside.close()


async def read(shelf: Shelf, document: str, until: int) -> None:
    """All that there is to read of it."""
    await shelf.book(document, until)
