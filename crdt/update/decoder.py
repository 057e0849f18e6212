"""From bytes to an update, within bounds."""

from typing import Final, NamedTuple

from crdt.errors import Malformed
from crdt.units import utf16_len
from crdt.update.model import CLOCKS, GC, SKIP, STRING, Id, Plain, Range, Struct, Update, joined
from crdt.update.reader import Reader


class Bounds(NamedTuple):
    """What `decode` takes at most. The default suits a peer's answer to step 1, `OWN` what the server itself wrote."""

    size: int = 8 << 20  # bytes
    structs: int = 200_000
    ranges: int = 200_000  # of the delete set
    depth: int = 16  # of a nested value


PEER: Final = Bounds()
OWN: Final = Bounds(size=1 << 30, structs=1 << 26, ranges=1 << 26)


def decode(data: bytes, bounds: Bounds = PEER) -> Update:
    """The update in `data`; Malformed when it is not one, or beyond `bounds`."""
    if len(data) > bounds.size:
        raise Malformed(f"an update of {len(data)} bytes is longer than {bounds.size}")
    reader = Reader(data, bounds.depth)
    try:
        structs = _structs(reader, bounds)
        deletes, tidy = _deletes(reader, bounds)
    except IndexError:
        raise Malformed("the update ends too early") from None
    except UnicodeDecodeError as fault:
        raise Malformed(f"a string is not UTF-8: {fault.reason}") from None
    if reader.at != len(data):
        raise Malformed("bytes after the end of the update")
    return Update(structs, deletes, tidy)


def _structs(reader: Reader, bounds: Bounds) -> tuple[Struct, ...]:
    found: list[Struct] = []
    clients: set[int] = set()
    for _ in range(reader.count()):
        count = reader.count()
        client = reader.client()
        clock = reader.varint(CLOCKS)
        if count == 0 or client in clients:
            raise Malformed("a block of structs is empty or comes twice")
        if len(found) + count > bounds.structs:
            raise Malformed(f"more than {bounds.structs} structs")
        clients.add(client)
        for _ in range(count):
            struct = _struct(reader, client, clock)
            clock += struct.size
            found.append(struct)
        if clock >= CLOCKS:
            raise Malformed("a clock beyond 2^31")
    return tuple(found)


def _struct(reader: Reader, client: int, clock: int) -> Struct:
    start = reader.at
    info = reader.data[start]
    reader.at = start + 1
    kind = info & 31
    origin: Id | None = None
    right_origin: Id | None = None
    parent: str | Id | None = None
    key: str | None = None
    if kind in (GC, SKIP):
        if info != kind:
            raise Malformed("a struct without content has flags")
    else:
        if info & 128:
            origin = reader.id()
        if info & 64:
            right_origin = reader.id()
        if info < 64:
            parent, key = _parent(reader, bool(info & 32))
    if kind == STRING:
        text = reader.string()
        value: Plain = text
        size = utf16_len(text)
    else:
        size, value = _content(reader, kind)
    if size < 1:
        raise Malformed("a struct of no length")
    return Struct(client, clock, size, kind, origin, right_origin, parent, key, value, reader.data[start : reader.at])


def _parent(reader: Reader, keyed: bool) -> tuple[str | Id, str | None]:
    named = reader.varint()
    if named > 1:
        raise Malformed("a parent that is neither a root nor an id")
    parent = reader.string() if named else reader.id()
    return parent, reader.string() if keyed else None


def _content(reader: Reader, kind: int) -> tuple[int, Plain]:
    """Size and value of any content but a string's."""
    match kind:
        case 0 | 1 | 10:  # GC, DELETED, SKIP
            return reader.varint(CLOCKS), None
        case 2:  # JSON
            count = reader.count()
            for _ in range(count):
                reader.json(undefined=True)
            return count, None
        case 3:  # BINARY
            return 1, reader.buffer()
        case 5:  # EMBED
            reader.json()
        case 6:  # FORMAT
            return 1, [reader.string(), reader.json()]
        case 7:  # TYPE
            type_kind = reader.varint()
            if type_kind > 6:
                raise Malformed(f"unknown type {type_kind}")
            if type_kind in (3, 5):  # an XML element or hook has a name
                reader.string()
        case 8:  # ANY
            values: list[Plain] = [reader.any() for _ in range(reader.count())]
            return len(values), values
        case 9:  # DOC
            reader.string()
            reader.any()
        case _:
            raise Malformed(f"unknown content {kind}")
    return 1, None


def _deletes(reader: Reader, bounds: Bounds) -> tuple[dict[int, list[Range]], bool]:
    found: dict[int, list[Range]] = {}
    total, tidy = 0, True
    for _ in range(reader.count()):
        client = reader.varint()
        count = reader.count()
        total += count
        if client in found:
            raise Malformed("a client's deletions come twice")
        if total > bounds.ranges:
            raise Malformed(f"more than {bounds.ranges} deleted ranges")
        ranges: list[Range] = []
        end = -1
        tidy = tidy and count > 0
        for _ in range(count):
            clock, size = reader.varint(CLOCKS), reader.varint(CLOCKS)
            if size == 0 or clock + size >= CLOCKS:
                raise Malformed("a deleted range of no length or beyond 2^31")
            tidy = tidy and clock > end
            end = clock + size
            ranges.append((clock, size))
        found[client] = ranges
    return (found, True) if tidy else ({client: joined(ranges) for client, ranges in found.items()}, False)
