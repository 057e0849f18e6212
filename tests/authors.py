"""Updates made by hand, one at a time, for sockets that are driven by hand."""

from collections.abc import Callable

import pycrdt

from crdt import sync
from crdt.sync import SyncStep1, SyncStep2
from tests.client import Line


class Author:
    """A replica whose changes come out as updates."""

    def __init__(self, state: bytes = b"", client_id: int | None = None) -> None:
        self.doc = pycrdt.Doc(client_id=client_id) if client_id is not None else pycrdt.Doc()
        self.text: pycrdt.Text = self.doc.get("text", type=pycrdt.Text)
        if state:
            self.doc.apply_update(state)

    def change(self, work: Callable[[pycrdt.Text], object]) -> bytes:
        """The update that this makes."""
        made: list[bytes] = []
        subscription = self.doc.observe(lambda event: made.append(event.update))
        with self.doc.transaction():
            work(self.text)
        self.doc.unobserve(subscription)
        return made[0]

    def append(self, words: str) -> bytes:
        return self.change(lambda text: text.insert(len(text), words))


async def shake_hands(line: Line, client_id: int | None = None) -> Author:
    """Both steps of the sync protocol, both ways; a replica of what the server has."""
    await line.send(sync.step1(b"\0"))
    await line.until(SyncStep1)
    await line.send(sync.step2(b"\0\0"))
    answer = await line.until(SyncStep2)
    return Author(answer.update, client_id)
