"""Joining by an invitation (P4), and signing out.

The token travels in bodies only, never in the URL of a call: URLs stand in logs.
"""

from collections.abc import Awaitable, Callable

from pydantic import Field
from sqlalchemy import Connection
from starlette.requests import Request

from server import times
from server.api import idempotency
from server.api.answers import Answer, created, ok
from server.api.calls import Call
from server.api.idempotency import Key
from server.api.invitations import end_sessions
from server.api.meetings import DelegationShape
from server.api.routing import Open, Route
from server.api.shapes import Body, Id, Name, ParticipantShape, Shape, Time, Token, participant
from server.auth import tokens
from server.auth.credentials import SESSION_DAYS, Means, cookie_name, issue, principal
from server.auth.origin import client_address, is_https
from server.auth.policy import Act
from server.config import Settings
from server.errors import Code, Problem
from server.store import invitations, meetings, people
from server.tables import Invitation, Participant, Role, new_id

KEY = r"^[!-~]{16,200}$"  # whoever has link, name and key is given the same session again: it must not be guessed

UNUSABLE = (Code.INVITATION_EXPIRED, Code.INVITATION_REVOKED, Code.INVITATION_USED_UP)


class Presented(Body):
    """A link's token."""

    token: str = Field(min_length=1, max_length=200)


class Joining(Presented):
    """A link's token, and who one is."""

    name: Name


class MeetingName(Shape):
    """What a meeting's invitation says of it."""

    id: Id
    title: str
    body: str | None
    starts_at: Time | None


class PreviewShape(Shape):
    """To what somebody is invited."""

    meeting: MeetingName | None
    role: Role
    delegation: DelegationShape | None
    name: str | None = Field(description="Offered as one's name")
    expires_at: Time | None


class JoinedShape(Shape):
    """Signed in."""

    access_token: Token
    participant: ParticipantShape


def _found(connection: Connection, token: str) -> Invitation:
    """Raises Problem: no such link, or one that cannot be used."""
    invitation = invitations.of_token(connection, tokens.hashed(token))
    if invitation is None:
        raise Problem(Code.NO_SUCH_INVITATION, "This link is not valid; check that it was copied whole.")
    if invitation.revoked_at is not None:
        raise Problem(Code.INVITATION_REVOKED, "Ask the secretariat for a new link.")
    if invitation.expires_at is not None and invitation.expires_at <= times.now():
        raise Problem(Code.INVITATION_EXPIRED, "Ask the secretariat for a new link.")
    if invitation.max_uses is not None and invitation.uses >= invitation.max_uses:
        raise _used_up()
    return invitation


def _used_up() -> Problem:
    return Problem(Code.INVITATION_USED_UP, "Ask the secretariat for a new link.")


async def preview_invitation(call: Call) -> Answer:
    """What the page behind a link shows before somebody joins. It consumes nothing (P3)."""
    token = call.body(Presented).token

    def work(connection: Connection) -> Answer:
        return ok(_preview(connection, _found(connection, token)))

    return await _guarded(call, lambda: call.read(work))


def _preview(connection: Connection, invitation: Invitation) -> PreviewShape:
    meeting = None if invitation.meeting is None else meetings.find(connection, invitation.meeting)
    code = invitation.delegation
    delegation = None if meeting is None or code is None else meetings.delegation(connection, meeting.id, code)
    return PreviewShape(
        meeting=None
        if meeting is None
        else MeetingName(id=meeting.id, title=meeting.title, body=meeting.body, starts_at=meeting.starts_at),
        role=invitation.role,
        delegation=None
        if delegation is None
        else DelegationShape(code=delegation.code, name=delegation.name, kind=delegation.kind),
        name=invitation.name,
        expires_at=invitation.expires_at,
    )


async def join(call: Call) -> Answer:
    """Makes a participant and signs them in: by the token in the answer, and by a cookie."""
    body, settings, request = call.body(Joining), call.server.settings, call.request

    def work(connection: Connection) -> Answer:
        joined = _admitted(connection, body)
        token = issue(connection, joined.id)
        shape = JoinedShape(access_token=token, participant=participant(principal(joined)))
        return created(shape, headers={"Set-Cookie": _cookie(request, settings, token, SESSION_DAYS * 24 * 3600)})

    key = _key(request, body)
    return await _guarded(call, lambda: idempotency.write(call.server.store, key, work))


def _admitted(connection: Connection, body: Joining) -> Participant:
    """A new participant, for one use of the invitation."""
    now = times.now()
    invitation = _found(connection, body.token)
    if not invitations.consume(connection, invitation.id, now):
        raise _used_up()  # somebody else took the last use since we looked
    joined = Participant(
        id=new_id(),
        meeting=invitation.meeting,
        delegation=invitation.delegation,
        name=body.name,
        role=invitation.role,
        invitation=invitation.id,
        created_at=now,
    )
    people.add(connection, joined)
    return joined


def _key(request: Request, body: Joining) -> Key | None:
    """Nobody is signed in yet: what is kept belongs to the link, and is sealed under it."""
    given = idempotency.given(request, KEY)
    if given is None:
        return None
    scope = f"invitation {tokens.hashed(body.token)}"
    return Key(scope, given, body.token, idempotency.fingerprint(request, body))


async def _guarded(call: Call, attempt: Callable[[], Awaitable[Answer]]) -> Answer:
    """Whoever tries links that do not exist may not do so for long."""
    address = client_address(call.request.scope, call.server.settings)
    call.server.guesses.check(address)
    try:
        return await attempt()
    except Problem as problem:
        if problem.code is Code.NO_SUCH_INVITATION:
            call.server.guesses.missed(address)
        raise


def _cookie(request: Request, settings: Settings, token: str, seconds: int) -> str:
    secure = "; Secure" if is_https(request.scope, settings) else ""
    name = cookie_name(request.scope, settings)
    return f"{name}={token}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


async def sign_out(call: Call) -> Answer:
    """Ends what one signed in with, and its sockets. The admin token is a setting and stays."""
    token_hash = tokens.hashed(call.sender.secret)
    cookie = _cookie(call.request, call.server.settings, "", 0)

    def work(connection: Connection) -> Answer:
        people.sign_out(connection, token_hash, times.now())
        return Answer(204, headers={"Set-Cookie": cookie})

    answer = await call.write(work)
    if call.sender.means is not Means.ADMIN_TOKEN:
        end_sessions(call, [call.who.participant_id], "You have signed out.")
    return answer


ROUTES = (
    Route(
        method="POST",
        path="/api/join/preview",
        act=Open.ANYONE,
        summary="To what a link invites; consumes no use of it",
        handler=preview_invitation,
        body=Presented,
        answers={200: PreviewShape},
        problems=(Code.NO_SUCH_INVITATION, Code.TOO_MANY_REQUESTS, *UNUSABLE),
    ),
    Route(
        method="POST",
        path="/api/join",
        act=Open.ANYONE,
        summary="Join by a link, under a name",
        handler=join,
        body=Joining,
        answers={201: JoinedShape},
        key=KEY,
        problems=(Code.NO_SUCH_INVITATION, Code.TOO_MANY_REQUESTS, *UNUSABLE),
    ),
    Route(
        method="DELETE",
        path="/api/session",
        act=Act.READ,
        summary="Sign out",
        handler=sign_out,
        answers={204: None},
    ),
)
