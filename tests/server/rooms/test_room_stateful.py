"""Any order of typing, losing connections, failing databases, dying and competing processes (W3, R1, R4, C2).

The model: a character that somebody typed and nobody deleted is in the text in the end; one whose saving was
acknowledged is in the record at once, whatever dies; all who are connected converge to what the record holds.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crdt.document import Document
from server import metrics
from server.fanout import Advance, LocalFanout
from server.rooms import Rooms
from server.rooms.opening import open_document
from server.rooms.saving import Pace
from server.store import EMPTY, Head, Store, Unavailable, engine
from server.tables import Role
from server.verifying import verify
from tests.server.conftest import Draft, add_draft
from tests.server.rooms.conftest import first_entry
from tests.server.rooms.people import Typist
from tests.server.rooms.waiting import until

R = TypeVar("R")

PROCESSES = 2
PEOPLE = 3
PACE = Pace(first=0.001, longest=0.004)
FIRST_SIGNS = 0x4E00, 0x20000
"""Characters that are typed, each once: of three bytes and one UTF-16 unit, and of four bytes and two units."""


class Process:
    """A server without a network: what it holds in memory is lost when it dies. Its store can fail on demand."""

    def __init__(self, url: str, fanout: LocalFanout) -> None:
        self._url = url
        self._fanout = fanout
        self.failures = 0  # commits that fail before they are done
        self.lost_answers = 0  # commits that are done and then said to have failed

    async def start(self) -> None:
        self.store = await Store.open(self._url)
        self.store.append = self._append  # type: ignore[method-assign]  # faults come in here
        self._appended = Store.append.__get__(self.store)
        self.rooms = Rooms(self.store, self._fanout, pace=PACE)
        await self.rooms.__aenter__()

    async def _append(self, *arguments: Any) -> Head:
        if self.failures:
            self.failures -= 1
            raise Unavailable("disk I/O error")
        head: Head = await self._appended(*arguments)
        if self.lost_answers:
            self.lost_answers -= 1
            raise Unavailable("the connection broke")
        return head

    async def die(self) -> None:
        """Every task ends where it is; nobody is told anything."""
        for room in self.rooms.open_rooms():
            for member in list(room.audience):
                room.leave(member)
            self._fanout.unwatch(Advance, room.document_id, room.hear)
            room.closed = True
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            if self._is_mine(task):
                task.cancel()
        await asyncio.sleep(0)
        await self.store.close()

    def _is_mine(self, task: "asyncio.Task[Any]") -> bool:
        own = {id(self.rooms._sweeper)}
        for room in self.rooms.open_rooms():
            own |= {id(room._worker), id(room._checkpointing.task)}
        return id(task) in own


class Conference(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = tempfile.TemporaryDirectory()
        self.path = Path(self.directory.name) / "rooms.db"
        self.lock: sqlite3.Connection | None = None
        self.next_sign = 0
        self.all_typed: set[str] = set()
        self.deleted: set[str] = set()
        self.failed_rooms = metrics.ROOM_DIVERGED._value.get()

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return self.loop.run_until_complete(asyncio.wait_for(work, 30))

    # -- the beginning and the end

    @initialize()
    def open(self) -> None:
        self.run(self._open())

    async def _open(self) -> None:
        url = f"sqlite:///{self.path}"
        fanout = LocalFanout()
        self.processes = [Process(url, fanout) for _ in range(PROCESSES)]
        for process in self.processes:
            await process.start()
        store = self.processes[0].store
        self.draft: Draft = await store.write(add_draft)
        await Store.append(store, self.draft.id, EMPTY, [first_entry(self.draft)])
        roles = (
            (self.draft.delegate, Role.DELEGATE),
            (self.draft.chair, Role.CHAIR),
            (self.draft.delegate, Role.DELEGATE),
        )
        self.people = [Typist(who, role=role, meeting=self.draft.meeting) for who, role in roles[:PEOPLE]]
        self.unsaved: dict[Typist, set[str]] = {person: set() for person in self.people}  # what each typed

    def teardown(self) -> None:
        try:
            if hasattr(self, "people"):
                self.unlock()
                self.run(self._all_is_well())
        finally:
            self.run(self._shut())
            self.loop.close()
            self.directory.cleanup()

    async def _all_is_well(self) -> None:
        for process in self.processes:
            process.failures = process.lost_answers = 0
        for number, person in enumerate(self.people):
            await self._connect(person, number % PROCESSES)
        await until(lambda: all(person.connected and not person.unsaved for person in self.people))
        for process in self.processes:
            await process.rooms.look()
        await until(lambda: len({person.text for person in self.people}) == 1)
        opened = await open_document(self.processes[0].store, self.draft.id)
        opened.document.check()
        text = opened.document.text()
        assert self.people[0].text == text
        for process in self.processes:
            assert await (await process.rooms.room(self.draft.id)).read(Document.text) == text
        assert self.all_typed - self.deleted <= set(text)
        assert not self.deleted & set(text)
        assert metrics.ROOM_DIVERGED._value.get() == self.failed_rooms
        entries = await self.processes[0].store.entries(self.draft.id)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert (await verify(self.processes[0].store, self.draft.id, "")).failed is None

    async def _shut(self) -> None:
        for process in self.processes:
            await process.rooms.__aexit__(None, None, None)
            await process.store.close()

    # -- what people do

    person = st.integers(0, PEOPLE - 1)
    process = st.integers(0, PROCESSES - 1)

    @rule(who=person, where=st.floats(0, 1), length=st.integers(1, 4))
    def type(self, who: int, where: float, length: int) -> None:
        person = self.people[who]
        signs = "".join(chr(FIRST_SIGNS[n % 2] + n) for n in range(self.next_sign, self.next_sign + length))
        self.next_sign += length
        self.run(self._type(person, where, signs))

    async def _type(self, person: Typist, where: float, signs: str) -> None:
        """Where it is when the loop comes to it: others' edits may be shown before."""
        if person.text:
            at = 1 + round(where * (len(person.text) - 1))
            person.type(len(person.text[:at].encode()), signs)
            self.all_typed |= set(signs)
            self.unsaved[person] |= set(signs)

    @rule(who=person, where=st.floats(0, 1), length=st.integers(1, 3))
    def delete(self, who: int, where: float, length: int) -> None:
        self.run(self._delete(self.people[who], where, length))

    async def _delete(self, person: Typist, where: float, length: int) -> None:
        """What stands there by then."""
        first = 1 + round(where * max(0, len(person.text) - 1 - length))
        gone = person.text[first : first + length]
        if gone:
            start = len(person.text[:first].encode())
            self.deleted |= set(gone) & self.all_typed
            person.delete(start, start + len(gone.encode()))

    @rule(who=person, where=process)
    def connect(self, who: int, where: int) -> None:
        self.run(self._connect(self.people[who], where))

    async def _connect(self, person: Typist, where: int) -> None:
        person.disconnect()
        room = await self.processes[where].rooms.room(self.draft.id)
        person.connect(room)

    @rule(who=person)
    def disconnect(self, who: int) -> None:
        self.people[who].disconnect()

    @rule(turns=st.integers(1, 30))
    def time_passes(self, turns: int) -> None:
        async def pass_() -> None:
            for _ in range(turns):
                await asyncio.sleep(0.0002)

        self.run(pass_())

    @rule()
    @precondition(lambda self: self.lock is None)
    def all_is_saved(self) -> None:
        """Unless something is broken now, everything typed by those who are connected is saved soon."""
        connected = [person for person in self.people if person.connected]
        self.run(until(lambda: all(not person.unsaved for person in connected)))

    # -- what breaks

    @rule()
    @precondition(lambda self: self.lock is None)
    def lock_database(self) -> None:
        self.lock = sqlite3.connect(self.path, isolation_level=None)
        try:
            self.lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:  # a commit is under way
            self.lock.close()
            self.lock = None

    @rule()
    def unlock(self) -> None:
        if self.lock is not None:
            self.lock.execute("ROLLBACK")
            self.lock.close()
            self.lock = None

    @rule(where=process, count=st.integers(1, 3))
    def commits_fail(self, where: int, count: int) -> None:
        self.processes[where].failures = count

    @rule(where=process, count=st.integers(1, 2))
    def answers_get_lost(self, where: int, count: int) -> None:
        self.processes[where].lost_answers = count

    @rule(where=process)
    def process_dies(self, where: int) -> None:
        self.run(self._die(where))

    async def _die(self, where: int) -> None:
        process = self.processes[where]
        room = process.rooms.find(self.draft.id)
        for person in self.people:
            if room is not None and person.room is room:
                person.disconnect()
        await process.die()
        await process.start()

    @rule(where=process)
    @precondition(lambda self: self.lock is None)
    def checkpoint(self, where: int) -> None:
        async def save() -> None:
            room = self.processes[where].rooms.find(self.draft.id)
            if room is not None:
                await room.checkpoint()

        self.run(save())

    # -- what holds at any time

    @invariant()
    def what_anybody_saw_or_was_told_is_on_disk(self) -> None:
        """W3 for what others typed, R4 for one's own."""
        if not hasattr(self, "people"):
            return
        owed: set[str] = set()  # first this, then the disk: saving goes on while it is read
        for person in self.people:
            assert person.heard("refused") == []
            if not person.unsaved:
                self.unsaved[person].clear()
            owed |= (set(person.text) & self.all_typed) - self.unsaved[person] - self.deleted
        lost = owed - set(self.run(self._text_on_disk()))
        assert not lost, f"seen or acknowledged, and not on disk: {lost}"

    async def _text_on_disk(self) -> str:
        opened = await open_document(self.processes[0].store, self.draft.id)
        return opened.document.text()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_S", 0.002)


def test_nothing_that_was_acknowledged_is_lost_and_all_converge() -> None:
    run_state_machine_as_test(
        Conference,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),  # shrinking would take minutes; the long run does it
        ),
    )


@pytest.mark.long
def test_nothing_that_was_acknowledged_is_lost_in_many_more_runs() -> None:
    run_state_machine_as_test(
        Conference,
        settings=settings(
            max_examples=2000, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
