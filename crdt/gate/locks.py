"""Locked paragraphs: how they read, and what an update would do to them (W4).

An update is looked at when its structs have come into the index and its deletions have not: what it inserted stands in
its place, and everything that was there before still lives.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from crdt.gate.schema import paragraph_id
from crdt.index import Changes, Piece, TextIndex
from crdt.items import Item
from crdt.sequence import head_of


class Locks:
    """The locked paragraphs of a document, which must read as they did when this was made."""

    def __init__(self, ids: frozenset[str], index: TextIndex) -> None:
        self.ids = ids
        self._digests = {paragraph.id: paragraph.digest for paragraph in index.paragraphs() if paragraph.id in ids}
        self._places = {paragraph_id(name): place for place, name in enumerate(self._digests)}

    def __bool__(self) -> bool:
        return bool(self._digests)

    def hold(self, head: Item | None) -> bool:
        """Whether the paragraph with this head is locked."""
        return head is not None and (head.client, head.clock) in self._places

    def place(self, head: Item) -> int:
        """Which of the locked paragraphs this is; their order never changes."""
        return self._places[head.client, head.clock]

    def changed(self, index: TextIndex) -> list[str]:
        """Which of them read otherwise now."""
        return [name for name, digest in self._digests.items() if _digest(index, name) != digest]


def _digest(index: TextIndex, name: str) -> str | None:
    paragraph = index.paragraph(name)
    return None if paragraph is None else paragraph.digest


NO_LOCKS: Final = Locks(frozenset(), TextIndex())

AS_IT_CAME, TRIMMED, BARE = range(3)
"""How much of an update stays: all; all but what reaches into locked paragraphs; and no marks either, nor the deletion
of a newline behind a locked paragraph."""


@dataclass(slots=True)
class Reach:
    """What of an update reaches into locked paragraphs."""

    kept: list[Piece] = field(default_factory=list)
    """Of what it would delete: characters of locked paragraphs, their newlines and attributes."""
    behind: list[Piece] = field(default_factory=list)
    """Newlines behind locked paragraphs: without them, the text that follows would join those."""
    marks: list[Piece] = field(default_factory=list)
    """Formatting marks that it would delete. They stand anywhere, and only a reading tells how far they reach: Yjs
    deletes redundant ones by itself (W4)."""
    buried: list[Item] = field(default_factory=list)
    """Characters that it inserted into locked paragraphs."""
    new_marks: list[Item] = field(default_factory=list)
    """Formatting marks that it inserted."""
    text: list[str] = field(default_factory=list)
    """The characters buried, in the order of the document; neighbours are one string."""
    paragraphs: dict[str, None] = field(default_factory=dict)
    """Locked paragraphs that it would change for sure."""

    @property
    def offends(self) -> bool:
        return bool(self.kept or self.buried)

    @property
    def touches(self) -> bool:
        """Whether only a reading tells if locked paragraphs are as they were."""
        return self.offends or bool(self.behind or self.marks or self.new_marks)

    @property
    def extents(self) -> tuple[int, ...]:
        """How much of the update to try, one after another."""
        if self.offends:
            return TRIMMED, BARE
        return (AS_IT_CAME, BARE) if self.touches else (AS_IT_CAME,)

    def spared(self, extent: int) -> dict[Piece, int]:
        """How many ids from the beginning of which pieces are not deleted."""
        spared = {piece: piece.size for piece in self.kept} if extent >= TRIMMED else {}
        if extent >= BARE:
            spared.update((piece, piece.size) for piece in self.marks)
            spared.update((piece, 1) for piece in self.behind)
        return spared

    def buried_at(self, extent: int) -> Iterator[Item]:
        """Which items of the update are deleted as they come."""
        if extent >= TRIMMED:
            yield from self.buried
        if extent >= BARE:
            yield from self.new_marks


def reach_of(index: TextIndex, locks: Locks, changes: Changes, pieces: Iterable[Piece]) -> Reach:
    """`changes`: what its structs did; `pieces`: what lives of what it would delete, its own aside."""
    survey = _Survey(index, locks, changes)
    for piece in pieces:
        survey.look_at_deletion(piece)
    survey.look_at_insertions()
    return survey.reach


class _Survey:
    def __init__(self, index: TextIndex, locks: Locks, changes: Changes) -> None:
        self.reach = Reach()
        self._index, self._locks, self._changes = index, locks, changes
        self._old_heads: dict[Item, Item | None] = {}  # of new heads: the old one before

    def _is_new(self, item: Item) -> bool:
        end = self._changes.ends.get(item.client)
        return end is not None and item.clock >= end

    def _head_before(self, item: Item | None) -> Item | None:
        """The head of the paragraph that something stood in before the update came."""
        head = head_of(item)
        passed = []
        while head is not None and self._is_new(head):
            passed.append(head)
            head = self._old_heads[head] if head in self._old_heads else head_of(head.left)
        self._old_heads.update(dict.fromkeys(passed, head))
        return head

    # -- what it deletes

    def look_at_deletion(self, piece: Piece) -> None:
        reach = self.reach
        if piece.key is not None:
            if piece.key in self._locks.ids:
                reach.kept.append(piece)
                reach.paragraphs[piece.key] = None
            return
        if not piece.text:
            reach.marks.append(piece)
            return
        item = self._index.items.at((piece.client, piece.clock))
        begins = piece.text[0] == "\n"
        head = item if begins else self._head_before(item)
        if head is not None and self._locks.hold(head):
            reach.kept.append(piece)
            reach.paragraphs[head.id] = None
        elif begins and self._locks.hold(self._head_before(item.left)):
            reach.behind.append(piece)

    # -- what it inserts

    def look_at_insertions(self) -> None:
        entered: set[Item] = set()
        for client, end in self._changes.ends.items():
            for item in self._index.items.within(client, end, self._index.end(client)):
                if not item.alive or item.block is None or item.block.sequence.key is not None:
                    continue
                if not item.text:
                    self.reach.new_marks.append(item)
                    continue
                head = self._head_before(item)
                if head is not None and self._locks.hold(head):
                    entered.add(head)
        if entered:
            for client, end in self._changes.ends.items():  # parts what came from what it was written behind
                if end < self._index.end(client):
                    self._index.items.starting((client, end))
            for head in sorted(entered, key=self._locks.place):
                self._enter(head)

    def _enter(self, head: Item) -> None:
        """What came behind a locked head is inside, but for new paragraphs behind the last of the old characters."""
        inside: list[Item] = []
        beside: list[Item] = []
        before: dict[Item, Item] = {}  # of what came: the living character before it
        last, item = head, head.right
        while item is not None and not (item.head and not self._is_new(item)):
            if item.alive and item.text:
                if self._is_new(item):
                    before[item] = last
                    (beside if beside or item.head else inside).append(item)
                else:
                    inside += beside
                    beside.clear()
                last = item
            item = item.right
        if inside:
            self.reach.buried += inside
            self.reach.paragraphs[head.id] = None
            self._say(inside, before)

    def _say(self, items: list[Item], before: Mapping[Item, Item]) -> None:
        said: Item | None = None
        for item in items:
            if said is not None and before[item] is said:
                self.reach.text[-1] += item.text
            else:
                self.reach.text.append(item.text)
            said = item
