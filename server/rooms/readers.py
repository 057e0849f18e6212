"""Those who wait to read a document: from the judging of a batch to its commit it holds what is not on disk (W3)."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from crdt.document import Document
from server.errors import Problem

R = TypeVar("R")


class Readers:
    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[Document], Any], asyncio.Future[Any]]] = []

    async def wait(self, function: Callable[[Document], R]) -> R:
        """What it returns, or raises, when they are served."""
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((function, done))
        return await done

    def serve(self, document: Document) -> None:
        for function, done in self._taken():
            try:
                done.set_result(function(document))
            except Exception as error:  # noqa: BLE001  # theirs, not the room's: it goes to who asked
                done.set_exception(error)

    def fail(self, problem: Problem) -> None:
        for _, done in self._taken():
            done.set_exception(problem)

    def _taken(self) -> list[tuple[Callable[[Document], Any], asyncio.Future[Any]]]:
        """Nobody waits any more; those who gave up are left out."""
        waiting, self._waiting = self._waiting, []
        return [(function, done) for function, done in waiting if not done.done()]
