"""Writes that are sent twice and done once: `Idempotency-Key`.

The answer is kept in the transaction of the write itself: either both are there or neither. Where two requests with
one key meet, the second finds the first one's answer: on SQLite because writes stand in line, on PostgreSQL because
the key is unique and the loser looks again. Problems are not kept: what failed can be tried again under its key.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from pydantic import BaseModel
from sqlalchemy import Connection, Executable
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request

from server import times
from server.api.answers import Answer
from server.auth import tokens
from server.errors import Code, Problem, invalid
from server.store import idempotency
from server.store.store import Store
from server.tables import Idempotency

HEADER = "Idempotency-Key"
KEY = r"^[!-~]{1,200}$"
KEPT_HOURS = 24
REPLAYED = "Idempotency-Replayed"


@dataclass(frozen=True, slots=True)
class Key:
    """One request that may come again. Its answer is sealed under `secret`, which only its sender has."""

    scope: str
    key: str
    secret: str
    fingerprint: str


class Turns:
    """Requests with one key that are under way in this process, one after another."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}  # with how many wait or go on

    @asynccontextmanager
    async def of(self, key: Key) -> AsyncGenerator[None, None]:
        name = (key.scope, key.key)
        lock, others = self._under_way.get(name, (asyncio.Lock(), 0))
        self._under_way[name] = (lock, others + 1)
        try:
            async with lock:
                yield
        finally:
            lock, others = self._under_way.pop(name)
            if others > 1:
                self._under_way[name] = (lock, others - 1)


def given(request: Request, pattern: str = KEY) -> str | None:
    """The header's value, if there is one."""
    value = request.headers.get(HEADER)
    if value is not None and not re.fullmatch(pattern, value):
        raise invalid(f"An idempotency key looks like {pattern}.", pointer=f"header/{HEADER}")
    return value


def fingerprint(request: Request, body: BaseModel | None) -> str:
    """What tells one request from another; the body as it was understood, for a form's boundaries are random."""
    content = "" if body is None else body.model_dump_json()
    return sha256("\0".join((request.method, request.url.path, content)).encode()).hexdigest()


def is_known(connection: Connection, scope: str, key: str) -> bool:
    return idempotency.find(connection, scope, key) is not None


def kept(connection: Connection, key: Key) -> Answer | None:
    """The answer that this request has had. Raises Problem when the key belongs to another."""
    row = idempotency.find(connection, key.scope, key.key)
    if row is None:
        return None
    if row.fingerprint != key.fingerprint:
        raise Problem(Code.KEY_REUSED, "Another request was sent with this key; take a new key for a new request.")
    answer = Answer.unpacked(tokens.sealed(row.answer, key.secret, row.nonce))
    return Answer(answer.status, answer.content, {**answer.headers, REPLAYED: "true"})


async def write(store: Store, key: Key | None, work: Callable[[Connection], Answer]) -> Answer:
    """Does `work` in a transaction, unless it was done under this key."""
    if key is None:
        return await store.write(work)

    def once(connection: Connection) -> Answer:
        before = kept(connection, key)
        if before is not None:
            return before
        answer = work(connection)
        for statement in keeping(key, answer):
            connection.execute(statement)
        return answer

    try:
        return await store.write(once)
    except IntegrityError:  # the same request came twice at once, and the other was first
        return await store.write(once)
    except Problem:
        before = await store.read(lambda connection: kept(connection, key))
        if before is None:
            raise
        return before  # the other has done it since we looked, which is why it cannot be done again


def keeping(key: Key, answer: Answer) -> tuple[Executable, ...]:
    """The statements that keep an answer."""
    now = datetime.now(UTC)
    nonce = tokens.new_nonce()
    row = Idempotency(
        scope=key.scope,
        key=key.key,
        fingerprint=key.fingerprint,
        nonce=nonce,
        answer=tokens.sealed(answer.packed(), key.secret, nonce),
        at=times.written(now),
    )
    return idempotency.keeping(row, times.written(now - timedelta(hours=KEPT_HOURS)))
