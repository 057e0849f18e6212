"""Who opened the brackets of a document, and when: which entry of the record brought their `[` (B4)."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from crdt.brackets.places import signs_in
from crdt.units import utf16_len
from crdt.update import OWN, STRING, decode
from server.rooms.brackets import SIGNS
from server.rooms.updates import CHANGES, update_of
from server.store import Entry, Store, people, record
from server.tables import Participant

KEPT = 64  # documents
AT_ONCE = 5_000  # entries
IMPORTED = 1
"""The entry that made the document: what stood in it then was opened elsewhere, and nobody here knows by whom."""


class Opening(NamedTuple):
    participant: str
    at: str
    seq: int


@dataclass(slots=True)
class _Seen:
    """What the record up to an entry came to."""

    seq: int = 0
    found: dict[str, Opening] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Openings:
    """Follows the records of the documents that are asked about."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    async def of(self, document: str, until: int) -> Mapping[str, Opening]:
        """By the id of each `[` that was there up to entry `until` and was not imported."""
        seen = self._seen.setdefault(document, _Seen())
        self._seen.move_to_end(document)
        if len(self._seen) > KEPT:
            self._seen.popitem(last=False)
        async with seen.turn:
            while seen.seq < until:
                entries = await self._store.read(lambda connection: _following(connection, document, seen.seq, until))
                seen.found.update(await asyncio.to_thread(_opened, entries))
                seen.seq = entries[-1].seq if len(entries) == AT_ONCE else until
        return seen.found

    async def named(self, openings: Iterable[Opening]) -> Mapping[str, Participant]:
        """Those who opened them, by id."""
        wanted = {each.participant for each in openings}
        return await self._store.read(lambda connection: people.named(connection, wanted)) if wanted else {}


def _following(connection: Connection, document: str, after: int, until: int) -> list[Entry]:
    return record.entries(connection, document, after, until, AT_ONCE, CHANGES)


def _opened(entries: Iterable[Entry]) -> dict[str, Opening]:
    found: dict[str, Opening] = {}
    for entry in entries:
        update = update_of(entry)
        if entry.seq == IMPORTED or update is None or not any(sign in update for sign in SIGNS):
            continue
        for struct in decode(update, OWN).structs:
            if struct.kind == STRING and isinstance(struct.value, str):
                for at in signs_in(struct.value):
                    name = f"{struct.client}-{struct.clock + utf16_len(struct.value[:at])}"
                    found[name] = Opening(entry.participant, entry.at, entry.seq)
    return found
