"""Documents: what is said of them beside their text, which is in the record."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from server.store.pages import Page, Wanted, page
from server.tables import Document


def add(connection: Connection, document: Document) -> None:
    connection.execute(insert(Document).values(**document.model_dump()))


def find(connection: Connection, document: str) -> Document | None:
    row = connection.execute(select(Document).where(col(Document.id) == document)).mappings().one_or_none()
    return None if row is None else Document(**row)


def listed(connection: Connection, meeting: str, wanted: Wanted) -> Page[Document]:
    return page(connection, select(Document).where(col(Document.meeting) == meeting), Document, wanted)


def change(connection: Connection, document: str, values: Mapping[str, Any]) -> None:
    """`values`: columns by name."""
    if values:
        connection.execute(update(Document).where(col(Document.id) == document).values(**values))
