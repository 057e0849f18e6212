"""The commonest update by far: some characters that go on where their client's last ones end.

Nothing else of a document is concerned, so they are known by their bytes alone, and taken at a fifth of the cost of a
closer look. Whatever is not exactly so, down to how its numbers are written, is left to `judging`; what is taken here
would be taken there, and leave the same behind.
"""

from collections.abc import Mapping
from typing import Final

from crdt.errors import Malformed
from crdt.gate.arrivals import Arrivals
from crdt.gate.locks import Locks
from crdt.gate.schema import is_text
from crdt.index import TextIndex
from crdt.items import Item
from crdt.sequence import head_of
from crdt.units import utf16_len
from crdt.update import CLOCKS, STRING
from crdt.varint import read_uint, write_uint

_ONE_STRUCT: Final = b"\1\1"  # of one client
_NO_DELETES: Final = b"\0"
_SHORT: Final = range(3, 130)  # bytes: a count below 128, so many of characters, and no deletions


def typed_on(
    index: TextIndex, arrivals: Arrivals, owners: Mapping[int, str], data: bytes, participant: str, locks: Locks
) -> bool:
    """Take such an update; False, and nothing is changed, when it is another."""
    item = _last_of_client(index, data)
    if item is None or owners.get(item.client) != participant or not (item.alive and item.text):
        return False
    clock = item.clock + item.size
    text = _text(data, _beginning(item, clock))
    if text is None or "\n" in text or not is_text(text) or not _stands_alone(item, locks):
        return False
    size = utf16_len(text)
    if clock + size >= CLOCKS or not arrivals.go_on(item.client, clock, size):
        return False
    index.lengthen(item, text, size)
    return True


def _last_of_client(index: TextIndex, data: bytes) -> Item | None:
    """The item that holds the last id of the client whose struct an update brings, if it brings one."""
    if not data.startswith(_ONE_STRUCT):
        return None
    try:
        return index.items.last(read_uint(data, len(_ONE_STRUCT))[0])
    except Malformed:
        return None


def _text(data: bytes, beginning: bytes) -> str | None:
    """The characters of an update whose one struct has this beginning."""
    at = len(_ONE_STRUCT) + len(beginning)
    rest = len(data) - at
    if rest not in _SHORT or data[at] != rest - 2 or not data.startswith(beginning, len(_ONE_STRUCT)):
        return None
    try:
        return data[at + 1 : -1].decode() if data.endswith(_NO_DELETES) else None
    except UnicodeDecodeError:
        return None


def _beginning(item: Item, clock: int) -> bytes:
    """Of the struct of what is written right behind an item, as Yjs and pycrdt write it: its id and its origins."""
    client = write_uint(item.client)
    parts = [client, write_uint(clock), b"", client, write_uint(clock - 1)]
    if item.right_origin is None:
        parts[2] = bytes((STRING | 128,))
    else:
        parts[2] = bytes((STRING | 192,))
        parts += map(write_uint, item.right_origin)
    return b"".join(parts)


def _stands_alone(item: Item, locks: Locks) -> bool:
    """Whether nobody else wrote right behind an item since it was, and no lock holds it."""
    right = item.right
    behind = None if right is None else (right.client, right.clock)
    return behind == item.right_origin and not (locks and locks.hold(head_of(item)))
