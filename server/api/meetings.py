"""Meetings, their delegations and settings; and who one is oneself."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from sqlalchemy import Connection

from server import times
from server.api import places
from server.api.answers import Answer, created, ok
from server.api.calls import Call
from server.api.paging import Paging, listed, wanted
from server.api.routing import Route
from server.api.shapes import (
    CODE,
    Body,
    DelegationCode,
    Id,
    Line,
    List,
    Moment,
    ParticipantShape,
    Shape,
    Time,
    participant,
)
from server.auth.policy import Act, rights
from server.errors import Code, Problem, not_found
from server.register import cica
from server.store import meetings
from server.tables import Delegation, DelegationKind, Meeting, Role, new_id

MOST_DELEGATIONS = 400


class DelegationBody(Body):
    """A delegation of a meeting (P1)."""

    code: DelegationCode = Field(description="ISO 3166 alpha-3 for states, the acronym for organisations")
    name: Line
    kind: DelegationKind = DelegationKind.MEMBER


Delegations = Annotated[tuple[DelegationBody, ...], Field(max_length=MOST_DELEGATIONS)] | Literal["cica"]


class DelegationShape(Shape):
    """A delegation of a meeting (P1)."""

    code: Annotated[str, StringConstraints(pattern=CODE)]
    name: str
    kind: DelegationKind


class SettingsShape(Shape):
    """What a meeting allows."""

    observers_may_comment: bool


class SettingsChange(Body):
    """Settings to change; the others stay."""

    observers_may_comment: bool | None = None


class NewMeeting(Body):
    """A meeting to be created."""

    title: Line
    body: Line | None = Field(default=None, description="The organ that meets")
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    delegations: Delegations = ()


class MeetingChange(Body):
    """What is to be changed; what is not given stays."""

    title: Line | None = None
    body: Line | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    delegations: Delegations | None = None
    settings: SettingsChange | None = None


class MeetingShape(Shape):
    """A working-group session."""

    id: Id
    title: str
    body: str | None
    starts_at: Time | None
    ends_at: Time | None
    delegations: Sequence[DelegationShape]
    settings: SettingsShape
    created_at: Time


class MeShape(Shape):
    """Who one is, where, and what one may do there."""

    participant: ParticipantShape
    meeting: MeetingShape | None
    rights: Sequence[Act]


def shaped(meeting: Meeting, delegations: Sequence[Delegation]) -> MeetingShape:
    return MeetingShape(
        id=meeting.id,
        title=meeting.title,
        body=meeting.body,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        delegations=[DelegationShape(code=each.code, name=each.name, kind=each.kind) for each in delegations],
        settings=SettingsShape(observers_may_comment=meeting.observers_may_comment),
        created_at=meeting.created_at,
    )


def _shape(connection: Connection, meeting: Meeting) -> MeetingShape:
    return shaped(meeting, meetings.delegations(connection, [meeting.id])[meeting.id])


def _rows(meeting: str, given: Delegations) -> list[Delegation]:
    """Raises Problem when a code stands twice."""
    chosen: Sequence[tuple[str, str, DelegationKind]] = cica()
    if given != "cica":
        chosen = [(each.code, each.name, each.kind) for each in given if isinstance(each, DelegationBody)]
    codes = [code for code, _, _ in chosen]
    for code in codes:
        if codes.count(code) > 1:
            raise Problem(Code.CONTRADICTION, f"The delegation {code} stands twice in the list.")
    return [
        Delegation(meeting=meeting, code=code, name=name, kind=kind, place=place)
        for place, (code, name, kind) in enumerate(chosen)
    ]


def _in_order(starts_at: str | None, ends_at: str | None) -> None:
    if starts_at is not None and ends_at is not None and ends_at < starts_at:
        raise Problem(Code.CONTRADICTION, "The meeting would end before it starts.")


async def create_meeting(call: Call) -> Answer:
    body = call.body(NewMeeting)
    _in_order(body.starts_at, body.ends_at)
    meeting = Meeting(
        id=new_id(),
        title=body.title,
        body=body.body,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        created_at=times.now(),
    )
    rows = _rows(meeting.id, body.delegations)

    def work(connection: Connection) -> Answer:
        meetings.add(connection, meeting, rows)
        return created(shaped(meeting, rows), f"/api/meetings/{meeting.id}")

    return await call.write(work)


async def list_meetings(call: Call) -> Answer:
    """The secretariat sees all meetings, everybody else their own."""
    page = wanted(call.query(Paging))
    only = None if call.who.role is Role.SECRETARIAT else call.who.meeting_id

    def work(connection: Connection) -> Answer:
        found = meetings.listed(connection, page, only)
        delegations = meetings.delegations(connection, [meeting.id for meeting in found.rows])
        shape = listed(found, lambda meeting: shaped(meeting, delegations[meeting.id]))
        return ok(List[MeetingShape](**shape))

    return await call.read(work)


async def get_meeting(call: Call) -> Answer:
    return ok(await call.read(lambda connection: _shape(connection, call.meeting)))


async def change_meeting(call: Call) -> Answer:
    body = call.body(MeetingChange)

    def work(connection: Connection) -> Answer:
        meeting = meetings.hold(connection, call.meeting.id)
        if meeting is None:
            raise not_found("meeting")
        values = _changes(body)
        changed = Meeting(**{**meeting.model_dump(), **values})
        _in_order(changed.starts_at, changed.ends_at)
        meetings.change(connection, meeting.id, values)
        if body.delegations is not None:
            _change_delegations(connection, meeting.id, _rows(meeting.id, body.delegations))
        return ok(_shape(connection, changed))

    return await call.write(work)


def _changes(body: MeetingChange) -> dict[str, Any]:
    """The columns that are given; null empties those that may be empty and leaves the title as it is."""
    given = body.model_dump(include={"title", "body", "starts_at", "ends_at"}, exclude_unset=True)
    if given.get("title", "") is None:
        del given["title"]
    if body.settings is not None and body.settings.observers_may_comment is not None:
        given["observers_may_comment"] = body.settings.observers_may_comment
    return given


def _change_delegations(connection: Connection, meeting: str, rows: Sequence[Delegation]) -> None:
    """Raises Problem when one is to go that people or invitations bear."""
    missing = meetings.delegations_in_use(connection, meeting) - {row.code for row in rows}
    if missing:
        names = ", ".join(sorted(missing))
        raise Problem(Code.IN_USE, f"People have joined or were invited for {names}: these delegations stay.")
    meetings.replace_delegations(connection, meeting, rows)


async def get_me(call: Call) -> Answer:
    meeting = call.place.meeting
    shape = None if meeting is None else await call.read(lambda connection: _shape(connection, meeting))
    ground = None if meeting is None else places.ground(meeting)
    return ok(MeShape(participant=participant(call.who), meeting=shape, rights=rights(call.who, ground)))


ROUTES = (
    Route(
        method="GET",
        path="/api/me",
        act=Act.READ,
        summary="Who one is, and what one may do",
        handler=get_me,
        answers={200: MeShape},
    ),
    Route(
        method="POST",
        path="/api/meetings",
        act=Act.ADMINISTER,
        summary="Create a meeting",
        handler=create_meeting,
        body=NewMeeting,
        answers={201: MeetingShape},
        problems=(Code.CONTRADICTION,),
    ),
    Route(
        method="GET",
        path="/api/meetings",
        act=Act.READ,
        summary="The meetings that one may see",
        handler=list_meetings,
        query=Paging,
        answers={200: List[MeetingShape]},
    ),
    Route(
        method="GET",
        path="/api/meetings/{meeting}",
        act=Act.READ,
        summary="A meeting",
        handler=get_meeting,
        answers={200: MeetingShape},
    ),
    Route(
        method="PATCH",
        path="/api/meetings/{meeting}",
        act=Act.ADMINISTER,
        summary="Change a meeting",
        handler=change_meeting,
        body=MeetingChange,
        answers={200: MeetingShape},
        problems=(Code.CONTRADICTION, Code.IN_USE),
    ),
)
