"""The hash chain of a document's record (R1): what an entry's hash covers, exact to the byte.

The canonical entry is JSON in UTF-8 with the keys in this order and no spaces:
`{"at":…,"by":…,"document":…,"kind":…,"payload":…,"seq":…}`; `payload` is the SHA-256 of the payload in lower-case
hex, `at` is UTC with six decimals and a `Z`. The first entry of a document hangs on GENESIS.
"""

import json
from hashlib import sha256

GENESIS = bytes(32)
"""Stands for the hash before the first entry."""


def digest_of(payload: bytes) -> bytes:
    """SHA-256 of a payload: what the chain keeps when the payload itself is withdrawn (R2)."""
    return sha256(payload).digest()


def canonical(document: str, seq: int, kind: str, participant: str, at: str, payload_digest: bytes) -> bytes:
    """The bytes of an entry that its hash covers; the payload is in it by its digest (32 bytes) alone."""
    entry = {
        "at": at,
        "by": participant,
        "document": document,
        "kind": kind,
        "payload": payload_digest.hex(),
        "seq": seq,
    }
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_hash(previous: bytes, entry: bytes) -> bytes:
    """SHA-256 of the previous entry's hash (32 bytes) followed by this entry's canonical bytes."""
    return sha256(previous + entry).digest()
