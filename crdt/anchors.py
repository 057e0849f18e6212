"""What is said about a paragraph follows it: what an update that makes or removes newlines means for those who hold on
to a newline, and to some characters of its paragraph.

An anchor is the id of a newline. While that lives it is the paragraph's own; when it was joined to another, the place
where it died says which paragraph has the text now (T2). Only where nothing of a paragraph was left is it gone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crdt.index import TextIndex
from crdt.items import Item
from crdt.sequence import head_of
from crdt.units import cut_utf16, utf16_len
from crdt.update import STRING, Update

Letters = tuple[tuple[int, int, int], ...]
"""Characters by their ids: client, clock and how many UTF-16 units; in the order of the text."""


def ident(name: str) -> tuple[int, int]:
    """The id that people see as `name` (T2)."""
    client, _, clock = name.partition("-")
    return int(client), int(clock)


def letters(index: TextIndex, paragraph: str, quote: str, behind: int = 0) -> Letters:
    """The characters of the first place in a paragraph, from its character `behind` on, that reads like this; none when
    there is none."""
    head = index.items.at(ident(paragraph))
    pieces = list(_living(head))
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


def _living(head: Item) -> Iterator[tuple[str, int, int]]:
    """The text of a paragraph in pieces, each with the id of its first character."""
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
class Changes:
    """What an update did to newlines. `born`: new heads of paragraphs, in the order of the text."""

    born: Sequence[Item]
    gone: Sequence[Gone]
    split: frozenset[Item]  # what stands in paragraphs that new newlines came into
    starts: Mapping[int, int]  # by client: the first of its ids that were new

    def heir(self, index: TextIndex, characters: Letters) -> str | None:
        """The new paragraph that the first living one of these characters stands in now."""
        item = _first_living(index, characters)
        head = head_of(item)
        return head.id if head is not None and head in self.born else None

    def candidates(self, index: TextIndex, anchor: str) -> Iterator[Item]:
        """New paragraphs where one that is gone stood: before its place, where an undo writes them, the nearest first;
        and behind it, where whoever types does, the nearest last. Nothing old that lives stands between."""
        head = head_of(index.items.at(ident(anchor)))
        while head is not None and head in self.born:
            yield head
            head = head_of(head.left)
        yield from reversed([item for item in self._behind(index, anchor) if item.head])

    def order(self, index: TextIndex, anchor: str) -> int:
        """Of anchors with the same candidates: the last of them first."""
        return sum(1 for _ in self._behind(index, anchor))

    def _behind(self, index: TextIndex, anchor: str) -> Iterator[Item]:
        """What stands behind an anchor, up to what lived there before."""
        item = index.items.at(ident(anchor)).right
        while item is not None and not (item.alive and item.text and not _is_new(item, self.starts)):
            yield item
            item = item.right


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
    gone = [fall for fall in (_fall(item, killed, starts) for item in killed if item.text[:1] == "\n") if fall]
    return Changes(born, gone, frozenset(_within(born, starts)), starts)


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
    """The items of the paragraphs that stood where newlines came, from their old heads on."""
    for new in born:
        head: Item | None = new
        while head is not None and _is_new(head, starts):
            head = head_of(head.left)
        item = head
        while item is not None and item is not new:
            yield item
            item = item.right


def _first_living(index: TextIndex, characters: Letters) -> Item | None:
    for client, clock, size in characters:
        for item in index.items.within(client, clock, clock + size):
            if item.alive:
                return item
    return None
