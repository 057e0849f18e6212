"""A record gone through entry by entry: the chain of its hashes, the text, who may write under which ids, the locks,
and which characters of the revision before are gone since.
"""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from crdt.errors import CrdtError
from crdt.index import Changes, TextIndex
from crdt.paragraphs import Paragraph, digest_of_text
from crdt.proof.entries import Recorded
from crdt.proof.faults import Fault
from crdt.record import GENESIS, canonical, digest_of, entry_hash
from crdt.update import OWN, decode

UPDATE: Final = "update"
LOCK: Final = "lock"
CARRIERS: Final = frozenset({"resolution", "restore"})  # whose payload may hold an update
READ: Final = frozenset({UPDATE, LOCK, "unlock", "snapshot", *CARRIERS})
"""Kinds of entries of which nothing may be withheld: text, locks and revisions follow from them."""


class Lock(NamedTuple):
    """A paragraph that is agreed as it reads (W4)."""

    status: str
    digest: str
    entry: Recorded  # that says so


class Revision(NamedTuple):
    """A labelled snapshot: what its entry says."""

    id: str
    label: str
    digest: str  # of the text
    entry: Recorded


class Death(NamedTuple):
    """Characters of the revision before that an entry deleted: ids `clock` up to before `stop` of a client."""

    clock: int
    stop: int
    entry: Recorded


class Replay:
    """As far as it has come: after entry `seq`, whose hash is `hash`."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.seq = 0
        self.hash = GENESIS
        self.index = TextIndex()
        self.owners: dict[int, str] = {}  # Yjs client id: the participant who used it first (W5)
        self.locks: dict[str, Lock] = {}  # by paragraph, in the order in which they were locked
        self.revision: Revision | None = None  # the last one, if the last entry is it
        self.before: Revision | None = None  # the one before
        self.ends: Mapping[int, int] = {}  # the next clock of each client, as it was then
        self.deaths: dict[int, list[Death]] = {}  # since then, by client
        self._seen: Sequence[Paragraph] = ()  # when locks were last compared

    def take(self, entry: Recorded) -> None:
        """The next one. Raises Fault."""
        self._chain(entry)
        if self.revision is not None:
            self.before, self.revision = self.revision, None
            self.ends, self.deaths = dict(self.index.items.ends), {}
        if entry.kind not in READ:
            return
        if entry.payload is None:
            raise Fault("its payload is missing", entry.seq)
        try:
            self._follow(entry, entry.payload)
        except Fault:
            raise
        except (CrdtError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Fault("it does not fit what stands before it", entry.seq) from error
        self._compare_locks(entry)

    def paragraphs(self) -> tuple[Paragraph, ...]:
        return self.index.paragraphs()

    def _chain(self, entry: Recorded) -> None:
        if entry.seq != self.seq + 1:
            raise Fault("the entry is missing", self.seq + 1)
        if entry.payload is not None and digest_of(entry.payload) != entry.digest:
            raise Fault("its payload is not the one that was recorded", entry.seq)
        covered = canonical(self.document, entry.seq, entry.kind, entry.by, entry.at, entry.digest)
        if entry_hash(self.hash, covered) != entry.hash:
            raise Fault("its hash is not that of what stands there and before", entry.seq)
        self.seq, self.hash = entry.seq, entry.hash

    def _follow(self, entry: Recorded, payload: bytes) -> None:
        if entry.kind == UPDATE:
            self._write(entry, payload)
            return
        said = json.loads(payload)
        match entry.kind:
            case _ if entry.kind == LOCK:
                self.locks.pop(said["paragraph"], None)
                self.locks[said["paragraph"]] = Lock(said["status"], said["digest"], entry)
            case "unlock":
                del self.locks[said["paragraph"]]
            case "snapshot":
                if digest_of_text(self.index.paragraphs()) != said["digest"]:
                    raise Fault("the text is not the one that was labelled", entry.seq)
                self.revision = Revision(said["id"], said["label"], said["digest"], entry)
            case _ if said.get("update") is not None:
                self._write(entry, b64decode(said["update"], validate=True))

    def _write(self, entry: Recorded, data: bytes) -> None:
        update = decode(data, OWN)
        structs = self.index.fresh(update)
        if structs is None:
            raise Fault("it builds on what is not there", entry.seq)
        for struct in structs:
            if self.owners.setdefault(struct.client, entry.by) != entry.by:
                raise Fault(f"it writes under the ids of participant {self.owners[struct.client]}", entry.seq)
        changes = Changes()
        self.index.integrate(structs, update.deletes, changes)
        for item in changes.killed:
            end = min(item.clock + item.size, self.ends.get(item.client, 0))
            if item.text and item.clock < end:
                self.deaths.setdefault(item.client, []).append(Death(item.clock, end, entry))

    def _compare_locks(self, entry: Recorded) -> None:
        if not self.locks:
            return
        seen, self._seen = self._seen, self.index.paragraphs()
        if len(seen) == len(self._seen) and entry.kind != LOCK:
            names = [new.id for old, new in zip(seen, self._seen, strict=True) if old is not new]
        else:
            names = list(self.locks)
        for name in names:
            lock, paragraph = self.locks.get(name), self.index.paragraph(name)
            if lock is not None and (paragraph is None or paragraph.digest != lock.digest):
                locked = f"locked by entry {lock.entry.seq}"
                raise Fault(f"paragraph {name}, {locked}, does not read as it was locked", entry.seq)
