"""Points of a record as callers name them: an entry's seq, a snapshot's id, or `head`."""

import re
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from server.api.calls import Call
from server.api.paging import Digits
from server.api.shapes import ID
from server.errors import not_found
from server.store import snapshots

HEAD: Final = "head"

Seq = Annotated[int, Field(ge=0, le=2**53 - 1), Digits]  # what every JSON parser can read

# Ids have 16 characters, and so might be all digits; a seq never gets so far.
Point = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,15}|[0-9a-f]{16}|head)$")]


async def seq_of(call: Call, document: str, point: str | None) -> int:
    """After which entry that is; None: the last one. Raises Problem when the document has no such point."""
    room = await call.server.rooms.room(document)
    if point is None or point == HEAD:
        return room.seq
    if re.fullmatch(ID, point):
        found = await call.read(lambda connection: snapshots.find(connection, point))
        if found is None or found.document != document:
            raise not_found("snapshot")
        return found.seq
    if int(point) > room.seq:
        raise not_found("entry of the record")
    return int(point)
