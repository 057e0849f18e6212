"""Items, the smallest parts of a document that are kept, and where to find one by its id."""

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from crdt.units import cut_utf16
from crdt.update import Id, Plain

if TYPE_CHECKING:
    from crdt.sequence import Block


NOTHING: Final = (-1, 0)
"""Client and clock of an origin that there is none of."""


class Item:
    """Consecutive ids of one client that stand together: characters, or one formatting mark, or one map entry.

    A newline is only ever an item's first character. The text of the dead is kept until the document is opened anew:
    what cuts a surrogate pair must still be seen while its deletion is not committed.

    There are as many as a document has runs. So origins are kept as bare numbers: a tuple of each would double what a
    document takes, and what the search for garbage looks through.
    """

    __slots__ = (
        "alive", "block", "client", "clock", "head", "left", "origin_client", "origin_clock", "right", "right_client",
        "right_clock", "size", "text", "value",
    )  # fmt: skip

    def __init__(
        self, client: int, clock: int, size: int, text: str, value: Plain, alive: bool, origin_client: int,
        origin_clock: int, right_client: int, right_clock: int,
    ) -> None:  # fmt: skip
        self.client = client
        self.clock = clock
        self.size = size  # UTF-16 units of `text`, if it has any
        self.text = text  # "": no characters, or dead ones that nobody remembers
        self.value = value  # of a formatting mark: [name, value]; of a map entry: the object
        self.alive = alive
        self.origin_client = origin_client  # see NOTHING
        self.origin_clock = origin_clock
        self.right_client = right_client  # of the right origin
        self.right_clock = right_clock
        self.head = alive and "\n" in text  # a living newline begins a paragraph
        self.left: Item | None = None
        self.right: Item | None = None
        self.block: Block | None = None  # None: collected, it stands nowhere

    @property
    def origin(self) -> Id | None:
        return None if self.origin_client < 0 else (self.origin_client, self.origin_clock)

    @property
    def right_origin(self) -> Id | None:
        return None if self.right_client < 0 else (self.right_client, self.right_clock)

    @property
    def id(self) -> str:
        """As people see it (T2)."""
        return f"{self.client}-{self.clock}"


class Items:
    """Every item by its ids: a client's follow one another without a hole."""

    def __init__(self) -> None:
        self.by_client: dict[int, tuple[list[int], list[Item]]] = {}  # first clocks, items; in the order of clocks
        self.ends: dict[int, int] = {}  # the next clock

    def append(self, item: Item) -> None:
        """Keep an item that begins where its client's ids end so far."""
        known = self.by_client.get(item.client)
        if known is None:
            self.by_client[item.client] = ([item.clock], [item])
        else:
            known[0].append(item.clock)
            known[1].append(item)

    def last(self, client: int) -> Item | None:
        """The item that holds a client's last id."""
        known = self.by_client.get(client)
        return None if known is None else known[1][-1]

    def since(self, client: int, clock: int) -> list[Item]:
        """A client's items that begin with a clock or after it."""
        clocks, items = self.by_client.get(client, ([], []))
        return items[bisect_left(clocks, clock) :]

    def within(self, client: int, clock: int, stop: int) -> list[Item]:
        """A client's items that hold any id from `clock` to before `stop`."""
        clocks, items = self.by_client.get(client, ([], []))
        return items[max(0, bisect_right(clocks, clock) - 1) : bisect_left(clocks, stop)]

    def truncate(self, client: int, end: int) -> list[Item]:
        """Forget a client's ids from `end` on; the items that held them."""
        clocks, items = self.by_client.get(client, ([], []))
        place = bisect_left(clocks, end)
        if place and items[place - 1].clock + items[place - 1].size > end:
            self.split(items[place - 1], end - items[place - 1].clock)
        gone = items[place:]
        del clocks[place:], items[place:]
        if end:
            self.ends[client] = end
        else:
            self.by_client.pop(client, None)
            self.ends.pop(client, None)
        return gone

    def at(self, ident: Id) -> Item:
        """The item that holds a known id."""
        clocks, items = self.by_client[ident[0]]
        return items[bisect_right(clocks, ident[1]) - 1]

    def starting(self, ident: Id) -> Item:
        """The item that begins with a known id, split off if need be."""
        item = self.at(ident)
        return item if item.clock == ident[1] else self.split(item, ident[1] - item.clock)

    def ending(self, ident: Id) -> Item:
        """The item that ends with a known id; what stands behind it is split off."""
        item = self.at(ident)
        size = ident[1] - item.clock + 1
        if size < item.size:
            self.split(item, size)
        return item

    def split(self, item: Item, at: int) -> Item:
        """Two items out of one; the second, which begins `at` units in, is returned."""
        text = item.text
        if item.size == len(text):
            first, second = text[:at], text[at:]
        else:
            first, second = cut_utf16(text, at) if text else ("", "")
        clock = item.clock + at
        new = Item(
            item.client, clock, item.size - at, second, None, item.alive, item.client, clock - 1,
            item.right_client, item.right_clock,
        )  # fmt: skip
        item.size, item.text = at, first
        clocks, items = self.by_client[item.client]
        place = bisect_right(clocks, clock)
        clocks.insert(place, clock)
        items.insert(place, new)
        if item.block is not None:
            item.block.sequence.insert(item, new)
        return new
