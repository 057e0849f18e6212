"""What is said about a paragraph follows it: what an update that makes or removes newlines means for those who hold on
to a newline, and to some characters of its paragraph.

An anchor is the id of a newline. While that lives it is the paragraph's own; when it was joined to another, the place
where it died says which paragraph has the text now (T2). Only where nothing of a paragraph was left is it gone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from crdt.index import TextIndex
from crdt.items import Item
from crdt.sequence import head_of
from crdt.units import cut_utf16, utf16_len
from crdt.update import STRING, Update

Letters = tuple[tuple[int, int, int], ...]
"""Characters by their ids: client, clock and how many UTF-16 units; in the order of the text."""

Piece = tuple[str, int, int]
"""Text with consecutive ids: client and clock of its first character."""


def ident(name: str) -> tuple[int, int]:
    """The id that people see as `name` (T2)."""
    client, _, clock = name.partition("-")
    return int(client), int(clock)


def letters(index: TextIndex, paragraph: str, quote: str, behind: int = 0) -> Letters:
    """The characters of the first place in a paragraph, from its character `behind` on, that reads like this; none when
    there is none."""
    return letters_among(list(_living(index.items.at(ident(paragraph)))), quote, behind)


def letters_among(pieces: Sequence[Piece], quote: str, behind: int = 0) -> Letters:
    """The same among the pieces of a paragraph."""
    at = "".join(text for text, _, _ in pieces).find(quote, behind)
    if at < 0:
        return ()
    found: list[tuple[int, int, int]] = []
    first, last = at, at + len(quote)
    for text, client, clock in pieces:
        begin, end = max(first, 0), min(last, len(text))
        if begin < end:
            found.append((client, clock + utf16_len(text[:begin]), utf16_len(text[begin:end])))
        first, last = first - len(text), last - len(text)
    return _linked(found)


def letters_in(index: TextIndex, characters: Letters, paragraph: str) -> Letters:
    """Those of these characters that live in this paragraph."""
    head = index.items.at(ident(paragraph))
    found: list[tuple[int, int, int]] = []
    for client, clock, size in characters:
        for item in index.items.within(client, clock, clock + size):
            if item.alive and head_of(item) is head:
                first, last = max(clock, item.clock), min(clock + size, item.clock + item.size)
                found.append((client, first, last - first))
    return _linked(found)


def home(index: TextIndex, characters: Letters) -> str | None:
    """The paragraph that the first living one of these characters stands in; None when none lives."""
    for client, clock, size in characters:
        for item in index.items.within(client, clock, clock + size):
            head = head_of(item) if item.alive else None
            if head is not None:
                return head.id
    return None


def wording(index: TextIndex, characters: Letters) -> str:
    """How those of these characters that live read."""
    return "".join(piece.text for letters in characters for piece in index.pieces(*letters))


def stretch(index: TextIndex, characters: Letters, paragraph: str) -> tuple[int, int] | None:
    """From the first to behind the last of these characters that live in this paragraph, in code points of its text."""
    wanted: dict[int, list[tuple[int, int]]] = {}
    for client, clock, size in characters:
        wanted.setdefault(client, []).append((clock, clock + size))
    first: int | None = None
    last, at = 0, 0
    for text, client, clock in _living(index.items.at(ident(paragraph))):
        for begin, end in wanted.get(client, ()):
            low, high = max(begin - clock, 0), min(end - clock, utf16_len(text))
            if low < high:
                first = at + len(cut_utf16(text, low)[0]) if first is None else first
                last = at + len(cut_utf16(text, high)[0])
        at += len(text)
    return None if first is None else (first, last)


def _linked(pieces: Iterable[tuple[int, int, int]]) -> Letters:
    """Neighbours by their ids as one: where items are cut depends on what else a process was asked to take."""
    found: list[tuple[int, int, int]] = []
    for client, clock, size in pieces:
        if found and found[-1][0] == client and found[-1][1] + found[-1][2] == clock:
            found[-1] = (client, found[-1][1], found[-1][2] + size)
        else:
            found.append((client, clock, size))
    return tuple(found)


def _living(head: Item) -> Iterator[Piece]:
    """The text of a paragraph in pieces."""
    if len(head.text) > 1:
        yield head.text[1:], head.client, head.clock + 1
    item = head.right
    while item is not None and not item.head:
        if item.alive and item.text:
            yield item.text, item.client, item.clock
        item = item.right


def paragraph_at(index: TextIndex, anchor: str) -> str | None:
    """The paragraph that an anchor stands in."""
    return index.paragraph_of(ident(anchor))


@dataclass(frozen=True, slots=True)
class Gone:
    """A paragraph of which nothing was left: its id, what stood in it, and how it read."""

    paragraph: str
    within: frozenset[Item]
    text: str


@dataclass(frozen=True, slots=True)
class Copy:
    """What was written right before the dead, as an undo does: character for character in their stead."""

    of: int  # the client of the dead
    clock: int  # of the first of them
    size: int
    client: int  # of the first of those written
    at: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update did to newlines. `born`: new heads of paragraphs."""

    born: Sequence[Item]
    gone: Mapping[Item, Gone]  # by whatever stands within
    split: frozenset[Item]  # what stands in paragraphs that new newlines came into
    starts: Mapping[int, int]  # by client: the first of its ids that were new
    copies: Mapping[int, Sequence[Copy]]  # by the client of the dead, in the order of their clocks
    copied: frozenset[Item]  # the copies themselves

    def copies_of(self, characters: Letters) -> Letters:
        """What was written in the stead of these characters, which are dead."""
        found: list[tuple[int, int, int]] = []
        for client, clock, size in characters:
            copies = self.copies.get(client, ())
            start = max(0, bisect_right(copies, clock, key=attrgetter("clock")) - 1)
            for copy in copies[start : bisect_left(copies, clock + size, key=attrgetter("clock"))]:
                first, last = max(clock, copy.clock), min(clock + size, copy.clock + copy.size)
                if first < last:
                    found.append((copy.client, copy.at + first - copy.clock, last - first))
        return _linked(found)

    def gaps(self) -> Iterator[Sequence[Item]]:
        """What stands around new newlines, up to what lived there before, in the order of the text."""
        seen: set[Item] = set()
        for head in self.born:
            if head not in seen:
                before = list(self._new_or_dead(head.left, attrgetter("left")))
                gap = [*reversed(before), head, *self._new_or_dead(head.right, attrgetter("right"))]
                seen.update(gap)
                yield gap

    def _new_or_dead(self, item: Item | None, step: Callable[[Item], Item | None]) -> Iterator[Item]:
        while item is not None and not (item.alive and item.text and not _is_new(item, self.starts)):
            yield item
            item = step(item)


