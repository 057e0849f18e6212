"""R1: the canonical entry and the chain of hashes, exact enough to be computed elsewhere."""

import hashlib
import json

from hypothesis import given
from hypothesis.strategies import integers, text

from crdt.record import GENESIS, canonical, digest_of, entry_hash

AT = "2026-11-25T22:12:42.123456Z"


def test_r1_the_canonical_entry_is_these_bytes() -> None:
    entry = canonical("0123456789abcdef", 7, "update", "Айгүл", AT, digest_of(b"\x00\x00"))
    assert (
        entry
        == (
            '{"at":"2026-11-25T22:12:42.123456Z","by":"Айгүл","document":"0123456789abcdef","kind":"update",'
            '"payload":"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7","seq":7}'
        ).encode()
    )


@given(text(), integers(1, 2**53), text(), text())
def test_r1_any_json_writer_makes_the_same_bytes(document: str, seq: int, kind: str, participant: str) -> None:
    digest = digest_of(b"payload")
    fields = {"at": AT, "by": participant, "document": document, "kind": kind, "payload": digest.hex(), "seq": seq}
    written = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(document, seq, kind, participant, AT, digest) == written.encode()


def test_r1_a_hash_covers_the_one_before_and_the_entry() -> None:
    first = canonical("d", 1, "update", "p", AT, digest_of(b"one"))
    second = canonical("d", 2, "update", "p", AT, digest_of(b"two"))
    h1 = entry_hash(GENESIS, first)
    assert h1 == hashlib.sha256(b"\x00" * 32 + first).digest()
    assert entry_hash(h1, second) == hashlib.sha256(h1 + second).digest()


def test_r1_every_field_counts() -> None:
    base: tuple[str, int, str, str, str, bytes] = ("d", 1, "update", "p", AT, digest_of(b"one"))
    others: tuple[object, ...] = ("e", 2, "lock", "q", AT.replace("42", "43"), digest_of(b"two"))
    hashes = {entry_hash(GENESIS, canonical(*base))}
    for place, other in enumerate(others):
        changed = [*base]
        changed[place] = other  # type: ignore[call-overload]
        hashes.add(entry_hash(GENESIS, canonical(*changed)))
    assert len(hashes) == 1 + len(others)


def test_r1_the_payload_counts_by_its_digest_alone() -> None:
    """R2: a body that was withdrawn leaves the chain as it was."""
    assert digest_of(b"words") in [hashlib.sha256(b"words").digest()]
    assert b"words" not in canonical("d", 1, "comment", "p", AT, digest_of(b"words"))
