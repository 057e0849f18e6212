"""The HTTP server: uvicorn on uvloop, with our own protocol class, and an end within five seconds."""

import gc
import resource
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from server.config import Settings
from server.session.http import HttpProtocol
from server.session.protocol import Socket

DRAIN_WITHIN = 1.5
"""Seconds in which what was typed before the end is still saved."""

CLOSE_WITHIN = 3
"""Seconds, whole ones, in which connections must end after they were told to. Sockets cut themselves off."""

KEEP_ALIVE = 20
"""Seconds for which a connection without a request stays open."""

SPARE_FILES = 128
"""File descriptors kept for the database, logs and listening sockets."""


def configured(app: Starlette, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=HttpProtocol,
        ws=Socket,
        lifespan="on",
        log_config=None,
        proxy_headers=False,  # `auth.origin` reads them
        server_header=False,
        limit_concurrency=_connections(settings),
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=CLOSE_WITHIN,
    )


class Server(uvicorn.Server):
    """First stops listening and lets the rooms finish, then says 1012 to every socket, then ends."""

    def __init__(self, app: Starlette, settings: Settings, on_ready: Callable[[], None]) -> None:
        super().__init__(configured(app, settings))
        self._app = app
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.collect()
            gc.freeze()  # some 125,000 objects that stay: looking through them again took 35 ms each time
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in self.servers:
            listener.close()
        for connection in tuple(self.server_state.connections):
            if isinstance(connection, Socket):
                connection.pause()
        await self._app.state.drain(DRAIN_WITHIN)
        await super().shutdown(sockets)
        self._captured_signals.clear()  # uvicorn would raise them again: what was asked for is done


def serve(app: Starlette, settings: Settings, on_ready: Callable[[], None]) -> None:
    """Until a signal comes: SIGINT or SIGTERM, a second SIGINT to end at once. `on_ready`: once it can be reached."""
    Server(app, settings, on_ready).run()


def _connections(settings: Settings) -> int:
    """How many may be open at once: what is configured, as far as the system has file descriptors for them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.max_connections + SPARE_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(settings.max_connections, soft - SPARE_FILES)
