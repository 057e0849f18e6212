"""Links by which people join (P3)."""

from sqlalchemy import Connection, insert, or_, select, update
from sqlmodel import col

from server.store.pages import Page, Wanted, page
from server.tables import Invitation, Participant, Role


def add(connection: Connection, invitation: Invitation) -> None:
    connection.execute(insert(Invitation).values(**invitation.model_dump()))


def find(connection: Connection, invitation: str) -> Invitation | None:
    row = connection.execute(select(Invitation).where(col(Invitation.id) == invitation)).mappings().one_or_none()
    return None if row is None else Invitation(**row)


def of_token(connection: Connection, token_hash: str) -> Invitation | None:
    query = select(Invitation).where(col(Invitation.token_hash) == token_hash)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Invitation(**row)


def listed(connection: Connection, meeting: str, wanted: Wanted) -> Page[Invitation]:
    return page(connection, select(Invitation).where(col(Invitation.meeting) == meeting), Invitation, wanted)


def consume(connection: Connection, invitation: str, now: str) -> bool:
    """Takes one use, if there is one: one statement, so that two who come at once cannot both have the last."""
    query = (
        update(Invitation)
        .where(
            col(Invitation.id) == invitation,
            col(Invitation.revoked_at).is_(None),
            or_(col(Invitation.expires_at).is_(None), col(Invitation.expires_at) > now),
            or_(col(Invitation.max_uses).is_(None), col(Invitation.uses) < col(Invitation.max_uses)),
        )
        .values(uses=col(Invitation.uses) + 1)
    )
    return connection.execute(query).rowcount == 1


def revoke(connection: Connection, invitation: str, now: str) -> None:
    connection.execute(
        update(Invitation)
        .where(col(Invitation.id) == invitation, col(Invitation.revoked_at).is_(None))
        .values(revoked_at=now)
    )


def secretariat_exists(connection: Connection, now: str) -> bool:
    """Whether somebody acts for the secretariat, or still can by a link that stands."""
    people = select(col(Participant.id)).where(
        col(Participant.role) == Role.SECRETARIAT, col(Participant.removed_at).is_(None)
    )
    links = select(col(Invitation.id)).where(
        col(Invitation.role) == Role.SECRETARIAT,
        col(Invitation.revoked_at).is_(None),
        or_(col(Invitation.expires_at).is_(None), col(Invitation.expires_at) > now),
        or_(col(Invitation.max_uses).is_(None), col(Invitation.uses) < col(Invitation.max_uses)),
    )
    return any(connection.execute(query.limit(1)).first() is not None for query in (people, links))
