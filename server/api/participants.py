"""Who takes part in a meeting."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from server import times
from server.api.answers import NOTHING, Answer, ok
from server.api.calls import Call
from server.api.invitations import end_sessions, require_delegation
from server.api.paging import Paging, listed, wanted
from server.api.routing import Route
from server.api.shapes import Body, DelegationCode, List, Name, ParticipantShape, Time, participant
from server.auth.credentials import principal
from server.auth.policy import Act
from server.errors import Code, Problem
from server.store import people
from server.tables import Participant, Role


class PresentShape(ParticipantShape):
    """A person in a meeting, and whether they are there now."""

    online: bool = Field(description="Whether they have a document open")
    joined_at: Time


class ParticipantChange(Body):
    """What is to be changed; what is not given stays."""

    name: Name = ""
    role: Role = Role.OBSERVER
    delegation: DelegationCode | None = None


async def list_participants(call: Call) -> Answer:
    page = wanted(call.query(Paging))
    found = await call.read(lambda connection: people.listed(connection, call.meeting.id, page))
    is_online = call.server.sessions.is_online

    def shape(row: Participant) -> PresentShape:
        return PresentShape(
            id=row.id,
            name=row.name,
            role=row.role,
            meeting=row.meeting,
            delegation=row.delegation,
            online=is_online(row.id),
            joined_at=row.created_at,
        )

    return ok(List[PresentShape](**listed(found, shape)))


async def change_participant(call: Call) -> Answer:
    """Holds on open sockets at once: an update that is judged after this answer is judged by the new role (W4)."""
    after = call.thing(Participant)
    given = call.body(ParticipantChange).model_dump(exclude_unset=True)

    def work(connection: Connection) -> Answer:
        nonlocal after
        after = _changed(people.hold(connection, after.id) or after, given)
        require_delegation(connection, after.meeting, after.delegation)
        people.change(connection, after.id, given)
        return ok(participant(principal(after)))

    answer = await call.write(work)
    call.server.sessions.change(principal(after))
    return answer


def _changed(before: Participant, given: Mapping[str, Any]) -> Participant:
    """Raises Problem for what nobody can be."""
    after = Participant(**{**before.model_dump(), **given})
    if Role.SECRETARIAT in (before.role, after.role) and before.role is not after.role:
        raise Problem(Code.CONTRADICTION, "Nobody becomes or ceases to be secretariat; invite or remove them instead.")
    if after.delegation is None and after.role in (Role.DELEGATE, Role.OBSERVER):
        raise Problem(Code.CONTRADICTION, "Delegates and observers have a delegation; name it.")
    return after


async def remove_participant(call: Call) -> Answer:
    """Takes them out of the meeting and ends their sessions (P5). What they wrote stays, under their name."""
    removed = call.thing(Participant).id

    def work(connection: Connection) -> Answer:
        people.remove(connection, removed, times.now())
        return NOTHING

    answer = await call.write(work)
    end_sessions(call, [removed], "You were removed from the meeting.")
    return answer


ROUTES = (
    Route(
        method="GET",
        path="/api/meetings/{meeting}/participants",
        act=Act.READ,
        summary="Who takes part in a meeting",
        handler=list_participants,
        query=Paging,
        answers={200: List[PresentShape]},
    ),
    Route(
        method="PATCH",
        path="/api/participants/{participant}",
        act=Act.ADMINISTER,
        summary="Change a participant's name, role or delegation",
        handler=change_participant,
        body=ParticipantChange,
        answers={200: ParticipantShape},
        problems=(Code.CONTRADICTION, Code.NO_SUCH_DELEGATION),
    ),
    Route(
        method="DELETE",
        path="/api/participants/{participant}",
        act=Act.ADMINISTER,
        summary="Remove a participant",
        handler=remove_participant,
        answers={204: None},
    ),
)
