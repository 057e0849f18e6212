"""Calls that write an entry of a document's record: decided by its room, in one order with the edits."""

from collections.abc import Callable
from dataclasses import replace

from server.api import idempotency
from server.api.answers import Answer
from server.api.calls import Call
from server.errors import Problem
from server.rooms import Decision, Scene
from server.tables import Document

Decide = Callable[[Scene], Decision[Answer]]


async def act(call: Call, decide: Decide, document: str | None = None) -> Answer:
    """Lets the room of a document (else the call's own) decide; the answer, once what was decided is on disk.

    Under an idempotency key the answer is kept in the transaction of the entry, and requests with one key that come at
    once are decided one after another: in this process by taking turns, in several by the key, which is unique.
    """
    document = document or call.thing(Document).id
    room, key = await call.server.rooms.room(document), call.key
    if key is None:
        return await room.act(decide)

    def kept(scene: Scene) -> Decision[Answer]:
        decision = decide(scene)
        return replace(decision, also=(*decision.also, *idempotency.keeping(key, decision.result)))

    async with call.server.turns.of(key):
        before = await call.read(lambda connection: idempotency.kept(connection, key))
        if before is not None:
            return before
        try:
            return await room.act(kept)
        except Problem:  # perhaps because another process has done it since we looked
            before = await call.read(lambda connection: idempotency.kept(connection, key))
            if before is None:
                raise
            return before
