"""Tickets: one use, one participant, one document, 30 s (W1)."""

from sqlalchemy import Connection, delete, insert
from sqlmodel import col

from server.tables import Ticket


def add(connection: Connection, ticket: Ticket, now: str) -> None:
    """Clears away those that nobody has used in time, too."""
    connection.execute(delete(Ticket).where(col(Ticket.expires_at) <= now))
    connection.execute(insert(Ticket).values(**ticket.model_dump()))


def use(connection: Connection, token_hash: str, document: str, now: str) -> str | None:
    """The participant whose ticket it is; none when there is none for this document any more."""
    query = (
        delete(Ticket)
        .where(
            col(Ticket.token_hash) == token_hash,
            col(Ticket.document) == document,
            col(Ticket.expires_at) > now,
        )
        .returning(col(Ticket.participant))
    )
    return connection.execute(query).scalar_one_or_none()
