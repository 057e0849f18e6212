"""`/ws/documents/{d}`: from the request to a session, or to a close that says why not (W1, W7).

Whatever the reason, the socket is accepted first: a refusal before that looks like a network fault to every client,
which then tries again for ever.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.websockets import WebSocket

from server.auth.credentials import principal_of_socket
from server.auth.origin import client_address
from server.auth.policy import Act, Ground, Principal, allows
from server.config import Settings
from server.errors import Problem, malformed, not_found, unavailable
from server.rooms import Room, Rooms
from server.session.handshake import socket_of
from server.session.sessions import Place, Sessions
from server.store import Store, Unavailable, documents

OPEN_WITHIN = 30.0
"""Seconds for the database to say who it is and to bring the document."""

VERSION = "1"
"""Of messages of type 100 (W2)."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """The endpoint, with what it needs."""

    settings: Settings
    store: Store
    rooms: Rooms
    sessions: Sessions

    async def __call__(self, websocket: WebSocket) -> None:
        place: Place | None = None
        try:
            place = self.sessions.admit(client_address(websocket.scope, self.settings))
            wants_events = _wants_events(websocket)
            async with asyncio.timeout(OPEN_WITHIN):
                who, room = await self._open(websocket)
        except Problem as problem:
            await self._refuse(websocket, place, problem)
        except (Unavailable, TimeoutError):
            await self._refuse(websocket, place, unavailable("The document cannot be opened now; connect again later."))
        else:
            await websocket.accept()
            socket = socket_of(websocket.scope)
            self.sessions.open(socket, place, room, who, wants_events=wants_events, welcome=_welcome(room))

    async def _open(self, websocket: WebSocket) -> tuple[Principal, Room]:
        document_id: str = websocket.path_params["d"]
        who = await principal_of_socket(websocket.scope, document_id, self.store, self.settings)
        room = self.rooms.find(document_id)
        ground = room.standing.ground if room else await self._ground(document_id)
        if ground is None or not allows(who, Act.READ, ground):
            raise not_found("document")
        return who, await self.rooms.room(document_id)

    async def _ground(self, document_id: str) -> Ground | None:
        """Of a document that is not open: whoever may not read it does not have it opened."""
        document = await self.store.read(lambda connection: documents.find(connection, document_id))
        return None if document is None else Ground(document.meeting)

    async def _refuse(self, websocket: WebSocket, place: Place | None, problem: Problem) -> None:
        if place is not None:
            self.sessions.release(place)
        await websocket.accept()
        await websocket.close(problem.close_code, problem.detail)


def _wants_events(websocket: WebSocket) -> bool:
    """Raises Problem for a version that is not spoken here: an old page in some cache must not write."""
    version = parse_qs(websocket.scope["query_string"].decode("latin-1"), keep_blank_values=True).get("v")
    if version is None:
        return False
    if version != [VERSION]:
        raise malformed(f"Version {VERSION} is spoken here; reload the page, or update your client.")
    return True


def _welcome(room: Room) -> dict[str, Any]:
    """What is said first (W2), of the room's own standing: no event falls between this and joining."""
    standing = room.standing
    return {
        "document": {"id": room.document_id, "frozen": standing.frozen, "frozen_reason": standing.frozen_reason},
        "locks": {name: lock.told() for name, lock in standing.locks.items()},
        "focus": room.focus,
    }
