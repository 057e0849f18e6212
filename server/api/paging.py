"""Lists in pages: `?after=` and `?limit=`, `{items, next}`."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from sqlmodel import SQLModel

from server.api.shapes import Query, Shape
from server.store.pages import Page, Place, Wanted

R = TypeVar("R", bound=SQLModel)
S = TypeVar("S", bound=Shape)

LIMIT = 200
_PLACE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z~[0-9a-f]{1,16}$"


def _digits(value: object) -> object:
    """In a URL a number is its digits and nothing else: not " 5", "+5", "5.0" or "1_000"."""
    if isinstance(value, str):
        if not (value.isascii() and value.isdecimal() and len(value) < 20):
            raise PydanticCustomError("digits", "write a whole number in digits")
        return int(value)
    return value


def _yes_or_no(value: object) -> object:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise PydanticCustomError("yes_or_no", "write true or false")
        return value == "true"
    return value


Digits = BeforeValidator(_digits)
Flag = Annotated[bool, BeforeValidator(_yes_or_no)]
Limit = Annotated[int, Field(ge=1, le=LIMIT, description="How many at most"), Digits]


class Paging(Query):
    """Which page of a list."""

    after: Annotated[str, StringConstraints(pattern=_PLACE)] | None = Field(
        default=None, description="`next` of the page before"
    )
    limit: Limit = 50


def wanted(query: Paging) -> Wanted:
    if query.after is None:
        return Wanted(limit=query.limit)
    created_at, _, id_ = query.after.partition("~")
    return Wanted(Place(created_at, id_), query.limit)


def listed(page: Page[R], shape: Callable[[R], S]) -> dict[str, Any]:
    """The page as the members of a List."""
    return {"items": [shape(row) for row in page.rows], "next": following(page.next)}


def following(place: Place | None) -> str | None:
    return None if place is None else f"{place.created_at}~{place.id}"


class Rows(Query):
    """Which part of a list."""

    after: Annotated[int, Field(ge=0, le=2**53 - 1), Digits] = Field(default=0, description="`next` of the page before")
    limit: Limit = 50


def next_row(query: Rows, shown: int, all_: int) -> str | None:
    behind = query.after + shown
    return str(behind) if shown and behind < all_ else None
