"""Meetings, people, documents and their record"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="idempotency_pkey"),
    )
    op.create_index("idempotency_at", "idempotency", ["at"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("starts_at", sa.String(), nullable=True),
        sa.Column("ends_at", sa.String(), nullable=True),
        sa.Column("observers_may_comment", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="meeting_pkey"),
    )
    op.create_table(
        "delegation",
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("member", "observer", "organisation", name="delegationkind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name="delegation_meeting_fkey"),
        sa.PrimaryKeyConstraint("meeting", "code", name="delegation_pkey"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=True),
        sa.Column(
            "role",
            sa.Enum("secretariat", "chair", "delegate", "observer", name="role", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("delegation", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("expires_at", sa.String(), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name="invitation_meeting_fkey"),
        sa.PrimaryKeyConstraint("id", name="invitation_pkey"),
        sa.UniqueConstraint("token_hash", name="invitation_token_hash_key"),
    )
    op.create_index("invitation_meeting", "invitation", ["meeting", "created_at", "id"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=True),
        sa.Column("delegation", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("secretariat", "chair", "delegate", "observer", name="role", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("invitation", sa.String(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("removed_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["invitation"], ["invitation.id"], name="participant_invitation_fkey"),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name="participant_meeting_fkey"),
        sa.PrimaryKeyConstraint("id", name="participant_pkey"),
    )
    op.create_index("participant_invitation", "participant", ["invitation"], unique=False)
    op.create_index("participant_meeting", "participant", ["meeting", "created_at", "id"], unique=False)

    op.create_table(
        "credential",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="credential_participant_fkey"),
        sa.PrimaryKeyConstraint("token_hash", name="credential_pkey"),
    )
    op.create_index("credential_participant", "credential", ["participant"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("frozen_reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["participant.id"], name="document_created_by_fkey"),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name="document_meeting_fkey"),
        sa.PrimaryKeyConstraint("id", name="document_pkey"),
    )
    op.create_index("document_meeting", "document", ["meeting", "created_at", "id"], unique=False)

    op.create_table(
        "checkpoint",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("index_dump", sa.LargeBinary(), nullable=False),
        sa.Column("owners", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="checkpoint_document_fkey"),
        sa.PrimaryKeyConstraint("document", "seq", name="checkpoint_pkey"),
    )
    op.create_table(
        "entry",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="entry_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="entry_participant_fkey"),
        sa.PrimaryKeyConstraint("document", "seq", name="entry_pkey"),
    )
    op.create_table(
        "lock",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("paragraph", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="lock_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="lock_participant_fkey"),
        sa.PrimaryKeyConstraint("document", "paragraph", name="lock_pkey"),
    )
    op.create_table(
        "ticket",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="ticket_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="ticket_participant_fkey"),
        sa.PrimaryKeyConstraint("token_hash", name="ticket_pkey"),
    )
    op.create_index("ticket_expires_at", "ticket", ["expires_at"], unique=False)
    op.create_table(
        "thread",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("delegation", sa.String(), nullable=True),
        sa.Column("readers", sa.String(), nullable=True),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("resolved_at", sa.String(), nullable=True),
        sa.Column("quote", sa.String(), nullable=True),
        sa.Column("letters", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("detached_text", sa.String(), nullable=True),
        sa.Column("detached_by", sa.String(), nullable=True),
        sa.Column("detached_from", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="thread_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="thread_participant_fkey"),
        sa.ForeignKeyConstraint(["resolved_by"], ["participant.id"], name="thread_resolved_by_fkey"),
        sa.PrimaryKeyConstraint("id", name="thread_pkey"),
    )
    op.create_index("thread_document", "thread", ["document"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("wording", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="comment_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="comment_participant_fkey"),
        sa.ForeignKeyConstraint(["thread"], ["thread.id"], name="comment_thread_fkey"),
        sa.PrimaryKeyConstraint("id", name="comment_pkey"),
    )
    op.create_index("comment_document", "comment", ["document"], unique=False)
    op.create_table(
        "wording",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("mentions", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["comment"], ["comment.id"], name="wording_comment_fkey"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="wording_document_fkey"),
        sa.PrimaryKeyConstraint("document", "seq", name="wording_pkey"),
    )
    op.create_index("wording_comment", "wording", ["comment"], unique=False)
    op.create_table(
        "visit",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="visit_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="visit_participant_fkey"),
        sa.PrimaryKeyConstraint("document", "participant", name="visit_pkey"),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("progress", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="snapshot_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="snapshot_participant_fkey"),
        sa.PrimaryKeyConstraint("id", name="snapshot_pkey"),
    )
    op.create_index("snapshot_document", "snapshot", ["document", "created_at", "id"], unique=False)
    op.create_table(
        "bracket",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("returned", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="bracket_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="bracket_participant_fkey"),
        sa.PrimaryKeyConstraint("document", "id", name="bracket_pkey"),
    )
    op.create_table(
        "position",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("bracket", sa.String(), nullable=False),
        sa.Column("delegation", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="position_document_fkey"),
        sa.ForeignKeyConstraint(["participant"], ["participant.id"], name="position_participant_fkey"),
        sa.PrimaryKeyConstraint("document", "bracket", "delegation", "seq", name="position_pkey"),
    )
