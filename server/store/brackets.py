"""The register of brackets: rows beside the record, for opening without reading all of it."""

from collections.abc import Sequence

from sqlalchemy import Connection, Delete, Insert, delete, insert, select
from sqlmodel import col

from server.tables import BracketRow, PositionRow


def of_document(connection: Connection, document: str) -> Sequence[BracketRow]:
    """In the order of what was recorded last of each."""
    query = select(BracketRow).where(col(BracketRow.document) == document).order_by(col(BracketRow.seq))
    return [BracketRow(**row) for row in connection.execute(query).mappings()]


def positions(connection: Connection, document: str, bracket: str | None = None) -> Sequence[PositionRow]:
    """All that were ever taken, in order; on one bracket, by its first id, when one is named."""
    query = select(PositionRow).where(col(PositionRow.document) == document).order_by(col(PositionRow.seq))
    if bracket is not None:
        query = query.where(col(PositionRow.bracket) == bracket)
    return [PositionRow(**row) for row in connection.execute(query).mappings()]


def authors(connection: Connection, document: str) -> set[str]:
    """The participants who did anything to a document's brackets."""
    tables = (BracketRow, PositionRow)
    found = (select(col(each.participant)).where(col(each.document) == document).distinct() for each in tables)
    return {name for query in found for name in connection.scalars(query)}


def removal(document: str, bracket: str) -> Delete:
    return delete(BracketRow).where(col(BracketRow.document) == document, col(BracketRow.id) == bracket)


def addition(bracket: BracketRow) -> Insert:
    return insert(BracketRow).values(**bracket.model_dump())


def position(taken: PositionRow) -> Insert:
    return insert(PositionRow).values(**taken.model_dump())
