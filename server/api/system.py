"""What machines ask of the process itself (C5): health, readiness, figures, and the description of the calls."""

import json
from functools import cache

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from server.api.calls import Server
from server.api.openapi import document
from server.api.routes import ROUTES
from server.errors import unavailable
from server.store import Unavailable
from server.store.schema import Schema, is_writable, schema_of


async def health(request: Request) -> Response:
    """The process runs."""
    return JSONResponse({"status": "ok"})


async def readiness(request: Request) -> Response:
    """It can serve: the database can be written, its schema is ours, and nobody has asked the process to stop."""
    server: Server = request.app.state.server
    if request.app.state.draining:
        raise unavailable("The server is stopping.")
    try:
        found, writable = await server.store.write(lambda connection: (schema_of(connection), is_writable(connection)))
    except Unavailable:
        raise unavailable("The database cannot be reached.") from None
    if found is not Schema.CURRENT:
        raise unavailable("The database has another schema than this version works with.")
    if not writable:
        raise unavailable("The database cannot be written.")
    return JSONResponse({"status": "ready"})


async def figures(request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def description(request: Request) -> Response:
    return Response(_description(), media_type="application/json")


@cache
def _description() -> bytes:
    return json.dumps(document(ROUTES), ensure_ascii=False).encode()


PATHS = (
    Path("/healthz", health),
    Path("/readyz", readiness),
    Path("/metrics", figures),
    Path("/openapi.json", description),
)
