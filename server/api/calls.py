"""A call under way: what its handler may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.requests import Request

from server.api import idempotency
from server.api.answers import Answer
from server.api.idempotency import Key, Turns
from server.api.openings import Openings
from server.api.places import Place, Thing
from server.api.readings import Readings
from server.api.series import Progress
from server.api.shapes import Query
from server.aside import Aside
from server.auth.credentials import SignedIn
from server.auth.guesses import Guesses
from server.auth.policy import Principal
from server.config import Settings
from server.errors import CloseCode, not_signed_in
from server.history import History
from server.papers.bounded import Readers
from server.papers.underway import Underway
from server.proof import Statements
from server.rooms.registry import Rooms
from server.store.store import Store
from server.tables import Meeting

T = TypeVar("T")
N = TypeVar("N", bound=Thing)
B = TypeVar("B", bound=BaseModel)
Q = TypeVar("Q", bound=Query)


class Sessions(Protocol):
    """The live sockets, as far as calls are concerned with them."""

    def is_online(self, participant_id: str) -> bool:
        """Whether they have any document open."""

    def change(self, who: Principal) -> None:
        """Gives all their sockets the name, role and delegation that they have now (W4, W6)."""

    def end_sessions(self, participant_id: str, code: CloseCode, reason: str) -> None:
        """Closes all their sockets (P5)."""


@dataclass(frozen=True, slots=True)
class Server:
    """What runs for as long as the process does."""

    settings: Settings
    store: Store
    rooms: Rooms
    readings: Readings
    openings: Openings
    progress: Progress
    sessions: Sessions
    guesses: Guesses
    aside: Aside  # for papers and proofs: the rooms have one of their own
    history: History
    statements: Statements
    papers: Underway
    turns: Turns = field(default_factory=Turns)
    readers: Readers = field(default_factory=Readers)


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose sender may do what it asks. Values are fetched by their type, which the route has declared."""

    server: Server
    request: Request
    signed_in: SignedIn | None
    place: Place
    parameters: Mapping[str, str]  # of the path
    sent_query: Query
    sent_body: BaseModel | None
    key: Key | None

    @property
    def who(self) -> Principal:
        return self.sender.principal

    @property
    def sender(self) -> SignedIn:
        if self.signed_in is None:
            raise not_signed_in()
        return self.signed_in

    @property
    def meeting(self) -> Meeting:
        return _of(Meeting, self.place.meeting)

    def thing(self, kind: type[N]) -> N:
        """What the path names."""
        return _of(kind, self.place.thing)

    def body(self, kind: type[B]) -> B:
        return _of(kind, self.sent_body)

    def query(self, kind: type[Q]) -> Q:
        return _of(kind, self.sent_query)

    async def read(self, function: Callable[[Connection], T]) -> T:
        return await self.server.store.read(function)

    async def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Does `work` in one transaction; once, however often the same request comes under the same key."""
        return await idempotency.write(self.server.store, self.key, work)


def _of(kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"the route of this call declares no {kind.__name__}")
    return value
