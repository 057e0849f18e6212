"""Writes under a key, on both databases: also when the same request comes several times at once."""

import asyncio

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlmodel import col

from server import times
from server.api import idempotency
from server.api.answers import Answer
from server.api.idempotency import REPLAYED, Key
from server.errors import Code, Problem
from server.store import Store
from server.tables import Idempotency, Meeting, new_id

SECRET = "a secret that only the sender has"


def key(value: str, fingerprint: str = "one", scope: str | None = None) -> Key:
    return Key(scope or new_id(), value, SECRET, fingerprint)


class Work:
    """Makes a meeting each time it is done."""

    def __init__(self) -> None:
        self.title = new_id()

    def __call__(self, connection: Connection) -> Answer:
        meeting = Meeting(title=self.title, created_at=times.now())
        connection.execute(insert(Meeting).values(**meeting.model_dump()))
        return Answer(201, meeting.id.encode(), {"Location": f"/{meeting.id}"})

    async def done(self, store: Store) -> int:
        query = select(func.count()).where(col(Meeting.title) == self.title)
        return await store.read(lambda connection: connection.execute(query).scalar_one())


async def test_the_same_request_is_done_once_however_many_come_at_once(store: Store) -> None:
    work, same = Work(), key("same")
    answers = await asyncio.gather(*(idempotency.write(store, same, work) for _ in range(8)))
    assert await work.done(store) == 1
    assert {answer.content for answer in answers} == {answers[0].content}
    assert sum(REPLAYED in answer.headers for answer in answers) == 7


async def test_without_a_key_every_request_is_done(store: Store) -> None:
    work = Work()
    await asyncio.gather(*(idempotency.write(store, None, work) for _ in range(3)))
    assert await work.done(store) == 3


async def test_another_request_under_the_key_is_refused(store: Store) -> None:
    work, first = Work(), key("taken")
    await idempotency.write(store, first, work)
    with pytest.raises(Problem) as refusal:
        await idempotency.write(store, key("taken", "other", first.scope), work)
    assert refusal.value.code is Code.KEY_REUSED
    assert await work.done(store) == 1


async def test_what_fails_keeps_nothing(store: Store) -> None:
    work, again = Work(), key("again")

    def fail(connection: Connection) -> Answer:
        work(connection)
        raise Problem(Code.CONTRADICTION, "No.")

    with pytest.raises(Problem):
        await idempotency.write(store, again, fail)
    assert await work.done(store) == 0
    assert REPLAYED not in (await idempotency.write(store, again, work)).headers


async def test_answers_are_kept_sealed_and_for_a_day(store: Store) -> None:
    work, kept = Work(), key("kept")
    answer = await idempotency.write(store, kept, work)
    query = select(Idempotency).where(col(Idempotency.scope) == kept.scope)

    def rows(connection: Connection) -> list[bytes]:
        return [row["answer"] for row in connection.execute(query).mappings()]

    (stored,) = await store.read(rows)
    assert answer.content not in stored

    def age(connection: Connection) -> None:
        connection.execute(Idempotency.__table__.update().values(at="2000-01-01T00:00:00.000000Z"))  # type: ignore[attr-defined]

    await store.write(age)
    await idempotency.write(store, key("later"), work)
    assert await store.read(rows) == []
