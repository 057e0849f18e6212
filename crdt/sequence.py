"""A sequence of items in the order that Yjs gives them, and which of them begin a paragraph.

Items are linked to their neighbours and gathered in blocks of up to 128 neighbours; a block counts its paragraph heads,
so that the paragraph of any item is found without walking the document.
"""

from collections.abc import Iterator
from typing import Final

from crdt.update import Id, Plain

BLOCK: Final = 128  # items; walking half of one costs as much as skipping the blocks of 20,000 items


class Item:
    """Consecutive ids of one client that stand together: characters, or one formatting mark, or one map entry.

    A newline is only ever an item's first character. The text of the dead is kept until the next dump: what cuts a
    surrogate pair must still be seen while its deletion is not committed.
    """

    __slots__ = (
        "alive", "block", "client", "clock", "head", "left", "origin", "right", "right_origin", "size", "text", "value",
    )  # fmt: skip

    def __init__(
        self, client: int, clock: int, size: int, text: str, value: Plain, alive: bool, origin: Id | None,
        right_origin: Id | None,
    ) -> None:  # fmt: skip
        self.client = client
        self.clock = clock
        self.size = size  # UTF-16 units of `text`, if it has any
        self.text = text  # "": no characters, or dead ones that nobody remembers
        self.value = value  # of a formatting mark: [name, value]; of a map entry: the object
        self.alive = alive
        self.origin = origin
        self.right_origin = right_origin
        self.head = alive and text[:1] == "\n"  # a living newline begins a paragraph
        self.left: Item | None = None
        self.right: Item | None = None
        self.block: Block | None = None  # None: collected, it stands nowhere

    @property
    def id(self) -> str:
        """As people see it (T2)."""
        return f"{self.client}-{self.clock}"


class Block:
    """Up to 128 neighbours."""

    __slots__ = ("count", "first", "heads", "left", "right", "sequence")

    def __init__(self, sequence: "Sequence", first: Item) -> None:
        self.sequence = sequence
        self.first = first
        self.count = 0
        self.heads = 0  # living newlines among its items
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
        item = self.first
        while item is not None:
            yield item
            item = item.right

    def insert(self, left: Item | None, item: Item) -> None:
        """Put `item` behind `left` (None: at the beginning)."""
        right = self.first if left is None else left.right
        item.left, item.right = left, right
        if right is None:
            self.last = item
        else:
            right.left = item
        if left is not None:
            left.right = item
            block = left.block
        else:
            self.first = item
            block = None if right is None else right.block
        if block is None:
            block = Block(self, item)
        elif left is None:
            block.first = item
        item.block = block
        block.count += 1
        block.heads += item.head
        if block.count > BLOCK:
            _halve(block)


def _halve(block: Block) -> None:
    item: Item | None = block.first
    for _ in range(block.count // 2):
        assert item is not None  # noqa: S101
        item = item.right
    assert item is not None  # noqa: S101
    tail = Block(block.sequence, item)
    tail.left, tail.right = block, block.right
    if block.right is not None:
        block.right.left = tail
    block.right = tail
    for _ in range(block.count - block.count // 2):
        assert item is not None  # noqa: S101
        item.block = tail
        tail.count += 1
        tail.heads += item.head
        item = item.right
    block.count -= tail.count
    block.heads -= tail.heads


def head_of(item: Item | None) -> Item | None:
    """The head of the paragraph that `item`, dead or alive, stands in; None before the first."""
    if item is None or item.block is None:
        return None
    block: Block | None = item.block
    assert block is not None  # noqa: S101
    if block.heads:
        before = block.first.left
        while item is not before:
            assert item is not None  # noqa: S101
            if item.head:
                return item
            item = item.left
    item = block.first.left
    block = block.left
    while block is not None and not block.heads:
        item = block.first.left
        block = block.left
    while item is not None and not item.head:
        item = item.left
    return item
