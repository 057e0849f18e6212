"""The record of one document as PostgreSQL holds it, checked without the server: each entry is read once."""

from typing import Any

import asyncpg
import pycrdt

from crdt.record import GENESIS, canonical, digest_of, entry_hash
from crdt.update import decode
from tests.interop.yjs import Yjs

NEW = (
    "select seq, kind, participant, at, payload, digest, hash from entry where document = $1 and seq >= $2 order by seq"
)


class Truth:
    """`url`: past every proxy. Text as pycrdt makes it; `yjs`: real Yjs, which makes its own."""

    def __init__(self, url: str, document: str, yjs: Yjs) -> None:
        self.seq = 0
        self._url = url
        self._document = document
        self._hash = GENESIS
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self._text: pycrdt.Text = self._doc.get("text", type=pycrdt.Text)
        self._yjs = yjs
        self._peer = yjs.open(1)
        self._payloads: list[bytes] = []
        self._owners: dict[int, str] = {}

    async def read(self) -> str:
        """The text now; raises AssertionError when the record is not what it must be (R1, R2, W5)."""
        connection = await asyncpg.connect(self._url, timeout=10)
        try:
            rows = await connection.fetch(NEW, self._document, self.seq)
        finally:
            await connection.close()
        if self.seq:
            assert rows, f"entry {self.seq} has gone"
            assert bytes(rows[0]["hash"]) == self._hash, f"entry {self.seq} is another than it was (R2)"
            rows = rows[1:]
        updates = [bytes(row["payload"]) for row in rows if self._follow(row) and row["kind"] == "update"]
        for update in updates:
            self._doc.apply_update(update)
        self._payloads += updates
        text = str(self._text)
        self._peer.apply(updates)
        assert self._peer.text == text, "Yjs reads another text in the record"
        return text

    def _follow(self, row: Any) -> bool:
        """One entry more: its place, its hash, and that its author wrote as nobody else."""
        seq, payload, digest = row["seq"], bytes(row["payload"]), bytes(row["digest"])
        assert seq == self.seq + 1, f"after entry {self.seq} comes {seq} (R1)"
        assert digest_of(payload) == digest, f"entry {seq} is not what its digest says"
        written = canonical(self._document, seq, row["kind"], row["participant"], row["at"], digest)
        self._hash = entry_hash(self._hash, written)
        assert self._hash == bytes(row["hash"]), f"the chain breaks at entry {seq} (R1)"
        self.seq = seq
        if row["kind"] == "update":
            for struct in decode(payload).structs:
                owner = self._owners.setdefault(struct.client, row["participant"])
                assert owner == row["participant"], f"entry {seq} writes as {struct.client}, who is another (W5)"
        return True

    def rebuilt(self) -> str:
        """By a Yjs that has seen nothing yet, from the first entry on."""
        fresh = self._yjs.open(2)
        try:
            fresh.apply(self._payloads)
            return fresh.text
        finally:
            fresh.close()
