"""What a fan-out does, however it does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Advance:
    """The record of `document` has reached entry `seq`, and that entry is on disk."""

    document: str
    seq: int


Hear = Callable[[Advance], None]


class Fanout(Protocol):
    """Tells those who watch a document that its record has advanced.

    Hearing may come late, twice, out of order or never: who hears reads the record, and so loses nothing. One who
    tells may or may not hear himself. `hear` is called on the event loop and must return at once.
    """

    def tell(self, advance: Advance) -> None:
        """Never blocks and never fails; what cannot be told is counted and forgotten."""

    def watch(self, document: str, hear: Hear) -> None: ...

    def unwatch(self, document: str, hear: Hear) -> None: ...

    async def close(self) -> None: ...
