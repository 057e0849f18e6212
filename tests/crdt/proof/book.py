"""Records made by hand: entries that hang on each other as the server chains them (R1)."""

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from crdt.index import TextIndex
from crdt.paragraphs import digest_of_text
from crdt.proof import Recorded
from crdt.record import GENESIS, canonical, digest_of, entry_hash
from crdt.update import OWN, decode

DOCUMENT = "00112233445566aa"
CHAIR = "c" * 16
DELEGATIONS = [("KAZ", "Kazakhstan"), ("UZB", "Uzbekistan")]


class Book:
    """A record that grows. `index`: the text that its entries come to."""

    def __init__(self) -> None:
        self.entries: list[Recorded] = []
        self.index = TextIndex()

    def add(self, kind: str, by: str, payload: bytes, at: str | None = None) -> Recorded:
        seq = len(self.entries) + 1
        at = at or f"2026-11-26T{8 + seq // 60 % 10:02}:{seq % 60:02}:00.000000Z"
        entry = chained(self.entries, Recorded(seq, kind, by, at, payload, digest_of(payload), b""))
        self.entries.append(entry)
        return entry

    def write(self, by: str, update: bytes, kind: str = "update", **said: Any) -> Recorded:
        self.index.apply(decode(update, OWN))
        payload = update if kind == "update" else told(**said, update=b64encode(update).decode())
        return self.add(kind, by, payload)

    def label(self, label: str = "Rev.1") -> Recorded:
        digest = digest_of_text(self.index.paragraphs())
        return self.add("snapshot", CHAIR, told(id=f"{len(self.entries):016}", label=label, digest=digest, progress={}))

    def lock(self, paragraph: int) -> Recorded:
        found = self.index.paragraphs()[paragraph]
        said = {"paragraph": found.id, "digest": found.digest, "status": "agreed", "allow_brackets": False}
        return self.add("lock", CHAIR, told(**said))


def told(**said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chained(before: Iterable[Recorded], entry: Recorded) -> Recorded:
    """The entry with the hash that it has behind those."""
    previous = [GENESIS, *(each.hash for each in before)][-1]
    covered = canonical(DOCUMENT, entry.seq, entry.kind, entry.by, entry.at, entry.digest)
    return entry._replace(hash=entry_hash(previous, covered))
