"""The application: what is reachable, and what runs for as long as it does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server import pages
from server.api import problems, system
from server.api.calls import Server
from server.api.openings import Openings
from server.api.readings import Readings
from server.api.routes import resources
from server.api.series import Progress
from server.aside import Aside
from server.auth.credentials import ensure_admin
from server.auth.guesses import Guesses
from server.config import Settings
from server.counting import Counting
from server.ending import Ending
from server.fanout import Fanout, LocalFanout, RedisFanout
from server.headers import SecurityHeaders
from server.history import History
from server.papers.underway import Underway
from server.proof import Statements, signer_of
from server.rooms import Rooms
from server.session.people import People
from server.session.sessions import Sessions
from server.session.socket import Entrance
from server.store import Store


def build(settings: Settings) -> Starlette:
    """`app.state.server` and `app.state.entrance` are there while it runs."""
    app = Starlette(
        routes=[*system.PATHS, *resources(), WebSocketRoute("/ws/documents/{d}", _enter), *pages.PATHS],
        middleware=[Middleware(Counting), Middleware(SecurityHeaders), Middleware(Ending)],
        exception_handlers=problems.HANDLERS,
        lifespan=_running,
    )
    app.router.redirect_slashes = False  # one address for each thing
    app.state.settings = settings
    app.state.draining = False
    return app


@asynccontextmanager
async def _running(app: Starlette) -> AsyncGenerator[None, None]:
    settings: Settings = app.state.settings
    store = await Store.open(settings.database_url)
    try:
        if settings.admin_token is not None:
            await store.write(ensure_admin)
        fanout = _fanout(settings)
        async with Rooms(store, fanout) as rooms:
            sessions = Sessions(settings, asyncio.get_running_loop(), fanout)
            app.state.entrance = Entrance(settings, store, rooms, sessions)
            aside = Aside()
            history = History(store)
            statements = Statements(store, aside, signer_of(settings))
            app.state.server = Server(
                settings,
                store,
                rooms,
                Readings(store, rooms),
                Openings(store),
                Progress(store),
                sessions,
                Guesses(fanout),
                aside,
                history,
                statements,
                Underway(aside, store.url),
            )
            app.state.drain = partial(_drain, app, rooms)
            async with People(store, sessions, fanout, shared=_is_shared(settings)):
                yield
            sessions.stop()
            await statements.close()
            await history.close()
            await aside.close()
        await fanout.close()
    finally:
        await store.close()


def _is_shared(settings: Settings) -> bool:
    """Whether other processes may serve the same database."""
    return bool(settings.redis) or settings.database_url.startswith("postgresql:")


def _fanout(settings: Settings) -> Fanout:
    if not settings.redis:
        return LocalFanout()
    fanout = RedisFanout(settings.redis)
    fanout.start()
    return fanout


async def _drain(app: Starlette, rooms: Rooms, within: float) -> None:
    """Takes nothing more, and waits at most so many seconds until what was taken is saved."""
    app.state.draining = True
    draining = [asyncio.create_task(room.drain()) for room in rooms.open_rooms()]
    if draining:
        await asyncio.wait(draining, timeout=within)


async def _enter(websocket: WebSocket) -> None:
    entrance: Entrance = websocket.app.state.entrance
    await entrance(websocket)
