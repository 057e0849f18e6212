"""Yjs updates (format v1) as values: a bounded decoder and its encoder.

An update is structs (what is new) and a delete set. `decode` lets pass only what Yjs and pycrdt read alike: every count
is checked against the bytes that are left, every clock and every depth against a bound, before anything is built.

    update   = blocks: varuint, { block }, deletes: varuint, { client, ranges: varuint, { clock, size } }
    block    = structs: varuint, client, clock of the first, { struct }
    struct   = info byte, [ origin id ], [ right origin id ], [ parent, [ key ] ], content
    info     = kind | 0x80 with origin | 0x40 with right origin | 0x20 with key
"""

import json
from collections.abc import Iterable, Mapping
from struct import unpack_from
from typing import Final, NamedTuple

from crdt.errors import Malformed
from crdt.units import cut_utf16, utf16_len

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


class Bounds(NamedTuple):
    """What `decode` takes at most. The default suits a peer's answer to step 1, `OWN` what the server itself wrote."""

    size: int = 8 << 20  # bytes
    structs: int = 200_000
    ranges: int = 200_000  # of the delete set
    depth: int = 16  # of a nested value


PEER: Final = Bounds()
OWN: Final = Bounds(size=1 << 30, structs=1 << 26, ranges=1 << 26)


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


# -- decoding


def decode(data: bytes, bounds: Bounds = PEER) -> Update:
    """The update in `data`; Malformed when it is not one, or beyond `bounds`."""
    if len(data) > bounds.size:
        raise Malformed(f"an update of {len(data)} bytes is longer than {bounds.size}")
    reader = _Reader(data, bounds.depth)
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


def _structs(reader: "_Reader", bounds: Bounds) -> tuple[Struct, ...]:
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


def _struct(reader: "_Reader", client: int, clock: int) -> Struct:
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


def _parent(reader: "_Reader", keyed: bool) -> tuple[str | Id, str | None]:
    named = reader.varint()
    if named > 1:
        raise Malformed("a parent that is neither a root nor an id")
    parent = reader.string() if named else reader.id()
    return parent, reader.string() if keyed else None


def _content(reader: "_Reader", kind: int) -> tuple[int, Plain]:
    """Size and value of any content but a string's."""
    match kind:
        case 0 | 1 | 10:  # GC, DELETED, SKIP
            return reader.varint(CLOCKS), None
        case 2:  # JSON
            count = reader.count()
            for _ in range(count):
                reader.string()
            return count, None
        case 3:  # BINARY
            return 1, reader.buffer()
        case 5:  # EMBED
            _json(reader.string())
        case 6:  # FORMAT
            return 1, [reader.string(), _json(reader.string())]
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


def _deletes(reader: "_Reader", bounds: Bounds) -> tuple[dict[int, list[Range]], bool]:
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


def _json(text: str) -> Plain:
    """The value of a JSON text, as strictly as JavaScript reads it."""
    if text == "true":
        return True
    if text == "null":
        return None
    try:
        value: Plain = json.loads(text, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates that came as escapes
    except (ValueError, RecursionError):
        raise Malformed("a value is not JSON") from None
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)


class _Reader:
    """A place in some bytes. Reading past the end is an IndexError, or Malformed."""

    __slots__ = ("_client", "_written", "at", "data", "depth")

    def __init__(self, data: bytes, depth: int) -> None:
        self.data = data
        self.at = 0
        self.depth = depth
        self._client = 0  # whose block is being read, and how that was written: most ids in it are its own
        self._written = b"\0"

    def client(self) -> int:
        start = self.at
        self._client = self.varint()
        self._written = self.data[start : self.at]
        return self._client

    def id(self) -> Id:
        if self.data.startswith(self._written, self.at):
            self.at += len(self._written)
            return self._client, self.varint(CLOCKS)
        return self.varint(), self.varint(CLOCKS)

    def varint(self, below: int = CLIENTS) -> int:
        data, at = self.data, self.at
        byte = data[at]
        if byte < 128:
            self.at = at + 1
            return byte
        value, shift = byte & 127, 7
        while byte > 127:
            if shift > 49:
                raise Malformed("a number is too long")
            at += 1
            byte = data[at]
            value |= (byte & 127) << shift
            shift += 7
        if value >= below:
            raise Malformed(f"a number is not below {below}")
        self.at = at + 1
        return value

    def count(self) -> int:
        """How many things follow, each at least a byte."""
        count = self.varint()
        if count > len(self.data) - self.at:
            raise Malformed("a count is beyond the end of the update")
        return count

    def buffer(self) -> bytes:
        size = self.varint()
        start = self.at
        self.at = end = start + size
        if end > len(self.data):
            raise Malformed("a string is longer than the update")
        return self.data[start:end]

    def string(self) -> str:
        """UTF-8 without lone surrogates."""
        return self.buffer().decode()

    def any(self) -> Plain:
        """A value as lib0 writes it."""
        tag = self.data[self.at]
        self.at += 1
        match tag:
            case 127 | 126:  # undefined, null
                return None
            case 125:
                return self._signed()
            case 124:
                return self._number(">f", 4)
            case 123:
                return self._number(">d", 8)
            case 122:
                return int(self._number(">q", 8))
            case 121 | 120:
                return tag == 120
            case 119:
                return self.string()
            case 118 | 117:
                return self._nested(tag == 118)
            case 116:
                return self.buffer()
        raise Malformed(f"unknown value {tag}")

    def _nested(self, keyed: bool) -> Plain:
        if self.depth == 0:
            raise Malformed("a value is nested too deep")
        self.depth -= 1
        count = self.count()
        members = range(count)
        value: Plain = {self.string(): self.any() for _ in members} if keyed else [self.any() for _ in members]
        self.depth += 1
        return value

    def _signed(self) -> int:
        byte = self.data[self.at]
        self.at += 1
        value = byte & 63
        if byte & 128:
            value |= self.varint() << 6
        if value >= CLIENTS:
            raise Malformed("an integer is beyond 2^53")
        return -value if byte & 64 else value

    def _number(self, form: str, size: int) -> int | float:
        self.at += size
        if self.at > len(self.data):
            raise Malformed("a number is cut off")
        number: int | float = unpack_from(form, self.data, self.at - size)[0]
        return number


