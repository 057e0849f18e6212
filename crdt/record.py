"""The hash chain of a document's record (R1): what an entry's hash covers, exact to the byte.

The canonical entry is JSON in UTF-8 with the keys in this order and no spaces:
`{"at":…,"by":…,"document":…,"kind":…,"payload":…,"seq":…}`; `payload` is the SHA-256 of the payload in lower-case
hex, `at` is UTC with six decimals and a `Z`. The first entry of a document hangs on GENESIS.
"""

from hashlib import sha256
from json.encoder import encode_basestring as _quoted

GENESIS = bytes(32)
"""Stands for the hash before the first entry."""


def digest_of(payload: bytes) -> bytes:
    """SHA-256 of a payload: what the chain keeps when the payload itself is withdrawn (R2)."""
    return sha256(payload).digest()


def canonical(document: str, seq: int, kind: str, participant: str, at: str, payload_digest: bytes) -> bytes:
    """The bytes of an entry that its hash covers; the payload is in it by its digest (32 bytes) alone."""
    line = (
        f'{{"at":{_quoted(at)},"by":{_quoted(participant)},"document":{_quoted(document)},"kind":{_quoted(kind)},'
        f'"payload":"{payload_digest.hex()}","seq":{seq:d}}}'
    )
    return line.encode()


def entry_hash(previous: bytes, entry: bytes) -> bytes:
    """SHA-256 of the previous entry's hash (32 bytes) followed by this entry's canonical bytes."""
    return sha256(previous + entry).digest()
