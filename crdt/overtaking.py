"""Updates that stand in the record before those that were judged last, taken in behind these.

Two servers judge at once, and only one of them is first in the record. The other need not judge again where nothing of
its own hangs on what was first: the order of characters follows from the updates, whichever comes first. Only the order
in which ids arrived (`crdt.gate.arrivals`) is the record's, so what came last is counted again behind the others.

Where paragraphs are locked (W4), two updates that leave them alone, each for itself, may change one together: who
removes the newline of a paragraph that was empty, behind a locked one, moves what another has just typed there into
that one. It cannot happen where neither side does more than write and remove characters within paragraphs: every
newline, mark and attribute is the same then with either, with both and with none. What is there keeps its order when
more comes in, so each new character stands between the same two newlines as when it was judged, and each that went was
judged where it stood.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from crdt.gate import Arrivals, admit
from crdt.index import TextIndex
from crdt.items import Item
from crdt.update import OWN, STRING, Range, Update, decode


@dataclass(frozen=True, slots=True)
class Mark:
    """What had come before something was judged: how many ids, and of each client up to which clock."""

    total: int
    ends: Mapping[int, int]


Written = Sequence[tuple[bytes, str]]
"""Updates and their participants."""


def mark(index: TextIndex, arrivals: Arrivals) -> Mark:
    return Mark(arrivals.total, dict(index.items.ends))


def overtake(
    index: TextIndex,
    arrivals: Arrivals,
    owners: dict[int, str],
    since: Mark,
    others: Written,
    own: Written,
    *,
    locked: bool,
) -> Mark | None:
    """Takes `others` in before `own`, which is all that was judged since the mark; a mark between the two.

    None, and nothing is done, where clients of one are among those of the other, or own updates were known in part, or
    paragraphs are `locked` and either does more than write and remove characters within paragraphs.
    """
    first = [(decode(update, OWN), participant) for update, participant in others]
    last = [(decode(update, OWN), participant) for update, participant in own]
    clients = {struct.client for update, _ in last for struct in update.structs}
    before = {client: since.ends.get(client, 0) for client in clients}
    if any(struct.client in clients for update, _ in first for struct in update.structs):
        return None
    if any(struct.clock < before[struct.client] for update, _ in last for struct in update.structs):
        return None
    if locked and not all(_within_paragraphs(index, update) for update, _ in chain(first, last)):
        return None
    arrivals.revert(since.total, before)
    for update, participant in first:
        admit(index, arrivals, owners, update, participant)
    between = Mark(arrivals.total, {**index.items.ends, **before})
    for update, participant in last:
        for struct in update.structs:
            arrivals.take(struct, participant, owners)
    return between


def _within_paragraphs(index: TextIndex, update: Update) -> bool:
    """Whether all that an update does is to write and remove characters, no newline among them. `index` may lack what
    this update and those beside it bring: of that they can remove nothing else than they write."""
    written = all(struct.kind == STRING and "\n" not in str(struct.value) for struct in update.structs)
    return written and all(_are_characters(index, client, ranges) for client, ranges in update.deletes.items())


def _are_characters(index: TextIndex, client: int, ranges: Iterable[Range]) -> bool:
    """Of those that are known, whether they live or not. What was forgotten of the dead may have been a newline."""
    return all(
        _is_character(item, clock)
        for clock, size in ranges
        for item in index.items.within(client, clock, clock + size)
        if clock < index.end(client)
    )


def _is_character(item: Item, clock: int) -> bool:
    """Whether an item has none but characters from `clock` on: a newline is only ever its first."""
    return bool(item.text) and (clock > item.clock or item.text[0] != "\n")
