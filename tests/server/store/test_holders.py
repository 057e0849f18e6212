"""Those who sign in at once are looked up together, and still each by what holds when they ask."""

import asyncio
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Connection, update
from sqlmodel import col

from server import times
from server.auth import tokens
from server.auth.credentials import issue
from server.store import Store, people
from server.store.engine import Unavailable
from server.store.holders import Holders
from server.tables import Credential, Participant
from tests.server.conftest import Draft


@dataclass
class Watched:
    """The store's database, with its reads counted, and held up until `release` is set."""

    store: Store
    release: asyncio.Event = field(default_factory=asyncio.Event)
    reading: asyncio.Event = field(default_factory=asyncio.Event)
    reads: int = 0
    fails: bool = False

    async def read(self, function):  # type: ignore[no-untyped-def]
        self.reads += 1
        self.reading.set()
        found = await self.store.read(function)
        await self.release.wait()
        if self.fails:
            raise Unavailable("the disk is gone")
        return found

    async def write(self, function):  # type: ignore[no-untyped-def]
        return await self.store.write(function)

    async def close(self) -> None: ...


@pytest.fixture
def watched(store: Store) -> Watched:
    return Watched(store)


async def signed_in(store: Store, participant: str) -> str:
    return tokens.hashed(await store.write(lambda connection: issue(connection, participant)))


def revoke(connection: Connection, token_hash: str) -> None:
    connection.execute(
        update(Credential).where(col(Credential.token_hash) == token_hash).values(revoked_at=times.now())
    )


def name(found: Participant | None) -> str | None:
    return None if found is None else found.id


async def test_many_at_once_are_answered_by_one_read_each_for_oneself(
    store: Store, draft: Draft, watched: Watched
) -> None:
    holders = Holders(watched)
    chair, delegate = await signed_in(store, draft.chair), await signed_in(store, draft.delegate)
    watched.release.set()
    found = await asyncio.gather(*map(holders.of, [chair, delegate, "nobody's", chair]))
    assert list(map(name, found)) == [draft.chair, draft.delegate, None, draft.chair]
    assert watched.reads == 1


async def test_p5_who_asks_after_a_read_began_is_not_answered_by_it(
    store: Store, draft: Draft, watched: Watched
) -> None:
    """It may not know what was revoked meanwhile."""
    holders = Holders(watched)
    token = await signed_in(store, draft.delegate)
    before = asyncio.create_task(holders.of(token))
    await watched.reading.wait()
    await store.write(lambda connection: revoke(connection, token))
    after = asyncio.create_task(holders.of(token))
    await asyncio.sleep(0)
    watched.release.set()
    await before
    assert await after is None
    assert watched.reads == 2


async def test_whoever_was_removed_holds_nothing(store: Store, draft: Draft, watched: Watched) -> None:
    token = await signed_in(store, draft.delegate)
    await store.write(lambda connection: people.remove(connection, draft.delegate, times.now()))
    watched.release.set()
    assert await Holders(watched).of(token) is None


async def test_one_who_leaves_takes_nobody_elses_answer_away(store: Store, draft: Draft, watched: Watched) -> None:
    holders = Holders(watched)
    token = await signed_in(store, draft.delegate)
    gone, stays = asyncio.create_task(holders.of(token)), asyncio.create_task(holders.of(token))
    await watched.reading.wait()
    gone.cancel()
    watched.release.set()
    assert name(await stays) == draft.delegate


async def test_a_database_that_fails_is_told_to_all_and_asked_again(
    store: Store, draft: Draft, watched: Watched
) -> None:
    holders = Holders(watched)
    token = await signed_in(store, draft.delegate)
    watched.release.set()
    watched.fails = True
    found = await asyncio.gather(holders.of(token), holders.of(token), return_exceptions=True)
    assert all(isinstance(each, Unavailable) for each in found)
    watched.fails = False
    assert name(await holders.of(token)) == draft.delegate
