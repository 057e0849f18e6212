"""A path and the calls that are declared for it: from a request to its answer, the same steps for all."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.api import bodies, idempotency, places
from server.api.answers import Answer
from server.api.calls import Call, Server
from server.api.idempotency import Key
from server.api.places import Place
from server.api.routing import Open, Route
from server.auth.credentials import Means, SignedIn, signed_in
from server.auth.origin import from_foreign_page, from_own_page
from server.auth.policy import Act, allows, belongs, may_see
from server.errors import Code, Problem, forbidden, method_not_allowed, not_found, not_signed_in

_WORDS: Mapping[Act, str] = {
    Act.READ: "read this",
    Act.EDIT: "edit the text",
    Act.COMMENT: "comment in this meeting",
    Act.TAKE_POSITION: "take a position for this delegation",
    Act.PRESIDE: "do this; it is the chair's",
    Act.ADMINISTER: "do this; it is the secretariat's",
}


class Resource:
    """An ASGI application for one path."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = {route.method: route for route in routes}
        methods = [*self._routes, *(["HEAD"] if "GET" in self._routes else [])]
        self._allow = ", ".join(sorted(methods))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        route = self._routes.get("GET" if request.method == "HEAD" else request.method)
        if route is None:
            raise method_not_allowed(self._allow)
        answer = await carry_out(request.app.state.server, route, request)
        media_type = "application/json" if answer.content and not route.files else None
        response = Response(answer.content, answer.status, dict(answer.headers), media_type)
        await response(scope, receive, send)


async def carry_out(server: Server, route: Route, request: Request) -> Answer:
    """Who (401), where (404), may they (403), what (400, 413, 415, 422), and then the handler."""
    sender = await _sender(server, route, request)
    given = idempotency.given(request) if route.writes else None
    done = given is not None and sender is not None and await _was_done(server, sender, given)
    place = None if done else await _place(server, route, request, sender)
    query = bodies.read_query(request, route.query)
    body = await _body(route, request)
    key = None if given is None or sender is None else _key(request, given, sender, body)
    if place is None:  # what it changed may be why it would not be found or allowed now
        before = None if key is None else await server.store.read(lambda connection: idempotency.kept(connection, key))
        if before is not None:
            return before
        place = await _place(server, route, request, sender)
    return await route.handler(Call(server, request, sender, place, request.path_params, query, body, key))


async def _sender(server: Server, route: Route, request: Request) -> SignedIn | None:
    """Raises Problem: nobody, where somebody must be; a page of another site that uses one's cookie."""
    if route.act is Open.ANYONE:
        if route.writes and from_foreign_page(request.scope, server.settings):
            raise _foreign()
        return None
    sender = await signed_in(request.scope, server.store, server.settings)
    if sender is None:
        raise not_signed_in()
    if route.writes and sender.means is Means.COOKIE and not from_own_page(request.scope, server.settings):
        raise _foreign()
    return sender


def _foreign() -> Problem:
    return Problem(Code.FOREIGN_ORIGIN, "Write from this server's own pages, or with a bearer token.")


async def _place(server: Server, route: Route, request: Request, sender: SignedIn | None) -> Place:
    """Raises Problem: nothing there for this sender, or not allowed."""
    if route.act is Open.ANYONE or sender is None:
        return Place(None)
    who, name = sender.principal, route.place

    def find(connection: Connection) -> Place:
        if name is None:
            return places.own(connection, who.meeting_id)
        return places.find(connection, name, request.path_params[name])

    place = await server.store.read(find)
    if not (belongs(who, place.ground) and may_see(who, place.readers)):
        raise not_found(name or "meeting")
    if not allows(who, route.act, place.ground, delegation=request.path_params.get("delegation")):
        raise forbidden(_WORDS[route.act])
    return place


async def _body(route: Route, request: Request) -> BaseModel | None:
    if route.form is not None and bodies.media_type(request) == "multipart/form-data":
        return await bodies.read_form(request, route.form, route.limit)
    if route.body is None:
        return None
    return await bodies.read_json(request, route.body, route.limit)


def _key(request: Request, given: str, sender: SignedIn, body: BaseModel | None) -> Key:
    return Key(sender.principal.participant_id, given, sender.secret, idempotency.fingerprint(request, body))


async def _was_done(server: Server, sender: SignedIn, given: str) -> bool:
    who = sender.principal.participant_id
    return await server.store.read(lambda connection: idempotency.is_known(connection, who, given))
