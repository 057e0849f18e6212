"""Whether the record is what it was (R3): every hash recomputed, every document rebuilt from its first entry.

Works on the database alone. What is compared, and what hashes cannot show, stands in docs/record.md.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import col

from crdt.document import Document
from crdt.errors import CrdtError
from crdt.paragraphs import digest_of_text
from crdt.proof import Fault, Replay, compare, signed
from crdt.record import GENESIS, canonical, digest_of, entry_hash
from server.auth.policy import Ground
from server.proof.drafting import recorded
from server.rooms.author import Author
from server.rooms.opening import TOLD, authors, brackets_of, loaded, retrace, threads_of
from server.rooms.snapshots import said
from server.rooms.standing import Standing
from server.rooms.threads import digest_of_words
from server.rooms.updates import CHANGES
from server.store import BrokenCheckpoint, Entry, Store, checkpoints, locks, record, snapshots, statements, threads
from server.store.documents import find as find_document
from server.tables import Document as DocumentRow
from server.tables import EntryKind

AT_ONCE = 500  # entries that are read and taken in one go
REQUIRED = TOLD | CHANGES  # kinds whose payload cannot be withdrawn


@dataclass(frozen=True, slots=True)
class Finding:
    """What one document's record came to. `failed`: seq of the first entry, or of the checkpoint, that is not right."""

    document: str
    title: str
    entries: int
    statements: int = 0  # that are signed, and true
    failed: int | None = None
    reason: str | None = None


class _Fault(Exception):
    """What is wrong with the record, and at which seq."""

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(reason)
        self.seq = seq
        self.reason = reason


async def documents(store: Store) -> list[tuple[str, str]]:
    """Id and title of every document, the oldest first."""
    query = select(col(DocumentRow.id), col(DocumentRow.title)).order_by(col(DocumentRow.created_at))
    return await store.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])


async def verify(store: Store, document: str, title: str) -> Finding:
    """Checks one document, in one view of the database. Raises Unavailable."""
    return await store.read(lambda connection: _verify(connection, document, title))


async def verify_all(store: Store) -> list[Finding]:
    """Every document. Raises Unavailable."""
    return [await verify(store, document, title) for document, title in await documents(store)]


def _verify(connection: Connection, document: str, title: str) -> Finding:
    check = _Check(connection, document)
    try:
        check.run()
    except _Fault as fault:
        return Finding(document, title, check.seq, check.stated, fault.seq, fault.reason)
    return Finding(document, title, check.seq, check.stated)


