"""The rooms of this process: opened when asked for, closed when nobody is there any more."""

import asyncio
import logging
import time
from collections.abc import Callable
from types import TracebackType

from crdt.errors import CrdtError
from server import metrics, times
from server.aside import Aside
from server.errors import CloseCode, Code, Problem, unavailable
from server.fanout import Advance, Fanout
from server.rooms.opening import Opened, open_document
from server.rooms.room import Room
from server.rooms.saving import PACE, Pace
from server.store import Store, Unavailable

log = logging.getLogger(__name__)

SWEEP_S = 1.0  # how often rooms are looked after
QUIET_S = 5.0  # after so long without an edit a checkpoint is saved
IDLE_S = 60.0  # after so long without anybody a room closes
DRAIN_S = 5.0  # how long a room may take to save what waits when the server stops


class Rooms:
    """At most one room per document. `async with Rooms(…)`: at the end all are drained, and their members told 1012."""

    def __init__(
        self,
        store: Store,
        fanout: Fanout,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], str] = times.now,
        pace: Pace = PACE,
    ) -> None:
        self._store = store
        self._fanout = fanout
        self._aside = Aside()
        self._clock = clock
        self._now = now
        self._pace = pace
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Task[Room]] = {}
        self._sweeper: asyncio.Task[None] | None = None
        self._closing = False

    async def __aenter__(self) -> "Rooms":
        self._sweeper = asyncio.create_task(self._sweep_forever())
        self._sweeper.add_done_callback(lambda task: task.cancelled() or task.result())  # a bug is not kept secret
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._opening:
            await asyncio.wait(self._opening.values())
        await asyncio.gather(*(self._end(room) for room in list(self._rooms.values())))
        await self._aside.close()

    def open_rooms(self) -> list[Room]:
        return list(self._rooms.values())

    def find(self, document_id: str) -> Room | None:
        """Its room, if it is open here."""
        return self._rooms.get(document_id)

    async def room(self, document_id: str) -> Room:
        """Opens it if need be. Raises Problem: no such document, or it cannot be opened now."""
        if self._closing:
            raise unavailable("The server is stopping; connect again.")
        room = self._rooms.get(document_id)
        if room is not None:
            room.touched = self._clock()
            return room
        opening = self._opening.get(document_id)
        if opening is None:
            opening = self._opening[document_id] = asyncio.create_task(self._open(document_id))
            opening.add_done_callback(lambda _: self._opening.pop(document_id))
        return await asyncio.shield(opening)

    async def look(self) -> None:
        """Asks the database whether anybody else has written: what the fan-out did not tell is seen here."""
        if self._rooms:
            for document_id, seq in (await self._store.seqs(list(self._rooms))).items():
                if document_id in self._rooms:
                    self._rooms[document_id].hear(Advance(document_id, seq))

    async def sweep(self) -> None:
        """Saves checkpoints of documents that have grown quiet, and closes rooms in which nobody is."""
        for room in list(self._rooms.values()):
            quiet = self._clock() - room.touched
            if quiet >= QUIET_S and not room.held:
                await room.checkpoint()
            if quiet >= IDLE_S and room.idle and self._clock() - room.touched >= IDLE_S:
                room.close(CloseCode.RESTARTING, "nobody was here any more")

    async def _open(self, document_id: str) -> Room:
        """Listens before it reads, so that nothing is missed that is committed meanwhile."""
        heard: list[Advance] = []
        self._fanout.watch(Advance, document_id, heard.append)
        try:
            opened = await self._read(document_id)
            room = self._rooms[document_id] = self._made(document_id, opened)
        finally:
            self._fanout.unwatch(Advance, document_id, heard.append)
        for advance in heard:
            room.hear(advance)
        metrics.ROOMS.inc()
        return room

    async def _read(self, document_id: str) -> Opened:
        try:
            return await open_document(self._store, document_id)
        except Unavailable as error:
            raise unavailable("The database cannot be read for the moment; try again.") from error
        except CrdtError as error:
            metrics.ROOM_DIVERGED.inc()
            log.exception("a document cannot be opened", extra={"document": document_id})
            raise Problem(Code.INTERNAL, "The record of this document is damaged: see rollingtext verify.") from error

    def _made(self, document_id: str, opened: Opened) -> Room:
        return Room(
            document_id,
            opened,
            self._store,
            self._fanout,
            self._aside,
            on_close=self._forget,
            clock=self._clock,
            now=self._now,
            pace=self._pace,
        )

    def _forget(self, room: Room) -> None:
        del self._rooms[room.document_id]
        metrics.ROOMS.dec()

    async def _end(self, room: Room) -> None:
        try:
            await asyncio.wait_for(room.drain(), DRAIN_S)
            await room.checkpoint(at_once=True)
        except TimeoutError:
            log.warning("a document was closed while saving was held up", extra={"document": room.document_id})
        room.close(CloseCode.RESTARTING, "the server is restarting; connect again")

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await self.look()
            except Unavailable as error:
                log.warning("the heads of records cannot be read", extra={"cause": str(error)})
            await self.sweep()
