"""P2 and P1 on the running server: every role on every registered call, in one's own meeting and in another.

What one may not do is 403, what lies in another meeting 404, and without signing in it is 401 (section 4).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from server.api.answers import NOTHING, Answer
from server.api.calls import Call
from server.api.places import FINDERS
from server.api.routes import ROUTES, resources
from server.api.routing import Open, Route
from server.auth.policy import Act
from tests.meetings import made
from tests.people import ROLES, Gathering, refused
from tests.processes import ServerProcess

EVERYBODY = {"secretariat", "chair", "delegate", "observer"}
SECRETARIAT = {"secretariat"}
CHAIR = {"chair"}
COMMENTERS = {"secretariat", "chair", "delegate"}

# Who may make each call, written down once more, by hand: a new route fails the first test until it stands here.
MAY: dict[str, set[str]] = {
    "GET /api/me": EVERYBODY,
    "DELETE /api/session": EVERYBODY,
    "GET /api/meetings": EVERYBODY,
    "POST /api/meetings": SECRETARIAT,
    "GET /api/meetings/{meeting}": EVERYBODY,
    "PATCH /api/meetings/{meeting}": SECRETARIAT,
    "GET /api/meetings/{meeting}/invitations": SECRETARIAT,
    "POST /api/meetings/{meeting}/invitations": SECRETARIAT,
    "DELETE /api/invitations/{invitation}": SECRETARIAT,
    "GET /api/meetings/{meeting}/participants": EVERYBODY,
    "PATCH /api/participants/{participant}": SECRETARIAT,
    "DELETE /api/participants/{participant}": SECRETARIAT,
    "GET /api/meetings/{meeting}/documents": EVERYBODY,
    "POST /api/meetings/{meeting}/documents": SECRETARIAT,
    "POST /api/meetings/{meeting}/documents/preview": SECRETARIAT,
    "GET /api/documents/{document}": EVERYBODY,
    "PATCH /api/documents/{document}": SECRETARIAT,
    "GET /api/documents/{document}/paragraphs": EVERYBODY,
    "PUT /api/documents/{document}/paragraphs/{paragraph}/lock": CHAIR,
    "DELETE /api/documents/{document}/paragraphs/{paragraph}/lock": CHAIR,
    "PUT /api/documents/{document}/frozen": CHAIR,
    "PUT /api/documents/{document}/focus": CHAIR,
    "GET /api/documents/{document}/threads": EVERYBODY,
    "POST /api/documents/{document}/paragraphs/{paragraph}/threads": COMMENTERS,
    "POST /api/threads/{thread}/comments": COMMENTERS,
    "PATCH /api/comments/{comment}": COMMENTERS,
    "DELETE /api/comments/{comment}": COMMENTERS,
    "PUT /api/threads/{thread}/resolved": COMMENTERS,
    "DELETE /api/threads/{thread}/resolved": COMMENTERS,
    "PUT /api/threads/{thread}/published": {"delegate"},
    "GET /api/documents/{document}/inbox": EVERYBODY,
    "PUT /api/documents/{document}/seen": EVERYBODY,
    "GET /api/documents/{document}/since": EVERYBODY,
    "GET /api/documents/{document}/brackets": EVERYBODY,
    "GET /api/documents/{document}/lints": EVERYBODY,
    "GET /api/documents/{document}/progress": EVERYBODY,
    "GET /api/documents/{document}/brackets/{bracket}/history": EVERYBODY,
    "PUT /api/documents/{document}/brackets/{bracket}/positions/{delegation}": {"secretariat", "chair", "delegate"},
    "POST /api/documents/{document}/brackets/{bracket}/preview": CHAIR,
    "POST /api/documents/{document}/brackets/{bracket}/resolution": CHAIR,
    "GET /api/documents/{document}/record": EVERYBODY,
    "POST /api/documents/{document}/snapshots": {"chair"},
    "GET /api/documents/{document}/snapshots": EVERYBODY,
    "POST /api/snapshots/{snapshot}/restore": {"secretariat"},
    "GET /api/documents/{document}/package": EVERYBODY,
    "GET /api/snapshots/{snapshot}/statement": EVERYBODY,
    "GET /api/snapshots/{snapshot}/proof": EVERYBODY,
    "GET /api/documents/{document}/diff": EVERYBODY,
    "GET /api/documents/{document}/attribution": EVERYBODY,
    "GET /api/documents/{document}/timeline": EVERYBODY,
    "GET /api/documents/{document}/export/{format}": EVERYBODY,
    "POST /api/documents/{document}/ticket": EVERYBODY,
}
LOCK = "PUT /api/documents/{document}/paragraphs/{paragraph}/lock"
ANYONE = {"POST /api/join", "POST /api/join/preview", "GET /api/keys", "GET /api/checker"}

BODIES: dict[str, dict[str, Any]] = {
    "POST /api/meetings": {"title": "Another"},
    "PATCH /api/meetings/{meeting}": {"title": "Renamed"},
    "POST /api/meetings/{meeting}/invitations": {"role": "chair"},
    "POST /api/meetings/{meeting}/documents": {"title": "Another"},
    "POST /api/meetings/{meeting}/documents/preview": {"title": "Another"},
    "PATCH /api/participants/{participant}": {"name": "Renamed"},
    "PATCH /api/documents/{document}": {"title": "Renamed"},
    "DELETE /api/documents/{document}/paragraphs/{paragraph}/lock": {"reason": "to look at it again"},
    "PUT /api/documents/{document}/frozen": {"frozen": False},
    "PUT /api/documents/{document}/focus": {"paragraph": None},
    "PUT /api/documents/{document}/brackets/{bracket}/positions/{delegation}": {"stance": "support"},
    "POST /api/documents/{document}/brackets/{bracket}/preview": {"outcome": "keep"},
    "POST /api/documents/{document}/brackets/{bracket}/resolution": {"outcome": "keep", "expect": "[act]"},
    "POST /api/documents/{document}/paragraphs/{paragraph}/threads": {"body": "Why so?", "visibility": "all"},
    "POST /api/threads/{thread}/comments": {"body": "Because."},
    "PATCH /api/comments/{comment}": {"body": "Because?"},
    "PUT /api/documents/{document}/seen": {"seq": 1},
    "POST /api/documents/{document}/snapshots": {"label": "Rev.1"},
}
QUERIES = {
    "GET /api/documents/{document}/inbox": {"filter": "mine"},
    "GET /api/documents/{document}/diff": {"from": "1"},
}


@dataclass
class World:
    """One's own meeting, another one, and somebody of each role in the first."""

    own: Gathering
    other: Gathering
    people: dict[str, httpx.Client]

    def path(self, route: Route, meeting: Gathering, author: httpx.Client | None = None) -> str:
        """The route's path to something in that meeting; what the call may do away with is made for it, and said by the
        author, or else by somebody of a delegation."""
        things: dict[str, Callable[[], str]] = {
            "meeting": lambda: meeting.id,
            "document": lambda: meeting.document,
            "invitation": lambda: str(meeting.invite("chair")["id"]),
            "participant": lambda: meeting.come("chair").id,
            "thread": lambda: str(said(meeting, author)["id"]),
            "comment": lambda: str(said(meeting, author)["comments"][0]["id"]),
            "snapshot": lambda: labelled(meeting),
            "format": lambda: "txt",
            "paragraph": lambda: locked(meeting) if route.method == "DELETE" else first(meeting)["id"],
        }
        if "bracket" in route.parameters:
            document, bracket = bracketed(meeting)
            things |= {"document": lambda: document, "bracket": lambda: bracket, "delegation": lambda: "KAZ"}
        return route.path.format(**{name: things[name]() for name in route.parameters})


