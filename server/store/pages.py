"""Lists in the order in which their rows were made, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Select, tuple_
from sqlmodel import SQLModel, col

R = TypeVar("R", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in its list."""

    created_at: str
    id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """At most `limit` rows behind `after` (none: from the first)."""

    after: Place | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """The rows, and the place to go on from; none at the end."""

    rows: Sequence[R]
    next: Place | None


def page(connection: Connection, query: Select[Any], table: Callable[..., R], wanted: Wanted) -> Page[R]:
    """`query` selects whole rows of `table`, which has the columns `created_at` and `id`."""
    created_at, id_ = col(table.created_at), col(table.id)  # type: ignore[attr-defined]  # see the docstring
    if wanted.after is not None:
        query = query.where(tuple_(created_at, id_) > tuple_(wanted.after.created_at, wanted.after.id))
    found = connection.execute(query.order_by(created_at, id_).limit(wanted.limit + 1)).mappings().all()
    rows = [table(**row) for row in found[: wanted.limit]]
    if len(found) <= wanted.limit:
        return Page(rows, None)
    last = found[wanted.limit - 1]
    return Page(rows, Place(last["created_at"], last["id"]))
