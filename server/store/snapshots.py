"""The snapshots of documents."""

from sqlalchemy import Connection, Insert, func, insert, select
from sqlmodel import col

from server.store.pages import Page, Wanted, page
from server.tables import SnapshotRow


def find(connection: Connection, id_: str) -> SnapshotRow | None:
    row = connection.execute(select(SnapshotRow).where(col(SnapshotRow.id) == id_)).mappings().one_or_none()
    return None if row is None else SnapshotRow(**row)


def listed(connection: Connection, document: str, wanted: Wanted) -> Page[SnapshotRow]:
    """The oldest first."""
    query = select(SnapshotRow).where(col(SnapshotRow.document) == document)
    return page(connection, query, SnapshotRow, wanted)


def every(connection: Connection, document: str) -> list[SnapshotRow]:
    query = select(SnapshotRow).where(col(SnapshotRow.document) == document).order_by(col(SnapshotRow.seq))
    return [SnapshotRow(**row) for row in connection.execute(query).mappings()]


def last_labelled(connection: Connection, document: str) -> SnapshotRow | None:
    query = (
        select(SnapshotRow)
        .where(col(SnapshotRow.document) == document, col(SnapshotRow.label).is_not(None))
        .order_by(col(SnapshotRow.seq).desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else SnapshotRow(**row)


def last_taken(connection: Connection, document: str) -> str | None:
    """When the last one was."""
    query = select(func.max(col(SnapshotRow.created_at))).where(col(SnapshotRow.document) == document)
    found: str | None = connection.execute(query).scalar_one()
    return found


def addition(row: SnapshotRow) -> Insert:
    return insert(SnapshotRow).values(**row.model_dump())
