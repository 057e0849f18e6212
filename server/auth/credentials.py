"""Who sent this: by bearer token, cookie, admin token (C3) or, for sockets, a ticket (P4, W1)."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qs

from sqlalchemy import Connection
from starlette.requests import HTTPConnection, cookie_parser
from starlette.types import Scope

from server import times
from server.auth import tokens
from server.auth.origin import is_https, may_open_socket
from server.auth.policy import Principal
from server.config import Settings
from server.errors import Code, Problem, not_signed_in
from server.store import people, tickets
from server.store.store import Store
from server.tables import Credential, Participant, Role

COOKIE = "rollingtext"
SESSION_DAYS = 30  # how long one stays signed in
ADMIN_ID = "admin"
ADMIN = Principal(ADMIN_ID, "Administrator", Role.SECRETARIAT, None, None)


class Means(StrEnum):
    """With what somebody signed in."""

    BEARER = "bearer"
    COOKIE = "cookie"
    ADMIN_TOKEN = "admin_token"  # noqa: S105  # the word, not a token


@dataclass(frozen=True, slots=True)
class SignedIn:
    principal: Principal
    means: Means
    secret: str  # the token itself: answers are sealed under it


def principal(participant: Participant) -> Principal:
    return Principal(participant.id, participant.name, participant.role, participant.meeting, participant.delegation)


def cookie_name(scope: Scope, settings: Settings) -> str:
    """Under https no other host can set it (P4)."""
    return f"__Host-{COOKIE}" if is_https(scope, settings) else COOKIE


async def signed_in(scope: Scope, store: Store, settings: Settings) -> SignedIn | None:
    """Whoever sent this request; none when nobody signed in. A bearer token goes before a cookie."""
    presented = _presented(scope, settings)
    if presented is None:
        return None
    means, token = presented
    if means is Means.BEARER and _is_admin_token(token, settings):
        return SignedIn(ADMIN, Means.ADMIN_TOKEN, token)
    found = await store.holders.of(tokens.hashed(token))
    return None if found is None else SignedIn(principal(found), means, token)


async def principal_of(scope: Scope, store: Store, settings: Settings) -> Principal | None:
    """Who sent this request, by bearer token or cookie."""
    who = await signed_in(scope, store, settings)
    return None if who is None else who.principal


async def principal_of_socket(scope: Scope, document: str, store: Store, settings: Settings) -> Principal:
    """Who opens a socket on this document (W1). Raises Problem: not signed in (4401), foreign origin (4403)."""
    ticket = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("ticket")
    if ticket:
        return await _principal_of_ticket(ticket[0], document, store)
    who = await signed_in(scope, store, settings)
    if who is None:
        raise not_signed_in("Sign in with an invitation link, a bearer token or a fresh ticket.")
    if who.means is Means.COOKIE and not may_open_socket(scope, settings):
        raise Problem(
            Code.FOREIGN_ORIGIN, "A socket signed in by cookie must come from this server's pages or an allowed origin."
        )
    return who.principal


def issue(connection: Connection, participant: str) -> str:
    """A new access token for them; only its hash is kept."""
    token = tokens.new_token()
    now = datetime.now(UTC)
    people.add_credential(
        connection,
        Credential(
            token_hash=tokens.hashed(token),
            participant=participant,
            created_at=times.written(now),
            expires_at=times.written(now + timedelta(days=SESSION_DAYS)),
        ),
    )
    return token


def ensure_admin(connection: Connection) -> None:
    """What the admin token does is recorded under a participant of its own."""
    admin = Participant(id=ADMIN_ID, name=ADMIN.name, role=Role.SECRETARIAT, created_at=times.now())
    people.ensure(connection, admin)


def _presented(scope: Scope, settings: Settings) -> tuple[Means, str] | None:
    headers = HTTPConnection(scope).headers
    authorization = headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        return (Means.BEARER, token.strip()) if scheme.lower() == "bearer" and token.strip() else None
    token = cookie_parser(headers.get("cookie", "")).get(cookie_name(scope, settings), "")
    return (Means.COOKIE, token) if token else None


def _is_admin_token(token: str, settings: Settings) -> bool:
    if settings.admin_token is None:
        return False
    return hmac.compare_digest(token.encode(), settings.admin_token.get_secret_value().encode())


async def _principal_of_ticket(ticket: str, document: str, store: Store) -> Principal:
    def use(connection: Connection) -> Participant | None:
        owner = tickets.use(connection, tokens.hashed(ticket), document, times.now())
        return None if owner is None else people.present(connection, [owner]).get(owner)

    found = await store.write(use)
    if found is None:
        raise not_signed_in("The ticket is used up, too old, or for another document; ask for a new one.")
    return principal(found)
