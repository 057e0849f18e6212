"""The tables. Times are text as in `times.py`, ids 16 hex characters; of secrets only the SHA-256 is kept, in hex.

Entries are only ever appended (R2). Checkpoints can be thrown away: they are rebuilt from the entries.
"""

import secrets
from enum import StrEnum

from sqlalchemy import BigInteger, Enum, Index
from sqlmodel import Field, SQLModel


class Role(StrEnum):
    """P1."""

    SECRETARIAT = "secretariat"
    CHAIR = "chair"
    DELEGATE = "delegate"
    OBSERVER = "observer"


class DelegationKind(StrEnum):
    """P1."""

    MEMBER = "member"
    OBSERVER = "observer"
    ORGANISATION = "organisation"


class EntryKind(StrEnum):
    """R1: what an entry of the record is."""

    UPDATE = "update"  # payload: one Yjs update
    LOCK = "lock"  # of these and what follows: JSON, see docs/record.md
    UNLOCK = "unlock"
    FREEZE = "freeze"
    POSITION = "position"
    RESOLUTION = "resolution"
    COMMENT = "comment"
    SNAPSHOT = "snapshot"
    RESTORE = "restore"


class LockStatus(StrEnum):
    """How far a paragraph is agreed."""

    AGREED = "agreed"
    AGREED_AD_REF = "agreed_ad_ref"


