"""pycrdt-websocket as it comes: in memory, no storage, no sign-in; on uvicorn with uvloop, as Rolling Text is."""

import os

import uvicorn
from pycrdt.websocket import ASGIServer, WebsocketServer
from starlette.types import Receive, Scope, Send

rooms = WebsocketServer()
sockets = ASGIServer(rooms)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await sockets(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    async with rooms:
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", ws_per_message_deflate=False)
