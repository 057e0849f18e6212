"""Calls that write an entry of a document's record: decided by its room, in one order with the edits."""

from collections.abc import Callable
from dataclasses import replace

from server.api import idempotency
from server.api.answers import Answer
from server.api.calls import Call
from server.rooms import Decision, Scene
from server.tables import Document

Decide = Callable[[Scene], Decision[Answer]]


async def act(call: Call, decide: Decide) -> Answer:
    """Lets the room of the call's document decide; the answer, once what was decided is on disk.

    Under an idempotency key the answer is kept in the transaction of the entry.
    """
    room = await call.server.rooms.room(call.thing(Document).id)
    key = call.key
    if key is None:
        return await room.act(decide)

    def kept(scene: Scene) -> Decision[Answer]:
        decision = decide(scene)
        return replace(decision, also=(*decision.also, *idempotency.keeping(key, decision.result)))

    return await room.act(kept)
