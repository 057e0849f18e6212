"""Meetings and their delegations."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlmodel import col

from server.store.pages import Page, Wanted, page
from server.tables import Delegation, Invitation, Meeting, Participant


def add(connection: Connection, meeting: Meeting, delegations: Sequence[Delegation]) -> None:
    connection.execute(insert(Meeting).values(**meeting.model_dump()))
    _add_delegations(connection, delegations)


def find(connection: Connection, meeting: str) -> Meeting | None:
    row = connection.execute(_one(meeting)).mappings().one_or_none()
    return None if row is None else Meeting(**row)


def hold(connection: Connection, meeting: str) -> Meeting | None:
    """The same; until the transaction ends nobody else changes it and its delegations, or relies on them."""
    row = connection.execute(_one(meeting).with_for_update(key_share=True)).mappings().one_or_none()
    return None if row is None else Meeting(**row)


def rely_on(connection: Connection, meeting: str, code: str) -> bool:
    """Whether it has this delegation; until the transaction ends nobody takes that away."""
    connection.execute(_one(meeting).with_for_update(read=True))
    return delegation(connection, meeting, code) is not None


def _one(meeting: str) -> Select[Any]:
    return select(Meeting).where(col(Meeting.id) == meeting)


def listed(connection: Connection, wanted: Wanted, only: str | None = None) -> Page[Meeting]:
    """All meetings, or `only` the one."""
    query = select(Meeting)
    if only is not None:
        query = query.where(col(Meeting.id) == only)
    return page(connection, query, Meeting, wanted)


def change(connection: Connection, meeting: str, values: Mapping[str, Any]) -> None:
    """`values`: columns by name."""
    if values:
        connection.execute(update(Meeting).where(col(Meeting.id) == meeting).values(**values))


def delegations(connection: Connection, meetings: Iterable[str]) -> Mapping[str, list[Delegation]]:
    """Those of each meeting, in their order."""
    found: dict[str, list[Delegation]] = {meeting: [] for meeting in meetings}
    query = select(Delegation).where(col(Delegation.meeting).in_(found)).order_by(col(Delegation.place))
    for row in connection.execute(query).mappings():
        found[row["meeting"]].append(Delegation(**row))
    return found


def delegation(connection: Connection, meeting: str, code: str) -> Delegation | None:
    query = select(Delegation).where(col(Delegation.meeting) == meeting, col(Delegation.code) == code)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Delegation(**row)


def replace_delegations(connection: Connection, meeting: str, delegations: Sequence[Delegation]) -> None:
    connection.execute(delete(Delegation).where(col(Delegation.meeting) == meeting))
    _add_delegations(connection, delegations)


def delegations_in_use(connection: Connection, meeting: str) -> set[str]:
    """The codes that participants or invitations of the meeting bear, those that are gone too: records name them."""
    people = select(col(Participant.delegation)).where(col(Participant.meeting) == meeting)
    links = select(col(Invitation.delegation)).where(col(Invitation.meeting) == meeting)
    return {code for code in connection.execute(people.union(links)).scalars() if code is not None}


def _add_delegations(connection: Connection, delegations: Sequence[Delegation]) -> None:
    if delegations:
        connection.execute(insert(Delegation), [delegation.model_dump() for delegation in delegations])
