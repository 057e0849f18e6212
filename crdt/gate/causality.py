"""Whether a struct claims what its author cannot have believed: that its two origins were neighbours (W3)."""

from collections.abc import Iterator

from crdt.gate.arrivals import Arrivals
from crdt.index import TextIndex
from crdt.items import Item
from crdt.update import Id, Struct


def plausible(index: TextIndex, arrivals: Arrivals, struct: Struct) -> bool:
    """Whether its author may have known nothing of what stands between its origins. It has been integrated."""
    first = index.items.at((struct.client, struct.clock))
    if first.block is None:
        return True
    last = index.items.at((struct.client, struct.clock + struct.size - 1))
    if _before(first, struct.clock) == struct.origin and _behind(last, struct) == struct.right_origin:
        return True
    ident = struct.client, struct.clock
    knowledge = arrivals.knowledge(ident)
    beginning = first.block.sequence.first if struct.origin is None else None
    for other in _between(index, beginning, struct):
        if other == struct.right_origin:
            return True
        if arrivals.knows(ident, other, knowledge):
            return False
    return struct.right_origin is None


def _before(item: Item, clock: int) -> Id | None:
    """The id that stands before a clock of an item."""
    if item.clock < clock:
        return item.client, clock - 1
    left = item.left
    return None if left is None else (left.client, left.clock + left.size - 1)


def _behind(item: Item, struct: Struct) -> Id | None:
    """The id that stands behind a struct, whose last is in `item`."""
    end = struct.clock + struct.size
    if item.clock + item.size > end:
        return item.client, end
    right = item.right
    return None if right is None else (right.client, right.clock)


def _between(index: TextIndex, beginning: Item | None, struct: Struct) -> Iterator[Id]:
    """The first ids of all that stands behind its origin (or from the beginning on)."""
    item = beginning
    if struct.origin is not None:
        left = index.items.at(struct.origin)
        if left.clock + left.size > struct.origin[1] + 1:
            yield left.client, struct.origin[1] + 1
        item = left.right
    while item is not None:
        yield item.client, item.clock
        item = item.right
