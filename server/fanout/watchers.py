"""Who watches what, in one process."""

import asyncio
from typing import Any

from server.fanout.hints import Hint, topic_of
from server.fanout.port import H, Hear


class Watchers:
    def __init__(self) -> None:
        self._by_topic: dict[str, dict[type[Any], list[Hear[Any]]]] = {}

    @property
    def topics(self) -> set[str]:
        return set(self._by_topic)

    def add(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        self._by_topic.setdefault(topic, {}).setdefault(kind, []).append(hear)

    def remove(self, kind: type[H], topic: str, hear: Hear[H]) -> None:
        kinds = self._by_topic.get(topic, {})
        left = [other for other in kinds.get(kind, ()) if other != hear]
        if left:
            kinds[kind] = left
            return
        kinds.pop(kind, None)
        if not kinds:
            self._by_topic.pop(topic, None)

    def hear(self, hint: Hint) -> None:
        """Each is told in a turn of the loop of its own: one that fails does not keep it from the others."""
        for hear in self._by_topic.get(topic_of(hint), {}).get(type(hint), ()):
            asyncio.get_running_loop().call_soon(hear, hint)

    def clear(self) -> None:
        self._by_topic.clear()
