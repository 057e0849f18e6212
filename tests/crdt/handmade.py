"""Yjs updates written by hand, byte by byte, so that tests can say what no Yjs client would.

Independent of `crdt.update` on purpose: what that cannot write, an attacker can.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Id = tuple[int, int]


def uint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def text_of(value: str) -> bytes:
    raw = value.encode("utf-8", "surrogatepass")
    return uint(len(raw)) + raw


def plain(value: Any) -> bytes:
    """A value as lib0 writes it."""
    match value:
        case None:
            return b"\x7e"
        case bool():
            return b"\x78" if value else b"\x79"
        case int():
            size = abs(value)
            first = (64 if value < 0 else 0) | size & 63 | (128 if size > 63 else 0)
            return b"\x7d" + bytes((first,)) + (uint(size >> 6) if size > 63 else b"")
        case str():
            return b"\x77" + text_of(value)
        case dict():
            return b"\x76" + uint(len(value)) + b"".join(text_of(k) + plain(v) for k, v in value.items())
        case list():
            return b"\x75" + uint(len(value)) + b"".join(plain(v) for v in value)
        case bytes():  # as it is
            return value
    raise TypeError(value)


def item(
    kind: int,
    content: bytes,
    after: Id | None = None,
    before: Id | None = None,
    root: str | Id = "text",
    key: str | None = None,
    flags: int = 0,
) -> bytes:
    """A struct with a place: behind one id, before another, else under a root (or a nested type's id)."""
    info = kind | (128 if after else 0) | (64 if before else 0) | (0 if key is None else 32) | flags
    out = bytes((info,))
    for ident in (after, before):
        if ident is not None:
            out += uint(ident[0]) + uint(ident[1])
    if after is None and before is None:
        out += b"\x01" + text_of(root) if isinstance(root, str) else b"\x00" + uint(root[0]) + uint(root[1])
        if key is not None:
            out += text_of(key)
    return out + content


def gc(size: int) -> bytes:
    return b"\x00" + uint(size)


def skip(size: int) -> bytes:
    return b"\x0a" + uint(size)


def deleted(size: int, after: Id | None = None, before: Id | None = None, **place: Any) -> bytes:
    return item(1, uint(size), after, before, **place)


def string(value: str, after: Id | None = None, before: Id | None = None, **place: Any) -> bytes:
    return item(4, text_of(value), after, before, **place)


def mark(name: str, value: Any, after: Id | None = None, before: Id | None = None, **place: Any) -> bytes:
    return item(6, text_of(name) + text_of(json.dumps(value)), after, before, **place)


def entry(key: str, *values: Any, after: Id | None = None, before: Id | None = None, root: str = "paragraphs") -> bytes:
    """A write to a map: behind the last one to its key, if there was any."""
    return item(8, uint(len(values)) + b"".join(map(plain, values)), after, before, root=root, key=key)


def embed(value: Any, after: Id | None = None, **place: Any) -> bytes:
    return item(5, text_of(json.dumps(value)), after, None, **place)


def binary(value: bytes, after: Id | None = None, **place: Any) -> bytes:
    return item(3, uint(len(value)) + value, after, None, **place)


def json_values(*values: Any, after: Id | None = None, **place: Any) -> bytes:
    return item(2, uint(len(values)) + b"".join(text_of(json.dumps(v)) for v in values), after, None, **place)


def nested(kind: int, name: str | None = None, after: Id | None = None, **place: Any) -> bytes:
    """A shared type: 0 array, 1 map, 2 text, 3 XML element and 5 hook (with a name), 4 fragment, 6 XML text."""
    return item(7, uint(kind) + (b"" if name is None else text_of(name)), after, None, **place)


def subdoc(guid: str, after: Id | None = None, **place: Any) -> bytes:
    return item(9, text_of(guid) + plain({}), after, None, **place)


def block(client: int, clock: int, *structs: bytes) -> bytes:
    return uint(len(structs)) + uint(client) + uint(clock) + b"".join(structs)


def deletes(ranges: Mapping[int, Sequence[tuple[int, int]]]) -> bytes:
    out = uint(len(ranges))
    for client, found in ranges.items():
        out += uint(client) + uint(len(found)) + b"".join(uint(clock) + uint(size) for clock, size in found)
    return out


def update(*blocks: bytes, delete: Mapping[int, Sequence[tuple[int, int]]] | None = None) -> bytes:
    return uint(len(blocks)) + b"".join(blocks) + deletes(delete or {})


def typed(client: int, clock: int, text: str, after: Id | None = None, before: Id | None = None) -> bytes:
    """The update of one insertion: behind one id and before another, or at the beginning of the text."""
    return update(block(client, clock, string(text, after, before)))
