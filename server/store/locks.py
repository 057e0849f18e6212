"""The locks of documents: rows beside the record, for opening without reading all of it."""

from sqlalchemy import Connection, Delete, Insert, delete, insert, select
from sqlmodel import col

from server.tables import LockRow, Participant


def of_document(connection: Connection, document: str) -> list[tuple[LockRow, Participant]]:
    """With who locked each."""
    rows = connection.execute(select(LockRow).where(col(LockRow.document) == document)).mappings().all()
    locks = [LockRow(**row) for row in rows]
    people = select(Participant).where(col(Participant.id).in_({lock.participant for lock in locks}))
    named = {row["id"]: Participant(**row) for row in connection.execute(people).mappings()}
    return [(lock, named[lock.participant]) for lock in locks]


def removal(document: str, paragraph: str) -> Delete:
    return delete(LockRow).where(col(LockRow.document) == document, col(LockRow.paragraph) == paragraph)


def addition(lock: LockRow) -> Insert:
    return insert(LockRow).values(**lock.model_dump())
