"""An index as bytes, so that opening a document needs no integration.

    dump    = "RTI2", byte order ("l" or "b"), zlib of: rows (u32), columns, text in UTF-8, header, its length (u32)
    columns = of unsigned 32-bit integers: one for each field of a row, then the rows' numbers in the order of their ids
    row     = an item; first the text's in their order, then each key's, then the collected
    text    = of the living, without bounds: a row knows how many code points are its own
    header  = JSON: clients and rows of each, keys of the map, rows of the text and of each key, values of marks and
              entries (as JSON, each once: most paragraphs share a few)

The text of the dead is left out, and neighbours that one client wrote, or that died, in one go become one row.

Opening reads whole columns, for a long document has 40,000 rows: what is done for each of them counts.
"""

import json
import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate, islice, pairwise
from operator import or_
from typing import Any, Final

from crdt.errors import Diverged
from crdt.items import NOTHING, Item, Items
from crdt.sequence import Sequence

_MAGIC: Final = b"RTI2" + sys.byteorder[:1].encode()
_FIELDS: Final = 9
"""Client, clock, size, living code points, number of the living value (0: none), client and clock of either origin."""


def pack(text: Sequence, entries: dict[str, Sequence], items: Items) -> bytes:
    rows = _Rows(items)
    counts = [rows.add(sequence) for sequence in (text, *entries.values())]
    rows.add(item for _, known in items.by_client.values() for item in known if item.block is None)
    columns = [rows.numbers[at::_FIELDS] for at in range(_FIELDS)]
    ids = [client << 32 | clock for client, clock in zip(*columns[:2], strict=True)]
    columns.append(array("I", sorted(range(len(ids)), key=ids.__getitem__)))
    rows_of = Counter(columns[0])
    header = {
        "clients": [(client, rows_of[number]) for client, number in rows.clients.items()],
        "counts": counts,
        "keys": list(entries),
        "values": list(rows.values),
    }
    head = json.dumps(header).encode()
    parts = [_u32(len(ids)), *(column.tobytes() for column in columns), "".join(rows.texts).encode(), head]
    return _MAGIC + zlib.compress(b"".join([*parts, _u32(len(head))]), 1)


def _u32(number: int) -> bytes:
    return number.to_bytes(4, "little")


class _Rows:
    """Rows as they are gathered."""

    def __init__(self, items: Items) -> None:
        self.clients = {client: number for number, client in enumerate((NOTHING[0], *items.by_client))}
        self.numbers = array("I")  # the fields of each row, one row after another
        self.texts: list[str] = []
        self.values: dict[str, int] = {}  # as JSON: their numbers

    def add(self, items: Iterable[Item]) -> int:
        """Take the items of one sequence; how many rows they make."""
        numbers, clients, before = self.numbers, self.clients, len(self.numbers)
        last: Item | None = None
        for item in items:
            length, value = 0, 0
            if item.alive and item.text:
                length = len(item.text)
                self.texts.append(item.text)
            elif item.alive:
                value = self.values.setdefault(json.dumps(item.value), len(self.values) + 1)
            if last is not None and not (value or item.head) and self._alike(length) and _continues(last, item):
                numbers[-7] += item.size
                numbers[-6] += length
            else:
                numbers.extend((clients[item.client], item.clock, item.size, length, value))
                numbers.extend((clients[item.origin_client], item.origin_clock))
                numbers.extend((clients[item.right_client], item.right_clock))
            last = item
        return (len(numbers) - before) // _FIELDS

    def _alike(self, length: int) -> bool:
        """Whether the last row, too, is of living characters, or of the dead."""
        return not self.numbers[-5] and (self.numbers[-6] > 0) == (length > 0)


def _continues(left: Item, item: Item) -> bool:
    """Whether one struct of Yjs could hold both."""
    return (
        left.client == item.client
        and item.origin == (left.client, item.clock - 1)
        and left.clock + left.size == item.clock
        and left.right_origin == item.right_origin
    )


def unpack(dump: bytes) -> tuple[Sequence, dict[str, Sequence], Items]:
    """What `pack` took; Diverged when these bytes are not a dump of this version."""
    if not dump.startswith(_MAGIC):
        raise Diverged("a dump of another version")
    try:
        return _unpack(zlib.decompress(dump[len(_MAGIC) :]))
    except (zlib.error, ValueError, LookupError, TypeError) as fault:
        raise Diverged("a dump cannot be read") from fault


def _unpack(data: bytes) -> tuple[Sequence, dict[str, Sequence], Items]:
    rows = int.from_bytes(data[:4], "little")
    head = len(data) - 4 - int.from_bytes(data[-4:], "little")
    numbers = array("I", data[4 : 4 + 4 * rows * (_FIELDS + 1)])
    columns = [numbers[at * rows : (at + 1) * rows].tolist() for at in range(_FIELDS + 1)]
    header = json.loads(data[head:-4])
    items = _items(columns, data[4 + 4 * len(numbers) : head].decode(), header)

    text = Sequence(None)
    entries = {key: Sequence(key) for key in header["keys"]}
    rest = iter(items)
    for sequence, count in zip((text, *entries.values()), header["counts"], strict=True):
        sequence.fill(list(islice(rest, count)))
    order = columns[_FIELDS]
    by_id = list(map(columns[1].__getitem__, order)), list(map(items.__getitem__, order))
    return text, entries, _by_client(*by_id, header["clients"])


def _items(columns: list[list[int]], text: str, header: dict[str, Any]) -> list[Item]:
    client, clock, size, length, value, origin_client, origin_clock, right_client, right_clock, _ = columns
    clients = [one for one, _ in header["clients"]].__getitem__
    values = [None, *map(json.loads, header["values"])].__getitem__
    return list(
        map(
            Item,
            map(clients, client),
            clock,
            size,
            [text[first:last] for first, last in pairwise(accumulate(length, initial=0))],
            map(values, value),
            map(bool, map(or_, length, value)),
            map(clients, origin_client),
            origin_clock,
            map(clients, right_client),
            right_clock,
        )
    )


def _by_client(clocks: list[int], items: list[Item], clients: Iterable[tuple[int, int]]) -> Items:
    """`clocks` and `items` in the order of ids; so many of each client."""
    found = Items()
    first = 0
    for client, count in clients:
        last = first + count
        if count:
            found.by_client[client] = (clocks[first:last], items[first:last])
            found.ends[client] = items[last - 1].clock + items[last - 1].size
        first = last
    return found
