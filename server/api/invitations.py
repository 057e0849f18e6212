"""Invitations (P3): links for one meeting, role and delegation."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, RootModel
from sqlalchemy import Connection
from starlette.requests import Request

from server import times
from server.api.answers import NOTHING, Answer, created, ok
from server.api.calls import Call
from server.api.paging import Paging, listed, wanted
from server.api.routing import Route
from server.api.shapes import Body, DelegationCode, Id, List, Name, Shape, Time, Token, Whole
from server.auth import tokens
from server.auth.origin import own_origin
from server.auth.policy import Act
from server.config import Settings
from server.errors import CloseCode, Code, Problem
from server.store import invitations, meetings, people
from server.tables import Invitation, Role, new_id

LONGEST = 10 * 366 * 24 * 3600  # seconds
MOST_USES = 100_000


class _Terms(Body):
    name: Name | None = Field(default=None, description="Offered on the page that asks for one")
    expires_in: Annotated[int, Field(ge=1, le=LONGEST), Whole] | None = Field(
        default=None, description="Seconds from now"
    )
    max_uses: Annotated[int, Field(ge=1, le=MOST_USES), Whole] | None = Field(
        default=None, description="How many people may join by it"
    )


class ForDelegation(_Terms):
    """Delegates and observers belong to a delegation (P1)."""

    role: Literal["delegate", "observer"]
    delegation: DelegationCode


class ForChair(_Terms):
    """A chair may belong to one."""

    role: Literal["chair"]
    delegation: DelegationCode | None = None


class ForSecretariat(_Terms):
    """The secretariat belongs to none."""

    role: Literal["secretariat"]
    delegation: None = None


class NewInvitation(RootModel[Annotated[ForDelegation | ForChair | ForSecretariat, Field(discriminator="role")]]):
    """An invitation to be made."""


class InvitationShape(Shape):
    """An invitation; its token is not kept and cannot be shown again."""

    id: Id
    meeting: Id
    role: Role
    delegation: str | None
    name: str | None
    expires_at: Time | None
    max_uses: int | None
    uses: int
    created_at: Time
    revoked_at: Time | None


class MadeInvitation(InvitationShape):
    """A new invitation, with its link: only this answer has it."""

    url: str
    token: Token


def join_url(origin: str, token: str) -> str:
    return f"{origin}/join/{token}"


def _origin(request: Request, settings: Settings) -> str:
    return own_origin(request.scope, settings) or settings.base_url


def _shape(invitation: Invitation) -> InvitationShape:
    return InvitationShape.model_validate(invitation, from_attributes=True)


def prepared(
    meeting: str | None,
    role: Role,
    *,
    delegation: str | None = None,
    name: str | None = None,
    expires_in: int | None = None,
    max_uses: int | None = None,
    by: str | None = None,
) -> tuple[Invitation, str]:
    """An invitation that is not in the database yet, and its token. `expires_in` in seconds."""
    token, now = tokens.new_token(), datetime.now(UTC)
    invitation = Invitation(
        id=new_id(),
        token_hash=tokens.hashed(token),
        meeting=meeting,
        role=role,
        delegation=delegation,
        name=name,
        expires_at=None if expires_in is None else times.written(now + timedelta(seconds=expires_in)),
        max_uses=max_uses,
        created_at=times.written(now),
        created_by=by,
    )
    return invitation, token


def add(connection: Connection, invitation: Invitation) -> None:
    """Raises Problem when the meeting has no such delegation."""
    require_delegation(connection, invitation.meeting, invitation.delegation)
    invitations.add(connection, invitation)


def require_delegation(connection: Connection, meeting: str | None, code: str | None) -> None:
    """Raises Problem when there is a code and the meeting has no delegation of it."""
    if code is not None and (meeting is None or not meetings.rely_on(connection, meeting, code)):
        raise Problem(Code.NO_SUCH_DELEGATION, f"The meeting has no delegation {code}; add it to the meeting first.")


async def create_invitation(call: Call) -> Answer:
    terms = call.body(NewInvitation).root
    invitation, token = prepared(
        call.meeting.id,
        Role(terms.role),
        delegation=terms.delegation,
        name=terms.name,
        expires_in=terms.expires_in,
        max_uses=terms.max_uses,
        by=call.who.participant_id,
    )
    url = join_url(_origin(call.request, call.server.settings), token)

    def work(connection: Connection) -> Answer:
        add(connection, invitation)
        return created(MadeInvitation(**_shape(invitation).model_dump(), url=url, token=token))

    return await call.write(work)


async def list_invitations(call: Call) -> Answer:
    page = wanted(call.query(Paging))
    found = await call.read(lambda connection: invitations.listed(connection, call.meeting.id, page))
    return ok(List[InvitationShape](**listed(found, _shape)))


async def revoke_invitation(call: Call) -> Answer:
    """Nobody joins by it any more, and those who did are signed out (P5)."""
    invitation = call.thing(Invitation).id
    guests: list[str] = []

    def work(connection: Connection) -> Answer:
        now = times.now()
        invitations.revoke(connection, invitation, now)
        people.sign_out_of_invitation(connection, invitation, now)
        guests.extend(people.joined_by(connection, invitation))
        return NOTHING

    answer = await call.write(work)
    end_sessions(call, guests, "Your invitation was withdrawn.")
    return answer


def end_sessions(call: Call, participants: Sequence[str], reason: str) -> None:
    """Closes the live sockets of these participants (P5)."""
    for participant in participants:
        call.server.sessions.end_sessions(participant, CloseCode.SIGN_IN, reason)


ROUTES = (
    Route(
        method="POST",
        path="/api/meetings/{meeting}/invitations",
        act=Act.ADMINISTER,
        summary="Make an invitation",
        handler=create_invitation,
        body=NewInvitation,
        answers={201: MadeInvitation},
        problems=(Code.NO_SUCH_DELEGATION,),
    ),
    Route(
        method="GET",
        path="/api/meetings/{meeting}/invitations",
        act=Act.ADMINISTER,
        summary="The invitations of a meeting",
        handler=list_invitations,
        query=Paging,
        answers={200: List[InvitationShape]},
    ),
    Route(
        method="DELETE",
        path="/api/invitations/{invitation}",
        act=Act.ADMINISTER,
        summary="Withdraw an invitation, and sign out those who joined by it",
        handler=revoke_invitation,
        answers={204: None},
    ),
)
