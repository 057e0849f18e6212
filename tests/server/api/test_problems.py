"""The edge: what nobody expected is a problem, too, and tells nothing of what happened inside."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.api import problems
from server.errors import PROBLEMS, Code, Problem
from server.headers import SECURITY, SecurityHeaders
from server.store import Unavailable

SECRET = "words of the draft"


async def failing(request: Request) -> Response:
    raise {"bug": ZeroDivisionError(SECRET), "database": Unavailable(SECRET), "problem": Problem(Code.IN_USE, "No.")}[
        request.path_params["how"]
    ]


APP = Starlette(
    routes=[Route("/{how}", failing)],
    middleware=[Middleware(SecurityHeaders)],
    exception_handlers=problems.HANDLERS,
)


@pytest.mark.parametrize(
    ("how", "code"), [("bug", Code.INTERNAL), ("database", Code.UNAVAILABLE), ("problem", Code.IN_USE)]
)
async def test_whatever_is_raised_becomes_a_problem(how: str, code: Code) -> None:
    transport = httpx.ASGITransport(APP, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://draft.example") as client:
        answer = await client.get(f"/{how}")
    assert answer.status_code == PROBLEMS[code][0]
    assert answer.json()["code"] == code
    assert SECRET not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert ("retry-after" in answer.headers) is (code is Code.UNAVAILABLE)


def test_every_code_has_a_status_and_a_title() -> None:
    assert set(PROBLEMS) == set(Code)
    for code in Code:
        body = Problem(code, "What to do.").body()
        assert body["type"] == f"urn:rollingtext:problem:{code}"
        assert 400 <= body["status"] < 600
