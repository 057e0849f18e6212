"""The fan-out within one process: where there is no other, nobody listens and telling costs nothing."""

import asyncio

from server.fanout.port import Advance, Hear


class LocalFanout:
    """Those who watch hear in a later turn of the loop, in the order of telling."""

    def __init__(self) -> None:
        self._watchers: dict[str, list[Hear]] = {}

    def tell(self, advance: Advance) -> None:
        for hear in self._watchers.get(advance.document, ()):
            asyncio.get_running_loop().call_soon(hear, advance)

    def watch(self, document: str, hear: Hear) -> None:
        self._watchers.setdefault(document, []).append(hear)

    def unwatch(self, document: str, hear: Hear) -> None:
        left = [other for other in self._watchers.get(document, ()) if other != hear]
        if left:
            self._watchers[document] = left
        else:
            self._watchers.pop(document, None)

    async def close(self) -> None:
        self._watchers.clear()
