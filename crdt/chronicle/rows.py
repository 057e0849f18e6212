"""The rows of a chronicle: what came and went together, in the one order of all that ever was."""

from collections.abc import Iterator
from typing import NamedTuple

from crdt.chronicle.lives import FOREVER, Births, Stretches
from crdt.index import TextIndex
from crdt.items import Item
from crdt.units import cut_utf16
from crdt.update import Plain

__all__ = ["FOREVER", "Row", "rows_of"]


class Row(NamedTuple):
    """Characters of one client with consecutive ids, or one formatting mark. A newline is only ever the first."""

    birth: int  # seq of the entry with which it came
    death: int  # … and went; FOREVER: it lives
    client: int
    clock: int
    text: str  # "": a formatting mark
    value: Plain  # of a mark: [name, value]
    first: int  # seq of the entry that wrote these words first: another than `birth` where they were brought back


def rows_of(index: TextIndex, births: Births, deaths: Stretches, credits_: Stretches) -> list[Row]:
    rows: list[Row] = []
    for item in index.text:
        if not item.text and item.value is None:
            continue  # deleted from birth: nobody ever saw it
        death = FOREVER if item.alive else deaths.of((item.client, item.clock))
        if death is None:
            continue  # collected in the update that brought it
        if not item.text:
            birth = births.of((item.client, item.clock))
            rows.append(Row(birth, death, item.client, item.clock, "", item.value, birth))
            continue
        rows.extend(_parts(item, death, births, credits_))
    return rows


def _parts(item: Item, death: int, births: Births, credits_: Stretches) -> Iterator[Row]:
    client, clock, stop = item.client, item.clock, item.clock + item.size
    rest = item.text
    for start, end, birth in births.within(client, clock, stop):
        for since, until, first in _credited(credits_, client, start, end, birth):
            size = until - since
            if until == stop:
                text, rest = rest, ""
            elif item.size == len(item.text):
                text, rest = rest[:size], rest[size:]
            else:
                text, rest = cut_utf16(rest, size)
            yield Row(birth, death, client, since, text, None, first)


def _credited(credits_: Stretches, client: int, clock: int, stop: int, birth: int) -> Iterator[tuple[int, int, int]]:
    """Stretches that the same entry wrote first: clock, stop and its seq."""
    for start, end, first in credits_.within(client, clock, stop):
        if clock < start:
            yield clock, start, birth
        clock, end = max(clock, start), min(end, stop)
        yield clock, end, first
        clock = end
    if clock < stop:
        yield clock, stop, birth
