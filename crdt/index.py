"""The index of characters: which exist, in which order, who wrote each, which live, in which paragraph each stands.

A replica of the document by ids, fed by decoded updates alone. pycrdt cannot say the id of a character: its positions
count UTF-8 bytes where ids count UTF-16 units. Integration follows Yjs (Item.integrate, YATA), so that both agree on
every order; `Document.check` compares them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from crdt.dependencies import fresh
from crdt.dump import pack, unpack
from crdt.errors import Diverged
from crdt.items import NOTHING, Item, Items
from crdt.paragraphs import Paragraph, Reading
from crdt.rivals import behind_rivals
from crdt.sequence import Sequence, head_of
from crdt.units import cut_utf16, splits_pair, utf16_len
from crdt.update import ANY, DELETED, FORMAT, GC, STRING, Id, Plain, Range, Struct, Update

TEXT: Final = "text"
PARAGRAPHS: Final = "paragraphs"
_LINES: Final = re.compile("\n?[^\n]+|\n")


class Piece(NamedTuple):
    """Living ids that a delete range hits: characters, a formatting mark or a map entry."""

    client: int
    clock: int
    size: int
    text: str  # "": not characters
    key: str | None  # of a map entry


@dataclass(slots=True)
class Changes:
    """What `integrate` did, so that `revert` can undo it."""

    ends: dict[int, int] = field(default_factory=dict)  # the next clocks of clients before
    killed: list[Item] = field(default_factory=list)


class TextIndex:
    def __init__(self) -> None:
        self.text = Sequence(None)
        self.entries: dict[str, Sequence] = {}  # by key of `paragraphs`
        self.items = Items()
        self.heads_changed = False
        """Whether newlines came or died since somebody set this to False."""
        self._reading = Reading(self.text, self.value)
        self._changes = Changes()

    @classmethod
    def load(cls, dump: bytes) -> "TextIndex":
        """The index that `dump` gave; Diverged when these bytes are none."""
        index = cls()
        index.text, index.entries, index.items = unpack(dump)
        index._reading = Reading(index.text, index.value)
        return index

    def dump(self) -> bytes:
        return pack(self.text, self.entries, self.items)

    # -- looking, before anything changes

    def end(self, client: int) -> int:
        """The next clock of a client."""
        return self.items.ends.get(client, 0)

    def knows(self, ident: Id) -> bool:
        return ident[1] < self.end(ident[0])

    def fresh(self, update: Update) -> tuple[Struct, ...] | None:
        """What the update adds, each struct after those it names; None when something is missing (a gap, W5)."""
        return fresh(update, self.items.ends)

    def home(self, ident: Id) -> Sequence | None:
        """Where a known id stands: in the text (`key` None), under a key of the map, or nowhere (collected)."""
        block = self.items.at(ident).block
        return None if block is None else block.sequence

    def splits_pair(self, ident: Id) -> bool:
        """Whether a cut just before this known id would part a surrogate pair."""
        item = self.items.at(ident)
        return item.size != len(item.text) and splits_pair(item.text, ident[1] - item.clock)

    def pieces(self, client: int, clock: int, size: int) -> Iterator[Piece]:
        """What lives in a range of known ids."""
        clocks, items = self.items.by_client[client]
        stop = clock + size
        for item in items[bisect_right(clocks, clock) - 1 : bisect_right(clocks, stop - 1)]:
            if item.alive and item.block is not None:
                first, last = max(item.clock, clock), min(item.clock + item.size, stop)
                text = item.text
                if text and last - first < item.size:
                    text = cut_utf16(cut_utf16(text, last - item.clock)[0], first - item.clock)[1]
                yield Piece(client, first, last - first, text, item.block.sequence.key)

    def paragraph_of(self, ident: Id) -> str | None:
        """The id of the paragraph that a known id of the text, dead or alive, stands in."""
        head = head_of(self.items.at(ident))
        return None if head is None else head.id

    # -- integration

    def apply(self, update: Update) -> None:
        """Integrate an update; Diverged when it leaves a gap."""
        structs = self.fresh(update)
        if structs is None:
            raise Diverged("an update leaves a gap")
        self.integrate(structs, update.deletes)

    def integrate(
        self, structs: Iterable[Struct], deletes: Mapping[int, Iterable[Range]], changes: Changes | None = None
    ) -> None:
        """Take what `fresh` gave, and delete; Malformed inside a surrogate pair. `changes` notes what was done."""
        self._changes = changes = Changes() if changes is None else changes
        ends = self.items.ends
        for struct in structs:
            changes.ends.setdefault(struct.client, ends.get(struct.client, 0))
            self._take(struct)
            ends[struct.client] = struct.clock + struct.size
        for client, ranges in deletes.items():
            for clock, size in ranges:
                if clock + size > ends.get(client, 0):
                    raise Diverged("an update deletes what does not exist")
                self._delete(client, clock, clock + size)

    def lengthen(self, item: Item, text: str, size: int) -> None:
        """Take characters, `size` UTF-16 units without a newline, right behind their client's last item."""
        self.items.ends[item.client] = item.clock + item.size + size
        self._lengthen(item, text, size)

    def revert(self, changes: Changes) -> None:
        """Undo what `changes` noted, which is all that came since; only its splits stay."""
        for item in changes.killed:
            self._revive(item)
        for client, end in changes.ends.items():
            for item in self.items.truncate(client, end):
                self._remove(item)

    def _revive(self, item: Item) -> None:
        item.alive = True
        block = item.block
        if block is None:
            return
        if block.sequence.key is not None:
            self._reading.change(block.sequence.key)
            return
        self._reading.touch(item)
        if item.text[:1] == "\n":
            item.head = True
            block.heads += 1

    def _remove(self, item: Item) -> None:
        if item.block is None:
            return
        sequence = item.block.sequence
        if sequence.key is None:
            self._reading.withdraw(item)
        else:
            self._reading.change(sequence.key)
        sequence.remove(item)

    def _take(self, struct: Struct) -> None:
        home, left = self._place(struct)
        if home is None:
            self.items.append(Item(struct.client, struct.clock, struct.size, "", None, False, *NOTHING, *NOTHING))
        elif home.key is not None:
            self._set(home, left, struct)
        elif struct.kind == STRING:
            self._write(left, struct, str(struct.value))
        elif struct.kind in (FORMAT, DELETED):
            self._link(left, _item(struct, "", struct.value, struct.kind == FORMAT))
        else:
            raise Diverged(f"content {struct.kind} in the text")

    def _place(self, struct: Struct) -> tuple[Sequence | None, Item | None]:
        """Where a struct goes: the sequence (None: it is collected) and the item that it stands right behind.

        Who has an origin stands where that does, and nowhere when it was collected.
        """
        left = None if struct.origin is None else self.items.ending(struct.origin)
        right = None if struct.right_origin is None else self.items.starting(struct.right_origin)
        neighbour = left or right
        if neighbour is None:
            home = self._root(struct)
        elif neighbour.block is None or (right is not None and right.block is None):
            home = None
        else:
            home = neighbour.block.sequence
        if home is not None and right is not (home.first if left is None else left.right):
            left = behind_rivals(self.items, home, struct, left, right)
        return home, left

    def _root(self, struct: Struct) -> Sequence | None:
        if struct.kind == GC:
            return None
        if struct.parent == TEXT and struct.key is None:
            return self.text
        if struct.parent == PARAGRAPHS and struct.key is not None:
            return self.entries.setdefault(struct.key, Sequence(struct.key))
        raise Diverged(f"parent {struct.parent!r} with key {struct.key!r}")

    def _set(self, home: Sequence, left: Item | None, struct: Struct) -> None:
        """A map entry: the last of its key is the value, and whatever stands before it dies."""
        if struct.kind not in (ANY, DELETED):
            raise Diverged(f"content {struct.kind} in the map")
        value = struct.value[-1] if isinstance(struct.value, list) else None
        item = _item(struct, "", value, struct.kind == ANY)
        home.insert(left, item)
        self.items.append(item)
        if item.right is not None:
            item.alive = False
        elif item.left is not None and item.left.alive:
            self._changes.killed.append(item.left)
            item.left.alive = False
        self._reading.change(str(home.key))

    def _write(self, left: Item | None, struct: Struct, text: str) -> None:
        """Characters: behind what the same hand just wrote they lengthen its item, and every line is its own."""
        client, clock, right = struct.client, struct.clock, struct.right_origin or NOTHING
        if (
            left is not None
            and left.client == client
            and left.clock + left.size == clock
            and left.alive
            and left.text
            and struct.origin == (client, clock - 1)
            and right == (left.right_client, left.right_clock)
            and "\n" not in text
        ):
            self._lengthen(left, text, struct.size)
            return
        origin = struct.origin or NOTHING
        for line in _LINES.findall(text) if "\n" in text else (text,):
            size = utf16_len(line)
            item = Item(client, clock, size, line, None, True, *origin, *right)
            self._link(left, item)
            left = item
            clock += size
            origin = (client, clock - 1)

    def _lengthen(self, item: Item, text: str, size: int) -> None:
        item.text += text
        item.size += size
        self._reading.touch(item)

    def _link(self, left: Item | None, item: Item) -> None:
        self.text.insert(left, item)
        self.items.append(item)
        self._reading.touch(item)
        if item.head:
            self.heads_changed = True

    def _delete(self, client: int, clock: int, stop: int) -> None:
        clocks, items = self.items.by_client[client]
        at = bisect_right(clocks, clock) - 1
        while clock < stop:
            item = items[at]
            if item.alive:
                if item.clock < clock:
                    item = self.items.split(item, clock - item.clock)
                    at += 1
                if item.clock + item.size > stop:
                    self.items.split(item, stop - item.clock)
                self._kill(item)
            clock = item.clock + item.size
            at += 1

    def _kill(self, item: Item) -> None:
        item.alive = False
        self._changes.killed.append(item)
        if item.block is None:
            return
        key = item.block.sequence.key
        if key is not None:
            self._reading.change(key)
            return
        self._reading.touch(item)
        if item.head:
            item.head = False
            item.block.heads -= 1
            self.heads_changed = True

    # -- reading

    def value(self, key: str) -> Plain:
        """The living value under a key of `paragraphs`; None when there is none."""
        entries = self.entries.get(key)
        last = None if entries is None else entries.last
        return last.value if last is not None and last.alive else None

    def values(self) -> dict[str, Plain]:
        """Every living value of `paragraphs`."""
        lasts = ((key, entries.last) for key, entries in self.entries.items())
        return {key: last.value for key, last in lasts if last is not None and last.alive}

    def paragraphs(self) -> tuple[Paragraph, ...]:
        return self._reading.paragraphs()

    def paragraph(self, name: str) -> Paragraph | None:
        """The paragraph with this id."""
        return self._reading.paragraph(name)

    def __str__(self) -> str:
        return "".join([item.text for item in self.text if item.alive])


def _item(struct: Struct, text: str, value: Plain, alive: bool) -> Item:
    origin, right = struct.origin or NOTHING, struct.right_origin or NOTHING
    return Item(struct.client, struct.clock, struct.size, text, value, alive, *origin, *right)
