"""The edge: whatever is raised becomes `application/problem+json` (RFC 9457)."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from server.aside import AsideDied
from server.errors import Code, Problem, method_not_allowed, not_found, unavailable
from server.headers import SECURITY
from server.store.engine import Unavailable

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


def response(problem: Problem) -> Response:
    content = json.dumps(problem.body(), ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, problem.status, problem.headers, MEDIA_TYPE)


async def refused(request: Request, error: Exception) -> Response:
    """A Problem."""
    return response(error if isinstance(error, Problem) else _failed())


async def by_starlette(request: Request, error: Exception) -> Response:
    """What Starlette refuses by itself: paths that lead nowhere, and methods that they do not know."""
    match error:
        case HTTPException(status_code=404):
            return response(not_found("path"))
        case HTTPException(status_code=405):
            return response(method_not_allowed((error.headers or {}).get("Allow", "")))
        case _:
            return response(_failed())


async def database_fails(request: Request, error: Exception) -> Response:
    _log.warning("the database fails", extra={"cause": str(error)})
    return response(unavailable("The database cannot be reached or written to; try again in a moment."))


async def aside_died(request: Request, error: Exception) -> Response:
    _log.warning("the process beside ended")
    return response(unavailable("What would do this has ended; try again in a moment."))


async def gone(request: Request, error: Exception) -> Response:
    """Its sender hung up in the middle of the body; nobody reads this answer."""
    return response(Problem(Code.MALFORMED, "The body ended early."))


async def failed(request: Request, error: Exception) -> Response:
    """A bug of ours. Starlette raises it again after this answer, and the server's log has it.

    It is answered outside of all middleware, so the headers come from here.
    """
    answer = response(_failed())
    answer.headers.update({**SECURITY, "Cache-Control": "no-store"})
    return answer


def _failed() -> Problem:
    return Problem(Code.INTERNAL, "This is a fault of the server; it is in its log. Trying again may help.")


HANDLERS: Mapping[Any, Any] = {
    Problem: refused,
    HTTPException: by_starlette,
    Unavailable: database_fails,
    AsideDied: aside_died,
    ClientDisconnect: gone,
    Exception: failed,
}
"""For Starlette's `exception_handlers`."""
