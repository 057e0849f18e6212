"""Who stands first where several wrote between the same two items (YATA).

After Item.integrate of Yjs, step by step, so that every replica puts the same items in the same order.
"""

from crdt.items import Item, Items
from crdt.sequence import Sequence
from crdt.update import Struct


def behind_rivals(items: Items, home: Sequence, struct: Struct, left: Item | None, right: Item | None) -> Item | None:
    """The item that a struct stands right behind, if it was written between `left` and `right` (None: an end)."""
    other = home.first if left is None else left.right
    before: set[Item] = set()  # all between `left` and `other`
    conflicting: set[Item] = set()  # those of them that the struct may still stand before
    while other is not None and other is not right:
        before.add(other)
        conflicting.add(other)
        if other.origin == struct.origin:
            if other.client < struct.client:
                left = other
                conflicting.clear()
            elif other.right_origin == struct.right_origin:
                break
        elif other.origin is not None and (between := items.at(other.origin)) in before:
            if between not in conflicting:
                left = other
                conflicting.clear()
        else:
            break
        other = other.right
    return left
