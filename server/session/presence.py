"""Who has a document open: told to sockets that understand it, at most once a second (W2)."""

from collections.abc import Iterable
from typing import Any

from server.auth.policy import Principal
from server.tables import Role

INTERVAL = 1.0
"""Seconds between two messages of presence to one socket."""


def presence(present: Iterable[Principal]) -> dict[str, Any]:
    """Each participant once, however many sockets they have; observers are only counted."""
    people = {who.participant_id: who for who in present}
    online = [who for who in people.values() if who.role is not Role.OBSERVER]
    online.sort(key=lambda who: (who.delegation or "", who.name, who.participant_id))
    return {
        "type": "presence",
        "online": [person(who) for who in online],
        "observers": len(people) - len(online),
    }


def person(who: Principal) -> dict[str, Any]:
    return {"id": who.participant_id, "name": who.name, "delegation": who.delegation, "role": str(who.role)}
