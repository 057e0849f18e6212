"""Updates that stand in the record before those that were judged last, taken in behind these.

Two servers judge at once, and only one of them is first in the record. The other need not judge again where nothing of
its own hangs on what was first: the order of characters follows from the updates, whichever comes first. Only the order
in which ids arrived (`crdt.gate.arrivals`) is the record's, so what came last is counted again behind the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crdt.gate import Arrivals, admit
from crdt.index import TextIndex
from crdt.update import OWN, decode


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
    index: TextIndex, arrivals: Arrivals, owners: dict[int, str], since: Mark, others: Written, own: Written
) -> Mark | None:
    """Takes `others` in before `own`, which is all that was judged since the mark; a mark between the two.

    None, and nothing is done, where clients of one are among those of the other, or own updates were known in part.
    """
    first = [(decode(update, OWN), participant) for update, participant in others]
    last = [(decode(update, OWN), participant) for update, participant in own]
    clients = {struct.client for update, _ in last for struct in update.structs}
    before = {client: since.ends.get(client, 0) for client in clients}
    if any(struct.client in clients for update, _ in first for struct in update.structs):
        return None
    if any(struct.clock < before[struct.client] for update, _ in last for struct in update.structs):
        return None
    arrivals.revert(since.total, before)
    for update, participant in first:
        admit(index, arrivals, owners, update, participant)
    between = Mark(arrivals.total, {**index.items.ends, **before})
    for update, participant in last:
        for struct in update.structs:
            arrivals.take(struct, participant, owners)
    return between