def first(meeting: Gathering) -> dict[str, Any]:
    paragraph: dict[str, Any] = meeting.paragraphs()["paragraphs"][0]
    return paragraph


def bracketed(meeting: Gathering) -> tuple[str, str]:
    """A document with a bracket, and that."""
    body = {"title": "With a bracket", "text": "Parties [act]."}
    document = made(meeting.admin.post(f"/api/meetings/{meeting.id}/documents", json=body))["id"]
    (bracket,) = meeting.admin.get(f"/api/documents/{document}/brackets").json()["items"]
    return document, bracket["id"]


def said(meeting: Gathering, author: httpx.Client | None) -> dict[str, Any]:
    """A thread."""
    author = author or meeting.client(meeting.come("delegate"))
    path = f"/api/documents/{meeting.document}/paragraphs/{first(meeting)['id']}/threads"
    return made(author.post(path, json={"body": "Why so?", "visibility": "all"}))


def labelled(meeting: Gathering) -> str:
    """A snapshot."""
    chair = meeting.client(meeting.come("chair"))
    path = f"/api/documents/{meeting.document}/snapshots"
    return str(made(chair.post(path, json={"label": "Rev.1"}))["id"])


def agreement(meeting: Gathering) -> dict[str, Any]:
    return {"digest": first(meeting)["digest"], "status": "agreed"}


