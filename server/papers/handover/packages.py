"""The packages that are under way: each is packed once for all who ask for it at the same time."""

import asyncio
from collections.abc import Sequence

from server.aside import Aside
from server.errors import unavailable
from server.history.shelf import at_desk
from server.papers.handover.packing import Packed, pack
from server.papers.handover.sheet import Moment

LONGEST_S = 300.0  # for one, with the papers that wait before it

Key = tuple[str, int, str | None]


class Packages:
    """Of one server."""

    def __init__(self) -> None:
        self._tasks: dict[Key, asyncio.Task[Packed]] = {}

    async def of(
        self, aside: Aside, url: str, document: str, head: int, moments: Sequence[Moment], proof: str | None
    ) -> Packed:
        """`head`: the seq that the document has now. Raises Problem, AsideDied."""
        key = (document, head, proof)
        task = self._tasks.get(key)
        if task is None:
            work = aside.run(at_desk, url, pack, document, moments, proof)
            task = self._tasks[key] = asyncio.create_task(asyncio.wait_for(work, LONGEST_S))
            task.add_done_callback(lambda _: self._tasks.pop(key))
        try:
            return await asyncio.shield(task)
        except TimeoutError:
            raise unavailable("The package takes too long to write; try again when fewer are asked for.") from None
