"""Exports: a document of the store, gathered and written. The work of seconds, so a server has it done in the process
beside, and only once for all who ask for the same at the same time."""

import asyncio
import re
from dataclasses import dataclass

from server.aside import Aside
from server.errors import unavailable
from server.history import Shelf
from server.history.shelf import at_desk
from server.papers.out.formats import WAYS, Format
from server.papers.out.gathering import Wanted, gather
from server.papers.out.paper import Layout, Paper

LONGEST_S = 120.0  # for one paper, with those before it
UNNAMEABLE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")


@dataclass(frozen=True, slots=True)
class Exported:
    """A file. `seq` and `digest`: of the text in it; `unseen`: its characters that no font at hand can show."""

    name: str
    media_type: str
    content: bytes
    seq: int
    digest: str
    unseen: str


async def export(shelf: Shelf, wanted: Wanted, format_: Format, layout: Layout) -> Exported:
    """Raises Problem, Unavailable, Diverged."""
    paper = await gather(shelf, wanted)
    way = WAYS[format_]
    written = way.write(paper, layout)
    return Exported(
        name=f"{_name(paper)}{way.suffix}",
        media_type=way.media_type,
        content=written.content,
        seq=paper.point.seq,
        digest=paper.digest,
        unseen=written.unseen,
    )


def _name(paper: Paper) -> str:
    """As in "A-AC.1-L.2 Rev.1"; what no file system takes becomes a dash."""
    named = " ".join(part for part in (paper.symbol or paper.title, paper.point.label) if part)
    return UNNAMEABLE.sub("-", named)[:100].strip(" .") or paper.document


Key = tuple[Wanted, Format, Layout, int]


class Exports:
    """The exports that are under way."""

    def __init__(self) -> None:
        self._tasks: dict[Key, asyncio.Task[Exported]] = {}

    async def run(self, aside: Aside, url: str, wanted: Wanted, format_: Format, layout: Layout, head: int) -> Exported:
        """`head`: the seq that the document has now. Raises Problem, AsideDied."""
        key = (wanted, format_, layout, head)
        task = self._tasks.get(key)
        if task is None:
            work = aside.run(at_desk, url, export, wanted, format_, layout)
            task = self._tasks[key] = asyncio.create_task(asyncio.wait_for(work, LONGEST_S))
            task.add_done_callback(lambda _: self._tasks.pop(key))
        try:
            return await asyncio.shield(task)
        except TimeoutError:
            raise unavailable("This paper takes too long to write; try again when fewer are asked for.") from None
