"""Uses of an invitation, counted on both databases (P3)."""

import asyncio

from sqlalchemy import Connection

from server import times
from server.store import Store, invitations
from server.tables import Invitation, Role, new_id

EARLY, LATE = "2000-01-01T00:00:00.000000Z", "2999-01-01T00:00:00.000000Z"


async def added(store: Store, **terms: object) -> Invitation:
    invitation = Invitation(
        token_hash=new_id(), role=Role.SECRETARIAT, created_at=times.now(), **{"id": new_id(), **terms}
    )
    await store.write(lambda connection: invitations.add(connection, invitation))
    return invitation


async def consumed(store: Store, invitation: Invitation, times_: int) -> int:
    def consume(connection: Connection) -> bool:
        return invitations.consume(connection, invitation.id, times.now())

    return sum(await asyncio.gather(*(store.write(consume) for _ in range(times_))))


async def test_no_more_uses_than_there_are_however_many_come_at_once(store: Store) -> None:
    invitation = await added(store, max_uses=3)
    assert await consumed(store, invitation, 12) == 3
    found = await store.read(lambda connection: invitations.find(connection, invitation.id))
    assert found is not None
    assert found.uses == 3


async def test_an_invitation_without_a_limit_has_none(store: Store) -> None:
    assert await consumed(store, await added(store), 12) == 12


async def test_one_that_expired_or_was_revoked_has_no_uses(store: Store) -> None:
    assert await consumed(store, await added(store, expires_at=EARLY), 1) == 0
    assert await consumed(store, await added(store, expires_at=LATE), 1) == 1
    revoked = await added(store)
    await store.write(lambda connection: invitations.revoke(connection, revoked.id, times.now()))
    assert await consumed(store, revoked, 1) == 0
