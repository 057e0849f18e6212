"""Words that come back are their first author's: which new characters stand for which earlier ones.

Two things bring words back, and Yjs gives them new ids either way: an undo (or whoever deletes words and writes the
very same ones in the same place), and the restoring of an earlier text.
"""

from collections.abc import Iterator, Sequence

from crdt.chronicle.past import Past
from crdt.index import TextIndex
from crdt.units import cut_utf16, utf16_len
from crdt.update import STRING, Id, Struct


def brought_back(index: TextIndex, struct: Struct) -> Id | None:
    """The first id of the deleted characters that this struct, which was just taken, stands right before and reads
    like: an undo in Yjs leaves them so."""
    if struct.kind != STRING or struct.right_origin is None or index.items.at(struct.right_origin).alive:
        return None
    client, clock = struct.right_origin
    found = ""
    for item in index.items.within(client, clock, clock + struct.size):
        if item.alive or not item.text:
            return None
        first = max(0, clock - item.clock)
        last = min(item.size, clock + struct.size - item.clock)
        if index.splits_pair((client, item.clock + first)):
            return None
        found += cut_utf16(cut_utf16(item.text, last)[0], first)[1] if (first, last) != (0, item.size) else item.text
    return struct.right_origin if found == struct.value else None


def given_back(index: TextIndex, earlier: Sequence[Past], clients: set[int]) -> Iterator[tuple[int, int, Id, int]]:
    """What these clients wrote of a text that reads as an earlier one did: client, clock, the first of the earlier ids,
    and how many. Nothing where the texts differ, for then nobody knows which is which."""
    sources = [
        (row.client, row.clock, row.text)
        for past in earlier
        for row in (past.head, *(part.row for part in past.parts if part.row is not past.head))
    ]
    living = [item for item in index.text if item.alive and item.text]
    if "".join(item.text for item in living) != "".join(text for _, _, text in sources):
        return
    source, used = 0, 0  # units of it
    for item in living:
        at = 0
        while at < item.size:
            client, clock, text = sources[source]
            size = min(item.size - at, utf16_len(text) - used)
            if item.client in clients:
                yield item.client, item.clock + at, (client, clock + used), size
            at, used = at + size, used + size
            if used == utf16_len(text):
                source, used = source + 1, 0
