"""A room: one document, live in this process. One inbox, one order; nothing is told before it is on disk (W3, R4)."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from crdt.document import Document
from server import metrics, times
from server.aside import Aside
from server.errors import CloseCode, Problem, unavailable
from server.fanout import Advance, Fanout, Focus
from server.rooms.audience import Audience
from server.rooms.author import Author
from server.rooms.batch import Conflicting, Judged, answer, fail, judge
from server.rooms.checkpointing import Checkpointing, Seen, seen
from server.rooms.focusing import Focusing
from server.rooms.hearsay import COMPANY_S, Hearsay
from server.rooms.inbox import Command, Decide, Edit, Inbox, Item
from server.rooms.member import Member
from server.rooms.opening import Opened, open_document, taken_over
from server.rooms.others import Others, others_wrote, tell
from server.rooms.readers import Readers
from server.rooms.saving import PACE, Pace, Patience
from server.rooms.standing import Standing
from server.rooms.window import Window
from server.store import Conflict, Head, HeadMoved, Store

R = TypeVar("R")

log = logging.getLogger(__name__)


class Room:
    """Opened by `Rooms`. When it fails it closes for good, and the next one opens from the record.

    Between batches the document's judged and committed states are equal. From the judging of a batch to its commit
    they are not (`_settled` is false): whoever reads waits.
    """

    def __init__(
        self,
        document_id: str,
        opened: Opened,
        store: Store,
        fanout: Fanout,
        aside: Aside,
        *,
        on_close: Callable[["Room"], None],
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], str] = times.now,
        pace: Pace = PACE,
    ) -> None:
        self.document_id = document_id
        self.closed = False
        self.touched = clock()  # when anything last happened here
        self.audience = Audience()
        self._document = opened.document
        self._head = opened.head  # of the record, as far as it is known here
        self._seq = opened.head.seq  # of the committed state
        self._standing = opened.standing
        self._store = store
        self._fanout = fanout
        self._on_close = on_close
        self._clock = clock
        self._now = now
        self._inbox = Inbox()
        self._window = Window(clock)
        self._patience = Patience(document_id, pace, self._saving_failed, self._held_changed)
        self._draining = False
        self._settled = True
        self._batch: list[Item] = []  # what is being judged and written
        self._mark = opened.document.mark()  # before what is being judged
        self._hearsay = Hearsay(document_id, fanout, clock)
        self._ahead: list[bytes] = []  # others' updates that are judged and on disk, and go out with the next batch
        self._readers = Readers()
        self._worker: asyncio.Task[None] | None = None  # while there is something to do
        self._checkpointing = Checkpointing(
            document_id, opened.checkpoint_seq, store, aside, self._look, self._guarded, clock
        )
        self._focusing = Focusing(document_id, fanout, self._moved)
        fanout.watch(Advance, document_id, self.hear)

    # -- for sessions and calls

    @property
    def seq(self) -> int:
        """Of the last entry that is on disk and in the committed state."""
        return self._seq

    @property
    def held(self) -> bool:
        """Whether saving is held up by the database, as people are told."""
        return self._patience.held

    @property
    def idle(self) -> bool:
        """Whether closing it would interrupt nobody."""
        return not (self.audience or self.busy)

    @property
    def busy(self) -> bool:
        """Whether anything waits or is being written."""
        return bool(self._inbox or self._worker or self._checkpointing.task)

    def join(self, member: Member) -> None:
        if self.closed:
            member.close(CloseCode.RESTARTING, "the document is being opened anew; connect again")
            return
        self.touched = self._clock()
        self.audience.add(member)

    def leave(self, member: Member) -> None:
        """What it has sent already is still taken."""
        self.touched = self._clock()
        self.audience.remove(member)

    def edit(self, member: Member, update: bytes, number: int | None) -> None:
        """Takes one update, to be judged in its turn; the member is told `saved` or `refused` of it.

        Where too much waits already the member is closed instead; it still has what was not saved.
        """
        if member not in self.audience or self._draining:
            return  # it was told nothing, and sends it again where it connects next
        if not self._inbox.put_edit(Edit(member, update, number)):
            metrics.INBOX_FULL.inc()
            self.leave(member)
            member.close(CloseCode.OVERLOADED, "too many edits wait to be saved; connect again later")
            return
        self._wake()

    def missing(self, state_vector: bytes) -> bytes:
        """What somebody with this state vector lacks of the committed state; raises Malformed."""
        return self._document.missing(state_vector)

    def state_vector(self) -> bytes:
        """Of the committed state."""
        return self._document.state_vector()

    @property
    def standing(self) -> Standing:
        """As it is on disk."""
        return self._standing

    def set_focus(self, paragraph: str | None, bracket: str | None, by: Author) -> None:
        """Where the chair is; no entry of the record, for it changes nothing."""
        self._focusing.move(Focus(self.document_id, paragraph, bracket, (by.id, by.name, by.delegation), self._now()))

    @property
    def focus(self) -> str | None:
        """The paragraph that followers scroll to."""
        return self._focusing.paragraph

    def owner(self, client: int) -> str | None:
        """The participant who used this Yjs client id first, if anybody has (W5)."""
        return self._document.owners.get(client)

    async def read(self, function: Callable[[Document], R]) -> R:
        """Runs it on the document as it is on disk, never with text that is not yet; Problem when saving is held up."""
        if self._settled:
            return function(self._document)
        if self._patience.failing:
            raise _held_up()
        return await self._readers.wait(function)

    async def act(self, decide: Decide[R]) -> R:
        """Lets a command decide in its turn among the edits; its result, once what it wrote is on disk.

        Raises the command's own Problem, or one of 503 when the room fails before.
        """
        if self.closed or self._draining:
            raise _opened_anew()
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._inbox.put_command(Command(decide, done))
        self._wake()
        return await done

    # -- for the registry

    def hear(self, advance: Advance) -> None:
        """Another process has written."""
        if advance.seq > self._head.seq:
            self._hearsay.hear(advance)
            if advance.led:
                self._window.hurry()
            self._wake()

    async def drain(self) -> None:
        """Takes nothing more, and returns when what waits is on disk."""
        self._draining = True
        while self._worker is not None:
            await asyncio.wait([self._worker])

    async def checkpoint(self, *, at_once: bool = False) -> None:
        """Saves one, if there is anything new since the last. `at_once`: the loop may stand still for it."""
        if not self.closed:
            self._checkpointing.start(self._head.seq, at_once=at_once)
        if self._checkpointing.task is not None:
            await asyncio.wait([self._checkpointing.task])

    def close(self, code: CloseCode, reason: str) -> None:
        """For good. What waits is not taken: its authors were told nothing and send it again."""
        if self.closed:
            return
        self.closed = True
        self._fanout.unwatch(Advance, self.document_id, self.hear)
        self._hearsay.close()
        self._focusing.close()
        self.audience.dismiss(code, reason)
        for item in (*self._batch, *self._inbox.items):
            if isinstance(item, Command):
                fail(item.done, _opened_anew())
        self._inbox = Inbox()
        self._readers.fail(_opened_anew())
        self._patience.release()
        if self._worker is not None and self._worker is not asyncio.current_task():
            self._worker.cancel()
        self._on_close(self)

    # -- the worker: one at a time, from the first item that waits to the last

    def _wake(self) -> None:
        if self._worker is None and not self.closed:
            self._worker = asyncio.get_running_loop().create_task(self._guarded(self._work()))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """The room's border: what fails inside is our own bug, or the two replicas differ. The record is right."""
        try:
            await work
        except Exception as error:
            log.exception("a room failed", extra={"document": self.document_id}, exc_info=error)
            metrics.ROOM_DIVERGED.inc()
            self.close(CloseCode.RESTARTING, "the document is being opened anew; connect again")

    async def _work(self) -> None:
        try:
            while (self._inbox or self._behind) and not self.closed:
                await self._window.opens()
                if self._inbox:
                    await self._write()
                else:
                    await self._catch_up(self._clock())
        finally:
            self._worker = None

    @property
    def _behind(self) -> bool:
        return self._hearsay.seq > self._head.seq

    async def _write(self) -> None:
        """One batch, in turn with other processes that write here, behind all that they have written."""
        await self._hearsay.take_turn()
        try:
            while self._behind:
                await self._catch_up()
            self._batch = self._inbox.take()
            await self._settle(self._batch)
            self._batch = []
        finally:
            self._hearsay.give_turn(self._head.seq)

    async def _settle(self, batch: list[Item]) -> None:
        """Judges, writes, and tells; only then does anybody see anything of the batch (W3)."""
        began = self.touched = self._clock()
        self._settled = False
        judged = self._judge(batch)
        head, given = self._head, self._clock()
        while judged.drafts:
            try:
                head = await self._patience.until_done(partial(self._append, judged))
                break
            except HeadMoved:
                metrics.HEAD_MOVED.inc()
                self._hearsay.others_write()
                await self._hearsay.take_turn_again()  # else they write again while it is opened
                if not await self._overtaken(judged):
                    judged = await self._judge_anew(batch)
            except Conflict:
                await self._open_anew()
                await self._settle_one_by_one(batch)
                return
        if judged.drafts:
            await self._on_disk(head, judged)
        back = self._clock()
        self._show(judged)
        self._settled = True
        answer(judged, self.seq)
        self._readers.serve(self._document)
        self._spent(began, given - began + self._clock() - back)
        if self._checkpointing.due(self._head.seq):
            self._checkpointing.start(self._head.seq)

    def _spent(self, began: float, cost: float) -> None:
        self._window.spent(began, cost, shared=self._hearsay.near)

    async def _settle_one_by_one(self, batch: list[Item]) -> None:
        """The database refuses what some command would write beside its entry: that one fails, and no other."""
        self._settled = True
        match batch:
            case [Command(done=done)]:
                fail(done, Conflicting())
                self._readers.serve(self._document)
            case [_]:
                raise RuntimeError("an edit writes nothing that could be refused")
            case _:
                for item in batch:
                    await self._settle([item])

    def _judge(self, batch: list[Item]) -> Judged:
        self._mark = self._document.mark()
        return judge(self._document, self._standing, self._head.seq, self._now(), batch)

    async def _judge_anew(self, batch: list[Item]) -> Judged:
        """From the record, and behind what was written while it was read, which may take longer than a turn lasts."""
        await self._open_anew()
        await self._hearsay.take_turn_again()
        await self._catch_up()
        while self._behind:
            await self._catch_up()
        self._settled = False
        return self._judge(batch)

    async def _append(self, judged: Judged) -> Head:
        with metrics.COMMIT_SECONDS.time():
            return await self._store.append(self.document_id, self._head, judged.drafts, judged.also)

    async def _on_disk(self, head: Head, judged: Judged) -> None:
        """Others hear of it. Where one of them is about to write behind it, one frame waits for both batches."""
        self._ahead += judged.updates
        self._head, self._standing = head, judged.standing
        metrics.ENTRIES.inc(len(judged.drafts))
        led = self._hearsay.tell(head, judged.drafts)
        if led and judged.plain and self._window.pause > COMPANY_S and self._hearsay.expects(self._window.pause):
            self._hearsay.give_turn(head.seq)
            await self._hearsay.company(head.seq)
            if self._behind:
                await self._catch_up()

    def _show(self, judged: Judged) -> None:
        """What is on disk becomes the committed state, and everybody sees it."""
        alone = len(self._ahead) == len(judged.updates)
        self._pass_on(but=judged.sole_writer if alone else None)
        for told in judged.events:
            self.audience.event(told.seq, told.kind, told.by, told.at, told.data, told.readers)

    def _pass_on(self, but: Member | None = None) -> None:
        """All that is on disk and judged here: one frame, whoever wrote it."""
        updates, self._ahead = self._ahead, []
        if updates:
            self.audience.update(self._document.commit(updates), but=but)
        self._seq = self._head.seq

    async def _overtaken(self, judged: Judged) -> bool:
        """Takes over what others wrote before a batch that was judged already; False where it must be judged again."""
        others = await self._others_wrote(self._head.seq)
        if not others.entries or not others.may_come_first(judged):
            return False
        theirs = [(entry.payload or b"", entry.participant) for entry in others.entries]
        own = [(draft.payload, draft.participant) for draft in judged.drafts]
        mark = self._document.overtake(self._mark, theirs, own, judged.standing.locked)
        if mark is None:
            return False
        metrics.OVERTAKEN.inc()
        self._mark, self._head = mark, Head(others.entries[-1].seq, others.entries[-1].hash)
        self._ahead += [update for update, _ in theirs]
        return True

    async def _open_anew(self) -> None:
        """The judged state holds what is not in the record: start from the record, and pass on what others wrote."""
        had, before = self._document.state_vector(), self._head.seq
        opened = await self._patience.until_done(lambda: open_document(self._store, self.document_id))
        others = await self._others_wrote(before, opened.head.seq)
        self._document, self._head, self._standing = opened.document, opened.head, opened.standing
        self._ahead, self._seq = [], self._head.seq
        self.audience.update(self._document.missing(had))
        self._tell(others)
        self._fanout.tell(Advance(self.document_id, self._head.seq))  # an own batch may be there whose answer was lost

    async def _catch_up(self, began: float | None = None) -> None:
        """Takes over what another process wrote. Without `began` a batch follows, with whose frame it goes out."""
        news, heard = self._hearsay.seq, self._hearsay.after(self._head)
        others = Others(heard, {}) if heard else await self._others_wrote(self._head.seq)
        self._hearsay.others_write()
        given = self._clock()
        for part in others.parts():
            self._settled = False
            updates, self._standing = taken_over(self._document, self._standing, part.entries, part.authors)
            self._ahead += updates
            self._head = Head(part.entries[-1].seq, part.entries[-1].hash)
            if began is not None or not part.silent or len(others.entries) > len(part.entries):
                self._pass_on()
                self._settled = True
                self._tell(part)
                await asyncio.sleep(0)
        if not heard:
            self._hearsay.looked(news, self._head)
        if began is not None:
            self._readers.serve(self._document)
            self._spent(began, self._clock() - given)

    async def _others_wrote(self, after: int, until: int | None = None) -> Others:
        return await self._patience.until_done(
            lambda: self._store.read(partial(others_wrote, document_id=self.document_id, after=after, until=until))
        )

    def _tell(self, others: Others) -> None:
        tell(self.audience, self.document_id, self._document, self._standing, others)

    # -- beside the worker

    def _moved(self, focus: Focus) -> None:
        data = {"paragraph": focus.paragraph, "bracket": focus.bracket}
        self.audience.event(self.seq, "focus", Author(*focus.by), focus.at, data)

    def _saving_failed(self) -> None:
        self._pass_on()  # it is on disk, and nobody knows for how long the batch behind it will not be
        self._readers.fail(_held_up())

    def _held_changed(self, held: bool) -> None:
        self.audience.event(self.seq, "saving_held" if held else "saving_resumed", None, self._now(), {})

    async def _look(self, at_once: bool) -> Seen:
        return await self.read(
            lambda document: seen(self.document_id, self.seq, self._now(), document, at_once=at_once)
        )


def _opened_anew() -> Problem:
    return unavailable("The document is being opened anew; try again.")


def _held_up() -> Problem:
    return unavailable("Saving is held up, and what is being saved cannot be shown yet; try again.")
