"""Yjs updates (format v1) as values: a bounded decoder and its encoder.

An update is structs (what is new) and a delete set. `decode` lets pass only what Yjs and pycrdt read alike: every count
is checked against the bytes that are left, every clock and every depth against a bound, before anything is built.

    update   = blocks: varuint, { block }, deletes: varuint, { client, ranges: varuint, { clock, size } }
    block    = structs: varuint, client, clock of the first, { struct }
    struct   = info byte, [ origin id ], [ right origin id ], [ parent, [ key ] ], content
    info     = kind | 0x80 with origin | 0x40 with right origin | 0x20 with key
"""

from crdt.update.decoder import OWN, PEER, Bounds, decode
from crdt.update.encoder import encode
from crdt.update.model import (
    ANY,
    BINARY,
    CLIENTS,
    CLOCKS,
    DELETED,
    DOC,
    EMBED,
    FORMAT,
    GC,
    JSON,
    SKIP,
    STRING,
    TYPE,
    Id,
    Plain,
    Range,
    Struct,
    Update,
    buried,
    collected,
    joined,
    tail,
)

__all__ = [
    "ANY", "BINARY", "CLIENTS", "CLOCKS", "DELETED", "DOC", "EMBED", "FORMAT", "GC", "JSON", "OWN", "PEER", "SKIP",
    "STRING", "TYPE", "Bounds", "Id", "Plain", "Range", "Struct", "Update", "buried", "collected", "decode", "encode",
    "joined", "tail",
]  # fmt: skip
