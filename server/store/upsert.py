"""Rows that may be there already: several processes write the same one at the same time."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upserting(connection: Connection, table: type[Any] | Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that knows `on_conflict_do_…`, in the words of the database that `connection` leads to."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