# -- encoding


def encode(update: Update) -> bytes:
    """The bytes of an update: blocks by descending client, as Yjs and pycrdt order them, delete ranges sorted."""
    blocks: dict[int, list[Struct]] = {}
    for struct in update.structs:
        blocks.setdefault(struct.client, []).append(struct)
    out = bytearray()
    _write(out, len(blocks))
    for client in sorted(blocks, reverse=True):
        block = blocks[client]
        for number in (len(block), client, block[0].clock):
            _write(out, number)
        for struct in block:
            out += struct.source or _bytes_of(struct)
    deletes = {client: joined(ranges) for client, ranges in update.deletes.items() if ranges}
    _write(out, len(deletes))
    for client, ranges in deletes.items():
        _write(out, client)
        _write(out, len(ranges))
        for clock, size in ranges:
            _write(out, clock)
            _write(out, size)
    return bytes(out)


def _bytes_of(struct: Struct) -> bytes:
    out = bytearray()
    if struct.kind in (GC, SKIP):
        out.append(struct.kind)
    else:
        _write_head(out, struct)
    match struct.kind, struct.value:
        case ((0 | 1 | 10), _):
            _write(out, struct.size)
        case 4, str(text):
            _write_string(out, text)
        case 6, [str(name), value]:
            _write_string(out, name)
            _write_string(out, json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        case 8, list(values):
            _write(out, len(values))
            for value in values:
                _write_any(out, value)
        case _:
            raise ValueError(f"content {struct.kind} is never written anew")
    return bytes(out)


def _write_head(out: bytearray, struct: Struct) -> None:
    parented = struct.origin is None and struct.right_origin is None
    out.append(
        struct.kind
        | (0 if struct.origin is None else 128)
        | (0 if struct.right_origin is None else 64)
        | (32 if parented and struct.key is not None else 0)
    )
    for ident in (struct.origin, struct.right_origin):
        if ident is not None:
            _write(out, ident[0])
            _write(out, ident[1])
    if not parented:
        return
    if isinstance(struct.parent, str):
        _write(out, 1)
        _write_string(out, struct.parent)
    elif struct.parent is not None:
        _write(out, 0)
        _write(out, struct.parent[0])
        _write(out, struct.parent[1])
    if struct.key is not None:
        _write_string(out, struct.key)


def _write(out: bytearray, number: int) -> None:
    while number > 127:
        out.append(128 | number & 127)
        number >>= 7
    out.append(number)


def _write_string(out: bytearray, text: str) -> None:
    raw = text.encode()
    _write(out, len(raw))
    out += raw


def _write_any(out: bytearray, value: Plain) -> None:
    """A value of what the server itself writes: nothing but objects, strings, small integers, booleans and null."""
    match value:
        case None:
            out.append(126)
        case bool():
            out.append(120 if value else 121)
        case int() if 0 <= value < CLOCKS:
            out.append(125)
            out.append(value & 63 | (128 if value > 63 else 0))
            if value > 63:
                _write(out, value >> 6)
        case str():
            out.append(119)
            _write_string(out, value)
        case dict():
            out.append(118)
            _write(out, len(value))
            for key, inner in value.items():
                _write_string(out, key)
                _write_any(out, inner)
        case _:
            raise ValueError(f"{value!r} is never written")


# -- rewriting


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
