"""A record from afar: when it was written, and its locks, resolutions, snapshots and restores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.history.shelf import Shelf
from server.rooms.standing import Author

TICKS = 200
"""How many points at most tell how time went by."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry that decided something. `about`: what its payload says that tells it from others of its kind."""

    seq: int
    kind: str
    by: Author
    at: str
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Timeline:
    """`ticks`: seq and time of changes of the text, evenly spread, the first and the last among them."""

    seq: int
    ticks: Sequence[tuple[int, str]]
    moments: Sequence[Moment]


SAID: Mapping[str, tuple[str, ...]] = {
    "lock": ("paragraph", "status"),
    "unlock": ("paragraph", "reason"),
    "freeze": ("frozen", "reason"),
    "resolution": ("bracket", "outcome"),
    "snapshot": ("id", "label"),
    "restore": ("restored",),
}
"""By kind of entry, what of its payload is told."""


async def timeline(shelf: Shelf, document: str, until: int) -> Timeline:
    book = await shelf.book(document, until)
    found = [each for each in book.moments if each[0][0] <= until]
    authors = await shelf.authors({participant for (_, participant, _), _, _ in found})
    moments = [
        Moment(seq, kind, authors[participant], at, {name: said[name] for name in SAID[kind] if name in said})
        for (seq, participant, at), kind, said in found
    ]
    seqs = [seq for seq in book.chronicle.made if seq <= until]
    step = max(1, len(seqs) // TICKS)
    spread = sorted({*seqs[::step], *seqs[-1:]})
    return Timeline(until, [(seq, book.chronicle.made[seq].at) for seq in spread], moments)
