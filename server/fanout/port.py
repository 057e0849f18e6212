"""What a fan-out does, however it does it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from server.fanout.hints import Hint

H = TypeVar("H", bound=Hint)

Hear = Callable[[H], None]


class Fanout(Protocol):
    """Tells those who watch a topic what other processes say of it: a document's id, or EVERYBODY.

    Hearing may come late, twice, out of order or never: who hears reads the record, and so loses nothing. One who
    tells may or may not hear himself. `hear` is called on the event loop and must return at once.
    """

    @property
    def connected(self) -> bool:
        """Whether others hear soon. While it is false, whoever wants to know looks at the database."""

    def tell(self, hint: Hint) -> None:
        """Never blocks and never fails; what cannot be told is counted and forgotten."""

    def watch(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        """From soon on: what is told in the first moment may be missed."""

    def unwatch(self, kind: type[H], topic: str, hear: Hear[H]) -> None: ...

    async def take_turn(self, document: str) -> int:
        """Waits, but not for long, until no other process writes to this document; how far its record had come by
        then, 0 where nobody knows. It may come back without the turn: the database decides who was first."""

    def give_turn(self, document: str, seq: int) -> None:
        """The record has reached `seq`: the next may write. Each `take_turn` is followed by one of these."""

    async def close(self) -> None: ...
