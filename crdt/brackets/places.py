"""Where the characters of paragraphs stand: from a place that is read to the id that people know (T2)."""

from collections.abc import Iterator
from typing import NamedTuple

from crdt.index import TextIndex
from crdt.items import Item
from crdt.units import cut_utf16, utf16_len
from crdt.update import Id, Range

OPENING, CLOSING = "[［", "]］"


class Stretch(NamedTuple):
    """Characters of one paragraph with consecutive ids."""

    client: int
    clock: int
    at: int  # where it begins in the paragraph's text, in code points
    text: str


def ident(name: str) -> Id:
    """The id that `<client>-<clock>` writes."""
    client, _, clock = name.partition("-")
    return int(client), int(clock)


def stretches(index: TextIndex, paragraph: str) -> Iterator[Stretch]:
    """The living characters of a paragraph that exists, in order."""
    head = index.items.at(ident(paragraph))
    yield Stretch(head.client, head.clock + 1, 0, head.text[1:])
    at = len(head.text) - 1
    item = head.right
    while item is not None and not item.head:
        if item.alive and item.text:
            yield Stretch(item.client, item.clock, at, item.text)
            at += len(item.text)
        item = item.right


def opening_signs(index: TextIndex, paragraph: str) -> dict[int, str]:
    """The id of every `[` in a paragraph, by its place."""
    found: dict[int, str] = {}
    for client, clock, at, text in stretches(index, paragraph):
        for place in signs_in(text):
            found[at + place] = f"{client}-{clock + utf16_len(text[:place])}"
    return found


def signs_in(text: str, signs: str = OPENING) -> Iterator[int]:
    for sign in signs:
        place = text.find(sign)
        while place >= 0:
            yield place
            place = text.find(sign, place + 1)


def ranges(index: TextIndex, paragraph: str, start: int, end: int) -> Iterator[tuple[int, Range]]:
    """The ids of the characters from one place of a paragraph to before another: client, and clock with size."""
    for client, clock, at, text in stretches(index, paragraph):
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            yield client, (clock + utf16_len(text[:first]), utf16_len(text[first:last]))


def id_at(index: TextIndex, paragraph: str, place: int) -> Id:
    """The id of the last UTF-16 unit of the character at a place."""
    ((client, (clock, size)),) = ranges(index, paragraph, place, place + 1)
    return client, clock + size - 1


def point(text: str, unit: int) -> int:
    """Code points before a UTF-16 unit."""
    return unit if text.isascii() else len(cut_utf16(text, unit)[0])


def beside(index: TextIndex, one: Id, other: Id, fresh: dict[int, int]) -> bool:
    """Whether nothing that lives and was there before stands between two characters. `fresh`: by client, the first
    clock of what has just come."""
    begin, aim = index.items.at(one), index.items.at(other)
    if aim.block is None or begin.block is None:
        return False
    return any(aim is item for direction in ("right", "left") for item in _over_the_dead(begin, direction, fresh))


def something_new_around(index: TextIndex, dead: Id, fresh: dict[int, int], known: dict[Item, bool]) -> bool:
    """Whether words have just come where a deleted character stood. `known`: what was found of others so far."""
    item = index.items.at(dead)
    if item in known:
        return known[item]
    row = [item, *_over_the_dead(item, "left", fresh), *_over_the_dead(item, "right", fresh)]
    found = any(each.alive and each.text.strip() for each in row)
    known.update((each, found) for each in row if not each.alive)
    return found


REACH = 20_000
"""Items that are looked at on either side."""


def _over_the_dead(item: Item, direction: str, fresh: dict[int, int]) -> Iterator[Item]:
    """What stands beside an item, up to what lives and is old. (Marks are no characters.)"""
    for _ in range(REACH):
        item = getattr(item, direction)
        if item is None or (item.alive and item.text and item.clock < fresh.get(item.client, item.clock + 1)):
            return
        yield item
