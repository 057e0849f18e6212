"""What writes with an `Idempotency-Key` were answered."""

from sqlalchemy import Connection, Executable, delete, insert, select
from sqlmodel import col

from server.tables import Idempotency


def find(connection: Connection, scope: str, key: str) -> Idempotency | None:
    query = select(Idempotency).where(col(Idempotency.scope) == scope, col(Idempotency.key) == key)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Idempotency(**row)


def keeping(answer: Idempotency, forget_before: str) -> tuple[Executable, ...]:
    """Statements that keep it, and forget those older than `forget_before`.

    Executing them raises IntegrityError when another request with this key was first."""
    return (
        delete(Idempotency).where(col(Idempotency.at) < forget_before),
        insert(Idempotency).values(**answer.model_dump()),
    )
