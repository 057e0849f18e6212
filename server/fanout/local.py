"""The fan-out within one process: where there is no other, nobody listens and telling costs nothing."""

from server.fanout.hints import Hint
from server.fanout.port import H, Hear
from server.fanout.watchers import Watchers


class LocalFanout:
    """Those who watch hear in a later turn of the loop, in the order of telling. Everybody always has the turn."""

    connected = False

    def __init__(self) -> None:
        self._watchers = Watchers()

    def tell(self, hint: Hint) -> None:
        self._watchers.hear(hint)

    def watch(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        self._watchers.add(kind, topic, hear)

    def unwatch(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        self._watchers.remove(kind, topic, hear)

    async def take_turn(self, document: str) -> int:
        return 0

    def give_turn(self, document: str, seq: int) -> None:
        """Nobody waits for it."""

    async def close(self) -> None:
        self._watchers.clear()
