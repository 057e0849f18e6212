"""Exports: a document of the store, gathered and written."""

import re
from dataclasses import dataclass

from server.history import Shelf
from server.papers.out.formats import WAYS, Format
from server.papers.out.gathering import Wanted, gather
from server.papers.out.paper import Layout, Paper

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
