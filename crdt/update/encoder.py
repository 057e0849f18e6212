"""From an update to bytes."""

import json
from functools import lru_cache
from itertools import chain

from crdt.update.model import CLOCKS, GC, SKIP, Id, Plain, Struct, Update, joined
from crdt.varint import write_bytes, write_uint


def encode(update: Update) -> bytes:
    """The bytes of an update: blocks by descending client, as Yjs and pycrdt order them, delete ranges sorted."""
    blocks: dict[int, list[Struct]] = {}
    for struct in update.structs:
        blocks.setdefault(struct.client, []).append(struct)
    parts = [write_uint(len(blocks))]
    for client in sorted(blocks, reverse=True):
        block = blocks[client]
        parts += map(write_uint, (len(block), client, block[0].clock))
        clock = block[0].clock
        for struct in block:
            if struct.clock != clock:
                raise ValueError(f"a hole in the ids of client {client} at {clock}")
            parts.append(struct.source or _struct(struct))
            clock += struct.size
    deletes = {client: joined(ranges) for client, ranges in update.deletes.items() if ranges}
    parts.append(write_uint(len(deletes)))
    for client, ranges in deletes.items():
        parts += map(write_uint, (client, len(ranges), *chain.from_iterable(ranges)))
    return b"".join(parts)


def _struct(struct: Struct) -> bytes:
    if struct.kind in (GC, SKIP):
        return bytes((struct.kind,)) + write_uint(struct.size)
    return _place(struct) + _content(struct)


def _place(struct: Struct) -> bytes:
    origins = [_id(ident) for ident in (struct.origin, struct.right_origin) if ident is not None]
    if origins:
        info = struct.kind | (0 if struct.origin is None else 128) | (0 if struct.right_origin is None else 64)
        return bytes((info,)) + b"".join(origins)
    parent = struct.parent
    where = b"\1" + _string(parent) if isinstance(parent, str) else b"\0" + _id(parent or (0, 0))
    if struct.key is None:
        return bytes((struct.kind,)) + where
    return bytes((struct.kind | 32,)) + where + _string(struct.key)


def _content(struct: Struct) -> bytes:
    """Of what is ever written anew; everything else goes on as it came."""
    match struct.kind, struct.value:
        case 1, _:  # DELETED
            return write_uint(struct.size)
        case 4, str(text):  # STRING
            return _string(text)
        case 6, [str(name), value]:  # FORMAT
            return _string(name) + _string(_json(value))
        case 8, list(values):  # ANY
            return write_uint(len(values)) + b"".join(map(_any, values))
    raise ValueError(f"content {struct.kind} is never written anew")


def _any(value: Plain) -> bytes:
    """A value as lib0 writes it: objects, strings, integers, booleans and null are all that the server writes."""
    match value:
        case None:
            return b"\x7e"
        case bool():
            return b"\x78" if value else b"\x79"
        case int() if 0 <= value < 64:
            return bytes((125, value))
        case int() if 0 <= value < CLOCKS:
            return bytes((125, 128 | value & 63)) + write_uint(value >> 6)
        case str():
            return b"\x77" + _string(value)
        case dict():
            members = (_string(key) + _any(inner) for key, inner in value.items())
            return b"\x76" + write_uint(len(value)) + b"".join(members)
    raise ValueError(f"{value!r} is never written")


def _id(ident: Id) -> bytes:
    return _client(ident[0]) + write_uint(ident[1])


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_client = lru_cache(maxsize=64)(write_uint)  # few, in many ids


def _string(text: str) -> bytes:
    return write_bytes(text.encode())
