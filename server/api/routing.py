"""Declarations of calls: method, path, who may, what goes in and out.

Everything that can be said of a call in general is said here once, and three things are made of it: the route that
carries it out, the OpenAPI document, and the tests that try every role on it.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from server.api.answers import Answer
from server.api.bodies import JSON_LIMIT
from server.api.places import FINDERS
from server.api.shapes import Body, Query
from server.auth.policy import Act
from server.errors import Code

if TYPE_CHECKING:
    from server.api.calls import Call

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Open(Enum):
    """Calls that need no signing in, said aloud."""

    ANYONE = "anyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One call. `act` has no default: what does not say who may do it cannot be registered."""

    method: str
    path: str  # as in "/api/meetings/{meeting}": the first parameter names the place
    act: Act | Open
    summary: str
    handler: Callable[["Call"], Awaitable[Answer]]
    answers: Mapping[int, type[BaseModel] | None]  # of success, by status
    query: type[Query] = Query
    body: type[BaseModel] | None = None  # JSON
    form: type[Body] | None = None  # multipart, instead of JSON
    limit: int = JSON_LIMIT  # bytes of the body, or of the file in it
    key: str | None = None  # what an idempotency key looks like here, when unlike elsewhere
    problems: tuple[Code, ...] = ()  # beside those that follow from the rest
    headers: Mapping[str, str] | None = None  # of the answers: name -> what it says
    files: tuple[str, ...] = ()  # media types of the answer, where that is a file and no JSON

    def __post_init__(self) -> None:
        if not isinstance(self.act, Act | Open):
            raise TypeError(f"{self.method} {self.path} does not say who may do it")
        if self.method not in METHODS:
            raise ValueError(f"{self.method} is not among {METHODS}")
        if self.place is not None and self.place not in FINDERS:
            raise ValueError(f"{self.path}: nobody knows how to find a {self.place}")

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @property
    def place(self) -> str | None:
        """The parameter that names the place where the call acts."""
        return self.parameters[0] if self.parameters else None

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def operation(self) -> str:
        """Its name in the OpenAPI document."""
        name: Any = self.handler
        return str(name.__name__)
