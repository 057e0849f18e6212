"""Participants and the credentials with which they sign in."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update
from sqlmodel import col

from server.store.pages import Page, Wanted, page
from server.store.upsert import upserting
from server.tables import Credential, Invitation, Participant


def add(connection: Connection, participant: Participant) -> None:
    connection.execute(insert(Participant).values(**participant.model_dump()))


def ensure(connection: Connection, participant: Participant) -> None:
    """Adds them, unless they are there: several processes that start together do it at the same time."""
    connection.execute(upserting(connection, Participant).values(**participant.model_dump()).on_conflict_do_nothing())


def find(connection: Connection, participant: str) -> Participant | None:
    """Also one who was removed: records name them."""
    query = select(Participant).where(col(Participant.id) == participant)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Participant(**row)


def hold(connection: Connection, participant: str) -> Participant | None:
    """The same; nobody else changes them until the transaction ends."""
    query = select(Participant).where(col(Participant.id) == participant).with_for_update(key_share=True)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Participant(**row)


def named(connection: Connection, participants: Collection[str]) -> Mapping[str, Participant]:
    """These participants by id."""
    query = select(Participant).where(col(Participant.id).in_(set(participants)))
    return {row["id"]: Participant(**row) for row in connection.execute(query).mappings()}


def listed(connection: Connection, meeting: str, wanted: Wanted) -> Page[Participant]:
    """Those of the meeting who were not removed."""
    query = select(Participant).where(col(Participant.meeting) == meeting, col(Participant.removed_at).is_(None))
    return page(connection, query, Participant, wanted)


def add_credential(connection: Connection, credential: Credential) -> None:
    connection.execute(insert(Credential).values(**credential.model_dump()))


def of_credentials(connection: Connection, token_hashes: Collection[str], now: str) -> Mapping[str, Participant]:
    """Whose tokens these are, but for those that were revoked or have expired, and for people who were removed."""
    query = (
        select(Participant, col(Credential.token_hash))
        .join(Credential, col(Credential.participant) == col(Participant.id))
        .where(
            col(Credential.token_hash).in_(token_hashes),
            col(Credential.revoked_at).is_(None),
            or_(col(Credential.expires_at).is_(None), col(Credential.expires_at) > now),
            col(Participant.removed_at).is_(None),
        )
    )
    rows = (dict(row) for row in connection.execute(query).mappings())
    return {row.pop("token_hash"): Participant(**row) for row in rows}


def present(connection: Connection, participants: Collection[str]) -> Mapping[str, Participant]:
    """Those of them whom nobody has removed and whose invitation stands: the others' sockets must end (P5)."""
    query = (
        select(Participant)
        .outerjoin(Invitation, col(Participant.invitation) == col(Invitation.id))
        .where(
            col(Participant.id).in_(set(participants)),
            col(Participant.removed_at).is_(None),
            col(Invitation.revoked_at).is_(None),
        )
    )
    return {row["id"]: Participant(**row) for row in connection.execute(query).mappings()}


def change(connection: Connection, participant: str, values: Mapping[str, Any]) -> None:
    """`values`: columns by name."""
    if values:
        connection.execute(update(Participant).where(col(Participant.id) == participant).values(**values))


def remove(connection: Connection, participant: str, now: str) -> None:
    """Takes them out of the meeting and ends what they signed in with."""
    connection.execute(update(Participant).where(col(Participant.id) == participant).values(removed_at=now))
    _revoke(connection, col(Credential.participant) == participant, now)


def joined_by(connection: Connection, invitation: str) -> list[str]:
    """The participants who came by this invitation."""
    query = select(col(Participant.id)).where(col(Participant.invitation) == invitation)
    return list(connection.execute(query).scalars())


def sign_out_of_invitation(connection: Connection, invitation: str, now: str) -> None:
    """Ends what everybody who came by this invitation signed in with (P5)."""
    guests = select(col(Participant.id)).where(col(Participant.invitation) == invitation)
    _revoke(connection, col(Credential.participant).in_(guests), now)


def sign_out(connection: Connection, token_hash: str, now: str) -> None:
    _revoke(connection, col(Credential.token_hash) == token_hash, now)


def _revoke(connection: Connection, which: ColumnElement[bool], now: str) -> None:
    connection.execute(update(Credential).where(which, col(Credential.revoked_at).is_(None)).values(revoked_at=now))
