"""Who watches what, in one process."""

import asyncio
from typing import Any

from server.fanout.hints import Hint, topic_of
from server.fanout.port import H, Hear


class Watchers:
    def __init__(self) -> None:
        self._by_topic: dict[str, tuple[tuple[type[Any], Hear[Any]], ...]] = {}  # for each topic a few

    @property
    def topics(self) -> set[str]:
        return set(self._by_topic)

    def add(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        self._by_topic[topic] = (*self._by_topic.get(topic, ()), (kind, hear))

    def remove(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        left = tuple(each for each in self._by_topic.pop(topic, ()) if each != (kind, hear))
        if left:
            self._by_topic[topic] = left

    def hear(self, hint: Hint) -> None:
        """Each is told in a turn of the loop of its own: one that fails does not keep it from the others."""
        for kind, hear in self._by_topic.get(topic_of(hint), ()):
            if kind is type(hint):
                asyncio.get_running_loop().call_soon(hear, hint)

    def clear(self) -> None:
        self._by_topic.clear()
