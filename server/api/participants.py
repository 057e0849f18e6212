"""Who takes part in a meeting."""

from pydantic import Field
from sqlalchemy import Connection

from server import times
from server.api.answers import NOTHING, Answer, ok
from server.api.calls import Call
from server.api.invitations import end_sessions
from server.api.paging import Paging, listed, wanted
from server.api.routing import Route
from server.api.shapes import List, ParticipantShape, Time
from server.auth.policy import Act
from server.store import people
from server.tables import Participant


class PresentShape(ParticipantShape):
    """A person in a meeting, and whether they are there now."""

    online: bool = Field(description="Whether they have a document open")
    joined_at: Time


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


async def remove_participant(call: Call) -> Answer:
    """Takes them out of the meeting and ends their sessions (P5). What they wrote stays, under their name."""
    participant = call.thing(Participant).id

    def work(connection: Connection) -> Answer:
        people.remove(connection, participant, times.now())
        return NOTHING

    answer = await call.write(work)
    end_sessions(call, [participant], "You were removed from the meeting.")
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
        method="DELETE",
        path="/api/participants/{participant}",
        act=Act.ADMINISTER,
        summary="Remove a participant",
        handler=remove_participant,
        answers={204: None},
    ),
)
