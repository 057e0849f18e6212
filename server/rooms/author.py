"""Who did something, as everybody is told."""

from dataclasses import dataclass
from typing import Any

from server.auth.policy import Principal
from server.tables import Participant


@dataclass(frozen=True, slots=True)
class Author:
    id: str
    name: str
    delegation: str | None

    def told(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "delegation": self.delegation}


def author_of(who: Principal | Participant) -> Author:
    id_ = who.participant_id if isinstance(who, Principal) else who.id
    return Author(id_, who.name, who.delegation)
