"""The HTTP server: uvicorn on uvloop, with our own protocol class, and an end within five seconds."""

import asyncio
import gc
import resource
import socket
import time
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from server.config import Settings
from server.session.http import HttpProtocol
from server.session.protocol import Socket

DRAIN_WITHIN = 1.5
"""Seconds in which what was typed before the end is still saved."""

CLOSE_WITHIN = 3
"""Seconds, whole ones, in which connections must end after they were told to, and requests after that."""

ANSWER_WITHIN = 0.5
"""Seconds for the answer to a request that was cancelled, which is short."""

LOOK_S = 0.02
"""Between two looks whether all have ended."""

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
        for connection in tuple(self.server_state.connections):
            connection.shutdown()
        await self._until_empty(CLOSE_WITHIN)
        await self._cut()
        await super().shutdown(sockets)
        self._captured_signals.clear()  # uvicorn would raise them again: what was asked for is done

    async def _cut(self) -> None:
        """Whoever has not come to an end by then has one made: uvicorn would report that as an error, answer what is
        under way by 500, and leave the lines to their peers."""
        for connection in tuple(self.server_state.connections):
            if not (isinstance(connection, HttpProtocol) and connection.unanswered):
                connection.transport.abort()
        await asyncio.sleep(LOOK_S)  # they hear of it: nobody writes an answer to its end any more
        for task in tuple(self.server_state.tasks):
            task.cancel()
        await self._until_empty(ANSWER_WITHIN)
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()

    @property
    def _busy(self) -> bool:
        """A second SIGINT does not wait."""
        return bool(self.server_state.connections or self.server_state.tasks) and not self.force_exit

    async def _until_empty(self, within: float) -> None:
        """Waits until no connection and no request is left, at most so many seconds."""
        until = time.monotonic() + within
        while self._busy and time.monotonic() < until:  # noqa: ASYNC110  # uvicorn tells nobody
            await asyncio.sleep(LOOK_S)


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
