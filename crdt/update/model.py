"""An update as values: what is new, and what is deleted."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from crdt.units import cut_utf16

Id = tuple[int, int]  # (client, clock)
Range = tuple[int, int]  # (clock, size)
Plain = None | bool | int | float | str | bytes | list["Plain"] | dict[str, "Plain"]

GC: Final = 0
DELETED: Final = 1
JSON: Final = 2
BINARY: Final = 3
STRING: Final = 4
EMBED: Final = 5
FORMAT: Final = 6
TYPE: Final = 7
ANY: Final = 8
DOC: Final = 9
SKIP: Final = 10

CLIENTS: Final = 1 << 53  # JavaScript's safe integers
CLOCKS: Final = 1 << 31


class Struct(NamedTuple):
    """Ids (client, clock) to (client, clock + size - 1) and what they stand for. (A tuple: made four times as fast
    as a frozen dataclass, and one is made for every keystroke.)"""

    client: int
    clock: int
    size: int  # UTF-16 units of a string, number of values, else 1 or as written
    kind: int
    origin: Id | None = None  # the last id of what stood to the left when it was written
    right_origin: Id | None = None
    parent: str | Id | None = None  # a root's name or a nested type's id; only without origins
    key: str | None = None  # of a map; only without origins
    value: Plain = None  # STRING: str; FORMAT: [name, value]; ANY: list; BINARY: bytes; else None
    source: bytes = b""  # itself as it came; empty: encoded from the fields


class Update(NamedTuple):
    structs: tuple[Struct, ...]  # a client's in the order of their clocks, without a hole (a SKIP is a struct)
    deletes: Mapping[int, list[Range]]  # sorted, neighbours joined
    tidy: bool = True  # whether the delete set came so; if not, what goes on must be encoded anew


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Sorted, overlapping and neighbouring ranges made one. (Two ranges that meet inside a surrogate pair corrupt
    pycrdt's document.)"""
    out: list[Range] = []
    for clock, size in sorted(ranges):
        if out and clock <= out[-1][0] + out[-1][1]:
            start, length = out[-1]
            out[-1] = (start, max(length, clock + size - start))
        else:
            out.append((clock, size))
    return out


def tail(struct: Struct, skip: int) -> Struct:
    """The struct without its first `skip` ids, as Yjs cuts one whose beginning it knows already."""
    value = struct.value
    if isinstance(value, str):
        value = cut_utf16(value, skip)[1]
    elif isinstance(value, list):
        value = value[skip:]
    origin = None if struct.kind in (GC, SKIP) else (struct.client, struct.clock + skip - 1)
    return Struct(
        struct.client, struct.clock + skip, struct.size - skip, struct.kind, origin, struct.right_origin, value=value
    )


def buried(struct: Struct) -> Struct:
    """The struct's ids in their place in the text, deleted from birth."""
    return struct._replace(kind=DELETED, value=None, source=b"")


def collected(struct: Struct) -> Struct:
    """The struct's ids, standing nowhere: a map entry that must not displace the one before."""
    return Struct(struct.client, struct.clock, struct.size, GC)