class _Check:
    """One pass over a record; `seq` is how far it has come."""

    def __init__(self, connection: Connection, document: str) -> None:
        self.seq = 0
        self.stated = 0
        self._connection = connection
        self._document = document
        self._hash = GENESIS
        self._rebuilt = Document.new()
        self._standing = Standing(Ground(""))
        self._silent: dict[str, int] = {}  # comments without words: the entry that said them first
        self._withdrawn: set[str] = set()
        self._checkpoints = checkpoints.every(connection, document)
        self._snapshots = snapshots.every(connection, document)
        self._statements = statements.of_document(connection, document)
        self._replay = Replay(document)  # as outsiders go through the record, where there is a statement

    def run(self) -> None:
        for entries in self._parts():
            names = authors(self._connection, entries)
            spoken = threads.with_words(self._connection, self._document, entries)
            for entry, with_words in zip(entries, spoken, strict=True):
                self._chain(entry)
                self._read(entry, with_words)
                self._follow(entry)
                self._take(with_words, names)
            self._compare()
        self._compare_standing()
        if self._statements:
            raise _Fault(self.seq, f"snapshot {min(self._statements)} has a signed statement, but no entry")
        if self._snapshots:
            raise _Fault(self.seq, f"a snapshot names entry {self._snapshots[0].seq}, which is not there")
        self._compare_threads()
        if self._checkpoints:
            raise _Fault(self.seq + 1, f"entries are missing: there is a checkpoint after entry {self._checkpoints[0]}")

    def _parts(self) -> Iterator[list[Entry]]:
        """The entries, parted so that each checkpoint stands at the end of a part."""
        while True:
            until = self._checkpoints[0] if self._checkpoints else None
            part = record.entries(self._connection, self._document, after=self.seq, until=until, limit=AT_ONCE)
            if not part:
                return
            yield part

    def _chain(self, entry: Entry) -> None:
        expected = self.seq + 1
        if entry.seq != expected:
            raise _Fault(expected, "the entry is missing")
        if entry.payload is None and entry.kind in REQUIRED:
            raise _Fault(expected, "its payload is missing")
        if entry.payload is not None and digest_of(entry.payload) != entry.digest:
            raise _Fault(expected, "its payload is not the one that was recorded")
        covered = canonical(entry.document, entry.seq, entry.kind, entry.participant, entry.at, entry.digest)
        if entry_hash(self._hash, covered) != entry.hash:
            raise _Fault(expected, "its hash is not that of what stands there and before")
        self.seq, self._hash = entry.seq, entry.hash

    def _take(self, entry: Entry, names: Mapping[str, Author]) -> None:
        try:
            _, self._standing = retrace(self._rebuilt, self._standing, [entry], names)
        except KeyError:
            raise _Fault(entry.seq, "it does not fit what stands before it: it names what is not there") from None
        except (CrdtError, ValueError) as error:
            raise _Fault(entry.seq, f"it does not fit what stands before it: {error}") from None
        self._compare_snapshots(entry)
        for name, lock in self._standing.locks.items():  # W4
            paragraph = self._rebuilt.index.paragraph(name)
            if paragraph is None or paragraph.digest != lock.digest:
                raise _Fault(entry.seq, f"paragraph {name}, locked by entry {lock.seq}, does not read as it was locked")

    def _read(self, entry: Entry, with_words: Entry) -> None:
        """The words of a comment stand beside its entry, which holds their digest; withdrawn ones are gone (R2)."""
        if entry.kind != EntryKind.COMMENT or entry.payload is None or with_words.payload is None:
            return
        recorded, spoken = json.loads(entry.payload), json.loads(with_words.payload)
        if recorded["action"] == "withdrawn":
            self._withdrawn.add(recorded["comment"])
        if "said" not in recorded:
            return
        if spoken.get("body") is None:
            self._silent.setdefault(recorded["comment"], entry.seq)
        elif digest_of_words(spoken) != recorded["said"]:
            raise _Fault(entry.seq, "the words of its comment are not those that were recorded")

    def _follow(self, entry: Entry) -> None:
        """A statement is signed by the key that it names, and says what the record says."""
        if not self._statements:
            return
        try:
            self._replay.take(recorded(entry))
            revision = self._replay.revision
            row = None if revision is None else self._statements.pop(revision.id, None)
            if row is not None:
                compare(signed(row.body, row.signature, row.public_key), self._replay)
                self.stated += 1
        except Fault as fault:
            raise _Fault(entry.seq, f"its signed statement is not true: {fault}") from None

    def _compare_threads(self) -> None:
        for comment, seq in self._silent.items():
            if comment not in self._withdrawn:
                raise _Fault(seq, "the words of its comment are missing, and nobody has withdrawn them")
        if threads_of(self._connection, self._document) != self._standing.threads:
            raise _Fault(self.seq, "the threads that are kept are not those of the record")

    def _compare_snapshots(self, entry: Entry) -> None:
        """The text reads here as each snapshot of this point says, and a labelled one is as it was recorded."""
        here = []
        while self._snapshots and self._snapshots[0].seq <= entry.seq:
            here.append(self._snapshots.pop(0))
        if any(row.digest != digest_of_text(self._rebuilt.paragraphs()) for row in here):
            raise _Fault(entry.seq, "a snapshot of this point is of another text")
        told = [json.loads(entry.payload)] if entry.kind == EntryKind.SNAPSHOT and entry.payload else []
        if [said(row) for row in here if row.label is not None] != told:
            raise _Fault(entry.seq, "the labelled snapshot of this point is not the one that was recorded")

    def _compare_standing(self) -> None:
        """The rows beside the record say what the record says."""
        row = find_document(self._connection, self._document)
        rows = [lock for lock, _ in locks.of_document(self._connection, self._document)]
        kept = {(lock.paragraph, lock.seq, lock.status, lock.digest) for lock in rows}
        told = {(name, lock.seq, lock.status, lock.digest) for name, lock in self._standing.locks.items()}
        if kept != told:
            raise _Fault(self.seq, "the locks that are kept are not those of the record")
        if brackets_of(self._connection, self._document) != self._standing.brackets:
            raise _Fault(self.seq, "the brackets and positions that are kept are not those of the record")
        if row is not None and (row.frozen, row.frozen_reason) != (self._standing.frozen, self._standing.frozen_reason):
            raise _Fault(self.seq, "whether the document is frozen is not as the record says")

    def _compare(self) -> None:
        if not self._checkpoints or self._checkpoints[0] != self.seq:
            return
        packed = checkpoints.newest(self._connection, self._document, self._checkpoints.pop(0))
        try:
            stored = loaded(packed)
            stored.check()
            self._rebuilt.check()
        except (BrokenCheckpoint, CrdtError) as error:
            raise _Fault(self.seq, f"its checkpoint cannot be used: {error}") from None
        difference = _difference(self._rebuilt, stored)
        if difference:
            raise _Fault(self.seq, f"its checkpoint holds {difference} than the entries up to it")


def _difference(rebuilt: Document, stored: Document) -> str | None:
    looks: tuple[tuple[str, Callable[[Document], object]], ...] = (
        ("another text", lambda document: document.paragraphs()),
        ("other characters", _living),
        ("other authors", lambda document: document.owners),
    )
    return next((what for what, look in looks if look(rebuilt) != look(stored)), None)


def _living(document: Document) -> list[list[int]]:
    """What lives of the text, in order: client, first clock and size of each stretch of ids."""
    stretches: list[list[int]] = []
    for item in document.index.text:
        if not item.alive:
            continue
        last = stretches[-1] if stretches else None
        if last is not None and last[0] == item.client and last[1] + last[2] == item.clock:
            last[2] += item.size
        else:
            stretches.append([item.client, item.clock, item.size])
    return stretches
