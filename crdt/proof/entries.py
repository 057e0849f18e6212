"""Entries of a record as they are handed to outsiders: one line of JSON each."""

import json
from base64 import b64decode, b64encode
from binascii import Error
from typing import NamedTuple

from crdt.proof.faults import Fault


class Recorded(NamedTuple):
    """An entry (R1). `payload` None: withheld, as all that is said in comments is; its digest stands for it."""

    seq: int
    kind: str
    by: str  # participant
    at: str
    payload: bytes | None
    digest: bytes
    hash: bytes


def line(entry: Recorded) -> str:
    """Without a line end."""
    members = {
        "seq": entry.seq,
        "kind": entry.kind,
        "by": entry.by,
        "at": entry.at,
        "payload": None if entry.payload is None else b64encode(entry.payload).decode("ascii"),
        "digest": entry.digest.hex(),
        "hash": entry.hash.hex(),
    }
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Recorded:
    """Raises Fault."""
    try:
        match json.loads(text):
            case {
                "seq": int(seq),
                "kind": str(kind),
                "by": str(by),
                "at": str(at),
                "payload": str() | None as payload,
                "digest": str(digest),
                "hash": str(hash_),
            }:
                plain = None if payload is None else b64decode(payload, validate=True)
                return Recorded(seq, kind, by, at, plain, bytes.fromhex(digest), bytes.fromhex(hash_))
    except (ValueError, Error, RecursionError):
        pass  # said below
    raise Fault("a line of the record cannot be read")