# Names for what a later migration may have to drop.
METADATA = SQLModel.metadata
METADATA.naming_convention = {
    "ix": "%(table_name)s_%(column_0_name)s",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


def new_id() -> str:
    return secrets.token_hex(8)


def _words(kind: type[StrEnum]) -> Enum:
    """A column of such words: text in every database, the enum in Python."""
    return Enum(kind, native_enum=False, length=16, values_callable=lambda words: [word.value for word in words])


class Meeting(SQLModel, table=True):
    """A working-group session."""

    id: str = Field(default_factory=new_id, primary_key=True)
    title: str
    body: str | None = None  # the organ that meets
    starts_at: str | None = None
    ends_at: str | None = None
    observers_may_comment: bool = False
    created_at: str


class Delegation(SQLModel, table=True):
    """Code and name in one meeting (P1); `place` is their order."""

    meeting: str = Field(foreign_key="meeting.id", primary_key=True)
    code: str = Field(primary_key=True)
    name: str
    kind: DelegationKind = Field(sa_type=_words(DelegationKind))
    place: int


class Participant(SQLModel, table=True):
    """A person in a meeting; the secretariat may have none and acts in every one. Never deleted: records name it."""

    __table_args__ = (Index("participant_meeting", "meeting", "created_at", "id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    meeting: str | None = Field(default=None, foreign_key="meeting.id")
    delegation: str | None = None  # its code in that meeting
    name: str
    role: Role = Field(sa_type=_words(Role))
    invitation: str | None = Field(default=None, foreign_key="invitation.id", index=True)
    created_at: str
    removed_at: str | None = None


class Invitation(SQLModel, table=True):
    """A link by which people join (P3)."""

    __table_args__ = (Index("invitation_meeting", "meeting", "created_at", "id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True)
    meeting: str | None = Field(default=None, foreign_key="meeting.id")
    role: Role = Field(sa_type=_words(Role))
    delegation: str | None = None
    name: str | None = None  # offered on the page that asks for one
    expires_at: str | None = None
    max_uses: int | None = None
    uses: int = 0
    created_at: str
    created_by: str | None = None  # participant; none: the command line
    revoked_at: str | None = None


class Credential(SQLModel, table=True):
    """An access token, as bearer or as cookie (P4)."""

    token_hash: str = Field(primary_key=True)
    participant: str = Field(foreign_key="participant.id", index=True)
    created_at: str
    expires_at: str | None = None
    revoked_at: str | None = None


class Ticket(SQLModel, table=True):
    """One use, 30 s, one participant and document: for sockets that can send no header (W1). Used up = deleted."""

    token_hash: str = Field(primary_key=True)
    participant: str = Field(foreign_key="participant.id")
    document: str = Field(foreign_key="document.id")
    expires_at: str = Field(index=True)


class Document(SQLModel, table=True):
    """A draft. Its `seq` is that of its last entry."""

    __table_args__ = (Index("document_meeting", "meeting", "created_at", "id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    meeting: str = Field(foreign_key="meeting.id")
    title: str
    symbol: str | None = None
    frozen: bool = False
    frozen_reason: str | None = None
    created_at: str
    created_by: str = Field(foreign_key="participant.id")


class EntryRow(SQLModel, table=True):
    """One entry of a document's record (R1). `payload` is null when withdrawn (R2); its digest stays."""

    __tablename__ = "entry"

    document: str = Field(foreign_key="document.id", primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str
    participant: str = Field(foreign_key="participant.id")
    at: str
    payload: bytes | None
    digest: bytes  # SHA-256 of the payload
    hash: bytes


class CheckpointRow(SQLModel, table=True):
    """A document as it stood after entry `seq`: what `crdt` dumps, compressed."""

    __tablename__ = "checkpoint"

    document: str = Field(foreign_key="document.id", primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: str
    state: bytes  # the Yjs state
    index_dump: bytes  # crdt's index of characters
    owners: bytes  # JSON: client id -> participant


class LockRow(SQLModel, table=True):
    """A paragraph that is locked now: what the entries of the record come to. `seq`: of the entry that locked it."""

    __tablename__ = "lock"

    document: str = Field(foreign_key="document.id", primary_key=True)
    paragraph: str = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    status: LockStatus = Field(sa_type=_words(LockStatus))
    digest: str  # of the paragraph (T3)
    participant: str = Field(foreign_key="participant.id")
    at: str


class BracketRow(SQLModel, table=True):
    """What was recorded of one `[`: that it vanished, or came back. `seq`: of the entry that said so last."""

    __tablename__ = "bracket"

    document: str = Field(foreign_key="document.id", primary_key=True)
    id: str = Field(primary_key=True)  # of its `[` (T2)
    first: str  # the id under which the bracket was known first
    seq: int = Field(sa_type=BigInteger)
    at: str
    participant: str = Field(foreign_key="participant.id")
    outcome: str | None = None  # none: it came back under this id
    was: str  # JSON: how it read before it vanished
    returned: str | None = None  # the id under which it came back


class PositionRow(SQLModel, table=True):
    """What a delegation said of a bracket at some time; the latest holds. `bracket`: its first id."""

    __tablename__ = "position"

    document: str = Field(foreign_key="document.id", primary_key=True)
    bracket: str = Field(primary_key=True)
    delegation: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: str
    participant: str = Field(foreign_key="participant.id")
    stance: str
    note: str | None = None
    on_behalf: bool


class SnapshotRow(SQLModel, table=True):
    """A named point of the record: the text after entry `seq`. Without a label: taken by itself."""

    __tablename__ = "snapshot"
    __table_args__ = (Index("snapshot_document", "document", "created_at", "id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    document: str = Field(foreign_key="document.id")
    seq: int = Field(sa_type=BigInteger)
    label: str | None = None
    digest: str  # of the whole text
    progress: str  # JSON: the counts (B6)
    participant: str = Field(foreign_key="participant.id")
    created_at: str


class StatementRow(SQLModel, table=True):
    """What was signed of a labelled snapshot, byte for byte (docs/proof.md)."""

    __tablename__ = "statement"

    snapshot: str = Field(foreign_key="snapshot.id", primary_key=True)
    body: bytes
    signature: bytes  # of the body, by Ed25519
    public_key: bytes  # of the key that signed it
    at: str


class ThreadRow(SQLModel, table=True):
    """What is said about a paragraph, as far as it is not in the comments. `seq`: of the entry that opened it."""

    __tablename__ = "thread"

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id", index=True)
    seq: int = Field(sa_type=BigInteger)
    participant: str = Field(foreign_key="participant.id")
    at: str
    delegation: str | None = None  # its author's
    readers: str | None = None  # the delegation that alone may see it; none: everybody
    published: int = Field(default=0, sa_type=BigInteger)  # seq of the entry that opened it to everybody
    resolved_by: str | None = Field(default=None, foreign_key="participant.id")
    resolved_at: str | None = None
    quote: str | None = None
    letters: str  # JSON: the quote's characters by their ids
    anchor: str  # id of the newline that it follows
    text: str  # of its paragraph when it was opened
    detached_text: str | None = None  # of its paragraph when that was deleted; none: it is there
    detached_by: str | None = None  # participant who deleted it
    detached_from: str | None = None  # its id


class CommentRow(SQLModel, table=True):
    """One thing said in a thread. `wording`: seq of the entry that says it as it reads now."""

    __tablename__ = "comment"

    id: str = Field(primary_key=True)
    document: str = Field(foreign_key="document.id", index=True)
    thread: str = Field(foreign_key="thread.id")
    seq: int = Field(sa_type=BigInteger)
    participant: str = Field(foreign_key="participant.id")
    at: str
    wording: int = Field(sa_type=BigInteger)
    edited_at: str | None = None
    withdrawn: bool = False


class WordingRow(SQLModel, table=True):
    """The words of a comment, which the entry of the record covers by a digest alone: so they can be taken back (R2).

    Then all but the keys are null.
    """

    __tablename__ = "wording"

    document: str = Field(foreign_key="document.id", primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    comment: str = Field(foreign_key="comment.id", index=True)
    salt: str | None
    body: str | None
    mentions: str | None  # JSON: codes of delegations


class Visit(SQLModel, table=True):
    """Up to which entry of a record a participant has seen a document."""

    document: str = Field(foreign_key="document.id", primary_key=True)
    participant: str = Field(foreign_key="participant.id", primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    at: str


class Idempotency(SQLModel, table=True):
    """What a write with an `Idempotency-Key` was answered, so that repeating it does nothing twice.

    Written in the transaction of the write itself. `answer` is sealed under the secret with which the caller
    signed in (`auth/tokens.py`): it may hold an invitation's token, and a copy of the database gives none away.
    """

    scope: str = Field(primary_key=True)  # participant, or invitation where the write is a joining
    key: str = Field(primary_key=True)
    fingerprint: str  # SHA-256 of method, path and body: the same key for another request is refused
    nonce: bytes
    answer: bytes
    at: str = Field(index=True)
