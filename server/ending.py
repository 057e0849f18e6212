"""Requests that are still under way when the server must end: they are cancelled, and told to come again."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.problems import response
from server.errors import unavailable


class Ending:
    """ASGI middleware. A request whose answer was begun has nobody left to read it: its connection is cut first."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            if begun or not scope["app"].state.draining:
                raise
            await response(unavailable("The server is restarting; try again in a moment."))(scope, receive, send)
