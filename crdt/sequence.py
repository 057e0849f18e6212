"""A sequence of items in the order that Yjs gives them, and which of them begin a paragraph.

Items are linked to their neighbours and gathered in blocks of up to 128 neighbours; a block counts its paragraph heads,
so that the paragraph of any item is found without walking the document.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from crdt.items import Item

BLOCK: Final = 128  # items; to walk half of one costs as much as to skip the blocks of 20,000


class Block:
    """Up to 128 neighbours."""

    __slots__ = ("count", "first", "heads", "left", "right", "sequence")

    def __init__(self, sequence: "Sequence", items: list[Item]) -> None:
        """Items that are neighbours from now on."""
        self.sequence = sequence
        self.first = left = items[0]
        self.count = len(items)
        heads = 0
        for item in items:
            item.block = self
            if item.head:
                heads += 1
            if item is not left:
                left.right, item.left = item, left
                left = item
        self.heads = heads  # living newlines among its items
        self.left: Block | None = None
        self.right: Block | None = None


class Sequence:
    """The text (key None) or all that was ever written under one key of `paragraphs`."""

    __slots__ = ("first", "key", "last")

    def __init__(self, key: str | None) -> None:
        self.key = key
        self.first: Item | None = None
        self.last: Item | None = None

    def __iter__(self) -> Iterator[Item]:
        return following(self.first)

    def insert(self, left: Item | None, item: Item) -> None:
        """Put `item` behind `left` (None: at the beginning)."""
        right = self.first if left is None else left.right
        item.left, item.right = left, right
        if left is None:
            self.first = item
        else:
            left.right = item
        if right is None:
            self.last = item
        else:
            right.left = item
        neighbour = left or right
        if neighbour is None or neighbour.block is None:
            Block(self, [item])
            return
        item.block = block = neighbour.block
        if left is None:
            block.first = item
        block.count += 1
        block.heads += item.head
        if block.count > BLOCK:
            _halve(block)

    def remove(self, item: Item) -> None:
        """Take `item` out again, as if it had never come."""
        left, right, block = item.left, item.right, item.block
        if left is None:
            self.first = right
        else:
            left.right = right
        if right is None:
            self.last = left
        else:
            right.left = left
        if block is None:
            return
        block.count -= 1
        block.heads -= item.head
        item.block = None
        if block.count and block.first is item and right is not None:
            block.first = right
        elif not block.count:
            if block.left is not None:
                block.left.right = block.right
            if block.right is not None:
                block.right.left = block.left

    def fill(self, items: list[Item]) -> None:
        """Make these, in this order, all that an empty sequence holds."""
        if not items:
            return
        self.first, self.last = items[0], items[-1]
        before: Block | None = None
        for at in range(0, len(items), BLOCK // 2):
            part = items[at : at + BLOCK // 2]
            if at:
                items[at - 1].right, part[0].left = part[0], items[at - 1]
            before = _join(before, Block(self, part))


def following(item: Item | None) -> Iterator[Item]:
    """This item and all to its right."""
    while item is not None:
        yield item
        item = item.right


def head_of(item: Item | None) -> Item | None:
    """The head of the paragraph that `item`, dead or alive, stands in; None before the first."""
    if item is None or item.block is None:
        return None
    block = item.block
    if block.heads:
        before = block.first.left
        while item is not None and item is not before:
            if item.head:
                return item
            item = item.left
    while block.left is not None and not block.left.heads:
        block = block.left
    item = block.first.left
    while item is not None and not item.head:
        item = item.left
    return item


def _halve(block: Block) -> None:
    items = list(islice(following(block.first), block.count))
    half = len(items) // 2
    behind = block.right
    tail = _join(block, Block(block.sequence, items[half:]))
    tail.right = behind
    if behind is not None:
        behind.left = tail
    block.count = half
    block.heads -= tail.heads


def _join(left: Block | None, right: Block) -> Block:
    right.left = left
    if left is not None:
        left.right = right
    return right