def locked(meeting: Gathering) -> str:
    """A paragraph that is locked."""
    id_: str = first(meeting)["id"]
    chair = meeting.client(meeting.come("chair"))
    path = f"/api/documents/{meeting.document}/paragraphs/{id_}/lock"
    assert chair.put(path, json=agreement(meeting)).is_success
    return id_


def body(route: Route, meeting: Gathering) -> dict[str, Any] | None:
    return agreement(meeting) if name(route) == LOCK else BODIES.get(name(route))


@pytest.fixture(scope="module")
def world(server: ServerProcess) -> Iterator[World]:
    with server.admin() as admin:
        own, other = Gathering.make(server, admin), Gathering.make(server, admin)
        assert isinstance(own, Gathering)
        assert isinstance(other, Gathering)
        yield World(own, other, {role: own.client(own.come(role)) for role in ROLES})
        own.close()
        other.close()


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def fits(route: Route, answer: httpx.Response) -> None:
    """A success that was declared, with all the members that were declared and no others."""
    assert answer.is_success, answer.text
    shape = route.answers[answer.status_code]
    if route.files:
        assert answer.headers["content-type"] in route.files
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert answer.content
    elif shape is None:
        assert answer.content == b""
    else:
        shape.model_validate_json(answer.content, strict=True, extra="forbid")


SIGNED_IN = [route for route in ROUTES if route.act is not Open.ANYONE]
PLACED = [route for route in SIGNED_IN if route.place is not None]


def test_every_registered_call_is_in_the_table() -> None:
    assert {name(route) for route in SIGNED_IN} == set(MAY)
    assert {name(route) for route in ROUTES if route.act is Open.ANYONE} == ANYONE
    assert {path.path for path in resources()} == {route.path for route in ROUTES}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", SIGNED_IN, ids=name)
def test_in_ones_own_meeting(world: World, route: Route, role: str) -> None:
    client = world.people[role]
    if route.path == "/api/session":  # it ends the session
        client = world.own.client(world.own.come(role))
    path = world.path(route, world.own, client if role in COMMENTERS else None)
    answer = client.request(route.method, path, json=body(route, world.own), params=QUERIES.get(name(route)))
    if role in MAY[name(route)]:
        fits(route, answer)
    else:
        refused(answer, 403, "forbidden")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", PLACED, ids=name)
def test_in_another_meeting(world: World, route: Route, role: str) -> None:
    client = world.people[role]
    path = world.path(route, world.other, client if role == "secretariat" else None)
    answer = client.request(route.method, path, json=body(route, world.other), params=QUERIES.get(name(route)))
    if role != "secretariat":
        refused(answer, 404, "not_found")
    elif role in MAY[name(route)]:
        fits(route, answer)
    else:
        refused(answer, 403, "forbidden")


@pytest.mark.parametrize("route", SIGNED_IN, ids=name)
def test_without_signing_in(world: World, route: Route, server: ServerProcess) -> None:
    with server.client() as nobody:
        path = world.path(route, world.own)
        answer = nobody.request(route.method, path, json=BODIES.get(name(route)))
        refused(answer, 401, "not_signed_in")
        assert answer.headers["www-authenticate"] == "Bearer"
        wrong = nobody.request(route.method, path, headers={"Authorization": "Bearer wrong"})
        refused(wrong, 401, "not_signed_in")


@pytest.mark.parametrize("route", PLACED, ids=name)
def test_what_is_not_there_is_not_found(world: World, route: Route) -> None:
    for id_ in ("0" * 16, "admin", "..", "%00", "😀"):
        path = route.path.format(**dict.fromkeys(route.parameters, id_))
        answer = world.people["secretariat"].request(route.method, path, json=BODIES.get(name(route)))
        assert answer.status_code in (404, 405), answer.text


def test_other_meetings_are_not_listed(world: World) -> None:
    for role in ("chair", "delegate", "observer"):
        listed = world.people[role].get("/api/meetings").json()["items"]
        assert [meeting["id"] for meeting in listed] == [world.own.id]


async def _nothing(call: Call) -> Answer:
    return NOTHING


@pytest.mark.parametrize("act", [None, "read", "anyone"])
def test_a_call_that_does_not_say_who_may_cannot_be_registered(act: Any) -> None:
    with pytest.raises(TypeError):
        Route(method="GET", path="/api/new", act=act, summary="New", handler=_nothing, answers={204: None})


def test_a_call_on_a_thing_that_nobody_can_find_cannot_be_registered() -> None:
    assert "secret" not in FINDERS
    with pytest.raises(ValueError, match="secret"):
        Route(
            method="GET", path="/api/secrets/{secret}", act=Act.READ, summary="", handler=_nothing, answers={204: None}
        )