def changes(index: TextIndex, update: Update) -> Changes:
    """Of an update of which everything was taken, and nothing was known before."""
    starts: dict[int, int] = {}
    written: list[Item] = []
    for struct in update.structs:
        starts.setdefault(struct.client, struct.clock)
        if struct.kind == STRING and "\n" in str(struct.value):
            written += index.items.within(struct.client, struct.clock, struct.clock + struct.size)
    killed = _killed(index, update.deletes, starts)
    born = [item for item in dict.fromkeys(written) if item.head]
    falls = [fall for fall in (_fall(item, killed, starts) for item in killed if item.text[:1] == "\n") if fall]
    gone = {item: fall for fall in falls for item in fall.within}
    copies = _copies(index, update, starts)
    anew = {item for each in copies for item in index.items.within(each.client, each.at, each.at + each.size)}
    by_client = {client: list(group) for client, group in groupby(copies, key=lambda each: each.of)}
    return Changes(born, gone, frozenset(_within(born, starts)), starts, by_client, frozenset(anew))


def _copies(index: TextIndex, update: Update, starts: Mapping[int, int]) -> list[Copy]:
    """Whoever undoes a deletion writes each piece anew, with what was deleted as its right origin (Yjs: redoItem); who
    types writes behind the dead."""
    found: list[Copy] = []
    for struct in update.structs:
        if struct.kind == STRING and struct.right_origin is not None:
            dead = index.items.at(struct.right_origin)
            if not (dead.alive or _is_new(dead, starts)):
                found.append(Copy(*struct.right_origin, struct.size, struct.client, struct.clock))
    return sorted(found, key=attrgetter("of", "clock"))


def _killed(
    index: TextIndex, deletes: Mapping[int, Iterable[tuple[int, int]]], starts: Mapping[int, int]
) -> dict[Item, None]:
    """What the update deleted of the text, but for what it wrote itself."""
    found: dict[Item, None] = {}
    for client, ranges in deletes.items():
        for clock, size in ranges:
            for item in index.items.within(client, clock, clock + size):
                if item.block is not None and item.block.sequence is index.text and not _is_new(item, starts):
                    found[item] = None
    return found


def _is_new(item: Item, starts: Mapping[int, int]) -> bool:
    start = starts.get(item.client)
    return start is not None and item.clock >= start


def _fall(head: Item, killed: Mapping[Item, None], starts: Mapping[int, int]) -> Gone | None:
    """None when some of the paragraph's text was left: then it was joined to the one before."""
    within, texts = {head}, [head.text[1:]]
    item = head.right
    while item is not None:
        if not _is_new(item, starts):
            if item.head or (item in killed and item.text[:1] == "\n"):
                break
            if item.alive and item.text:
                return None
            if item in killed:
                texts.append(item.text)
        within.add(item)
        item = item.right
    return Gone(head.id, frozenset(within), "".join(texts))


def _within(born: Iterable[Item], starts: Mapping[int, int]) -> Iterator[Item]:
    """The items of the paragraphs that stood where newlines came, from their old heads to the next."""
    seen: set[Item] = set()
    for new in born:
        head: Item | None = new
        while head is not None and head not in seen and _is_new(head, starts):
            seen.add(head)
            head = head_of(head.left)
        item = None if head in seen else head
        while item is not None and (item is head or not item.head or _is_new(item, starts)):
            seen.add(item)
            yield item
            item = item.right
