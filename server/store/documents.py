"""Documents: what is said of them beside their text, which is in the record."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Update, insert, select, update
from sqlmodel import col

from server.store import record
from server.store.pages import Page, Wanted, page
from server.store.record import EntryDraft
from server.tables import Document, EntryKind


def add(
    connection: Connection,
    document: Document,
    update: bytes,
    drafts: Sequence[EntryDraft] = (),
    also: Sequence[Executable] = (),
) -> int:
    """A new document: `update`, its whole text, as the first entry of its record, and what came along with that.

    The seq of the last entry.
    """
    connection.execute(insert(Document).values(**document.model_dump()))
    first = EntryDraft(EntryKind.UPDATE, document.created_by, document.created_at, update)
    return record.append(connection, document.id, record.EMPTY, [first, *drafts], also).seq


def find(connection: Connection, document: str) -> Document | None:
    row = connection.execute(select(Document).where(col(Document.id) == document)).mappings().one_or_none()
    return None if row is None else Document(**row)


def listed(connection: Connection, meeting: str, wanted: Wanted) -> Page[Document]:
    return page(connection, select(Document).where(col(Document.meeting) == meeting), Document, wanted)


def freezing(document: str, frozen: bool, reason: str | None) -> Update:
    return update(Document).where(col(Document.id) == document).values(frozen=frozen, frozen_reason=reason)


def change(connection: Connection, document: str, values: Mapping[str, Any]) -> None:
    """`values`: columns by name."""
    if values:
        connection.execute(update(Document).where(col(Document.id) == document).values(**values))
