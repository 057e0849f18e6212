"""What writes with an `Idempotency-Key` were answered."""

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from server.tables import Idempotency


def find(connection: Connection, scope: str, key: str) -> Idempotency | None:
    query = select(Idempotency).where(col(Idempotency.scope) == scope, col(Idempotency.key) == key)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Idempotency(**row)


def keep(connection: Connection, answer: Idempotency, forget_before: str) -> None:
    """Raises IntegrityError when another request with this key was first. Forgets those older than `forget_before`."""
    connection.execute(delete(Idempotency).where(col(Idempotency.at) < forget_before))
    connection.execute(insert(Idempotency).values(**answer.model_dump()))
