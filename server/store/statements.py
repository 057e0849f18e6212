"""What was signed of labelled snapshots."""

from sqlalchemy import Connection, select
from sqlmodel import col

from server.store.upsert import upserting
from server.tables import SnapshotRow, StatementRow


def find(connection: Connection, snapshot: str) -> StatementRow | None:
    query = select(StatementRow).where(col(StatementRow.snapshot) == snapshot)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else StatementRow(**row)


def add(connection: Connection, row: StatementRow) -> StatementRow:
    """What is kept: one that another process has signed before, or at the same time, stays."""
    connection.execute(upserting(connection, StatementRow).values(**row.model_dump()).on_conflict_do_nothing())
    return find(connection, row.snapshot) or row


def of_document(connection: Connection, document: str) -> dict[str, StatementRow]:
    """By snapshot."""
    query = (
        select(StatementRow)
        .join(SnapshotRow, col(SnapshotRow.id) == col(StatementRow.snapshot))
        .where(col(SnapshotRow.document) == document)
    )
    return {row["snapshot"]: StatementRow(**row) for row in connection.execute(query).mappings()}


def keys(connection: Connection) -> set[bytes]:
    """The public keys of all that was ever signed here."""
    return set(connection.execute(select(col(StatementRow.public_key)).distinct()).scalars())
