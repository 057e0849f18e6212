"""Faults one after another while people type; after each, everything is held against everything (R1 to R4, W3 to W5).

What is compared: the ledgers of those who typed, the record as PostgreSQL holds it, the text of every client and of
every process, and the text that real Yjs makes of the record.
"""

import asyncio
import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from crdt import sync
from server import verifying
from server.store import Store
from tests.authors import Author, shake_hands
from tests.chaos.faults import FAULTS, Scene
from tests.chaos.ledger import Typist, held_against, numbers_in
from tests.chaos.stand import Stand
from tests.chaos.truth import Truth
from tests.client import Backoff, Client, Closed, Line
from tests.interop.yjs import Yjs
from tests.meetings import Person, TestMeeting

SETTLED_WITHIN = 60.0  # seconds: a bound, not a measurement
RECOVERED_WITHIN = 20.0  # where nothing else is said: seconds on a machine that does other things besides
ATTEMPT_S = 2.0  # that somebody waits for an answer before trying again
FILES_MORE = 40  # descriptors: pools that were opened meanwhile
MEMORY_MORE = 200 << 20  # bytes: the document has grown
LOG = 4_000  # characters of a server's, where something is wrong
LOCKED = ("The Committee shall meet once a year.", "It adopts its decisions by consensus.")


class Roaming(Client):
    """Comes back to the other process than the one that it lost (C2: no sticky sessions)."""

    def __init__(self, urls: Sequence[str], token: str, version: str | None, seed: int) -> None:
        super().__init__(urls[0], token, version=version, seed=seed)
        self._paths = [url if version is None else f"{url}?v={version}" for url in urls]

    async def _take_part(self, line: Line, backoff: Backoff) -> None:
        try:
            await super()._take_part(line, backoff)
        finally:
            self._paths.reverse()
            self._url = self._paths[0]


@dataclass
class Report:
    """What came of it."""

    seed: int
    faults: dict[str, int] = field(default_factory=dict)
    recoveries: list[float] = field(default_factory=list)  # seconds, of each process after each fault
    edits: int = 0  # that somebody was told are saved
    entries: int = 0

    def __str__(self) -> str:
        times = sorted(self.recoveries)
        what = ", ".join(f"{count} × {did}" for did, count in sorted(self.faults.items()))
        return (
            f"seed {self.seed}: {what}; {self.edits} edits saved, {self.entries} entries; "
            f"recovery median {times[len(times) // 2]:.2f} s, longest {times[-1]:.2f} s"
        )


class Campaign:
    """`plan`: how often which fault. All of it follows from the seed, but for what the machine makes of it.

    `recovery_s`: how soon after a fault either process must take edits again.
    """

    def __init__(
        self, stand: Stand, yjs: Yjs, seed: int, *, typists: int, pause_s: float, recovery_s: float = RECOVERED_WITHIN
    ) -> None:
        self.report = Report(seed)
        self._stand = stand
        self._yjs = yjs
        self._chance = random.Random(seed)
        self._scene = Scene(stand, random.Random(seed + 1), pause_s, self._audit)
        self._count = typists
        self._recovery_s = recovery_s
        self._may_type = asyncio.Event()
        self._may_type.set()

    async def run(self, plan: Mapping[str, int]) -> Report:
        print(f"seed {self.report.seed}, plan {dict(plan)}, load {os.getloadavg()[0]:.1f}")
        faults = [name for name, count in plan.items() for _ in range(count)]
        self._chance.shuffle(faults)
        async with AsyncExitStack() as stack:
            await asyncio.to_thread(self._prepare)
            files, memory = self._stand.files(), self._stand.memory()
            await self._gather(stack)
            for name in faults:
                await self._suffer(name)
            self._may_type.clear()
        assert self._truth.rebuilt() == await self._truth.read()
        await self._verify()
        await self._back_to_normal(files, memory)
        return self.report

    # -- before

    def _prepare(self) -> None:
        """A meeting with a document, of which two paragraphs are agreed."""
        with self._stand.servers[0].admin() as admin:
            self._meeting = TestMeeting.make(self._stand.servers[0], admin, "\n\n".join((*LOCKED, "Open.")))
            self._people = [self._meeting.join(name=f"t{at}") for at in range(self._count)]
            self._observer = self._meeting.join("observer", "UNDP")
            self._chair = self._meeting.join("chair", None, "Chair")
            self._probe = self._meeting.join("delegate", "UZB", "Probe")
            paragraphs = self._meeting.paragraphs()["paragraphs"][: len(LOCKED)]
        with self._stand.servers[1].client(self._chair.token) as chair:
            for paragraph in paragraphs:
                path = f"/api/documents/{self._meeting.document}/paragraphs/{paragraph['id']}/lock"
                asked = {"digest": paragraph["digest"], "status": "agreed"}
                assert chair.put(path, json=asked).status_code == 200
        self._locked = {paragraph["id"]: paragraph["digest"] for paragraph in paragraphs}
        self._truth = Truth(self._stand.database, self._meeting.document, self._yjs)

    async def _gather(self, stack: AsyncExitStack) -> None:
        seed = self.report.seed
        clients = [self._client(person, at, "1", seed) for at, person in enumerate(self._people)]
        readers = [self._client(self._observer, at, None, seed) for at in range(2)]
        self._everybody = [await stack.enter_async_context(client) for client in (*clients, *readers)]
        self._typists = [Typist(f"t{at}", client) for at, client in enumerate(clients)]
        for typist in self._typists:
            await self._begin(typist)
        typing = [asyncio.create_task(self._type(typist)) for typist in self._typists]
        stack.push_async_callback(self._stop, typing)

    def _client(self, person: Person, at: int, version: str | None, seed: int) -> Roaming:
        urls = self._urls()
        return Roaming(urls if at % 2 else urls[::-1], person.token, version, seed + at)

    def _urls(self) -> list[str]:
        return [f"{server.ws_url}/ws/documents/{self._meeting.document}" for server in self._stand.servers]

    async def _begin(self, typist: Typist) -> None:
        """Everybody sees its paragraph: one begun where another just goes on could part that one's words."""
        await typist.client.until(lambda: typist.client.synced)
        typist.type()
        for other in self._everybody:
            await other.until(lambda other=other: f"\n{typist.name}:" in str(other.text))  # type: ignore[misc]

    async def _type(self, typist: Typist) -> None:
        while True:
            await self._may_type.wait()
            typist.type()
            await asyncio.sleep(0.4 * self._chance.random())

    async def _stop(self, typing: list[asyncio.Task[None]]) -> None:
        for task in typing:
            task.cancel()
        for ended in await asyncio.gather(*typing, return_exceptions=True):
            assert isinstance(ended, asyncio.CancelledError), ended

    # -- one fault

    async def _suffer(self, name: str) -> None:
        if self._chance.random() < 0.8:  # else in the middle of everybody's coming back
            told = len(self._typists[0].saved)
            await self._typists[0].client.until(lambda: len(self._typists[0].saved) > told)
        await asyncio.sleep(0.5 * self._chance.random())
        did = name
        try:
            did = await FAULTS[name](self._scene)
            self.report.faults[did] = self.report.faults.get(did, 0) + 1
            took = await asyncio.gather(*(self._recovery(at) for at in range(2)))
            self.report.recoveries += took
            await self._settle()
            assert max(took) <= self._recovery_s, f"it took {took} s until edits were taken again"
        except (AssertionError, TimeoutError) as error:
            error.add_note(f"in or after {did}; seed {self.report.seed}, so far {self.report.faults}")
            for server in self._stand.servers:
                error.add_note(f"{server.url}:\n{server.output()[-LOG:]}")
            raise

    async def _recovery(self, process: int) -> float:
        """Seconds until somebody who comes to this process writes a word and is told that it is saved."""
        began = time.monotonic()
        async with asyncio.timeout(SETTLED_WITHIN):
            while True:
                with suppress(OSError, EOFError, Closed, TimeoutError):
                    async with asyncio.timeout(ATTEMPT_S):
                        await self._write_a_word(process)
                        return time.monotonic() - began
                await asyncio.sleep(0.05)

    async def _write_a_word(self, process: int) -> None:
        async with Line.open(f"{self._urls()[process]}?v=1", self._probe.token) as line:
            author = await shake_hands(line)
            await line.send(sync.update(author.append(".")))
            while not (await line.until("saved"))["updates"]:
                pass

    async def _settle(self) -> None:
        """Nobody types; all must be equal, and all that was said to be saved must be there."""
        self._may_type.clear()
        for client in self._everybody:
            await client.saved(SETTLED_WITHIN)
        text = await self._truth.read()
        held_against(text, self._typists)
        written = {words for typist in self._typists for words in typist.written}
        assert all(text.count(words) == 1 for words in written)
        for client in self._everybody:
            await _shows(client, text)
        await asyncio.gather(*(asyncio.to_thread(self._compare, at, text) for at in range(2)))
        await self._intrude()
        assert await self._truth.read() == text, "what was refused is in the record"
        self.report.edits = sum(len(typist.saved) for typist in self._typists)
        self.report.entries = self._truth.seq
        self._may_type.set()

    def _compare(self, process: int, text: str) -> None:
        """What a process shows is what is in the record, and what was locked is as it was."""
        until = time.monotonic() + SETTLED_WITHIN
        while True:
            found = self._shown(process)
            if "".join(f"\n{paragraph['text']}" for paragraph in found) == text:
                break
            assert time.monotonic() < until, f"process {process} shows another text"
            time.sleep(0.05)
        assert {each["id"]: each["digest"] for each in found if each["lock"]} == self._locked
        assert all(f"\n{words}\n" in text for words in LOCKED)

    def _shown(self, process: int) -> list[dict[str, Any]]:
        with self._stand.servers[process].admin() as admin:
            answer = admin.get(f"/api/documents/{self._meeting.document}/paragraphs")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["paragraphs"]
        return found

    async def _intrude(self) -> None:
        """In a locked paragraph, and in another's name: both are refused (W4, W5)."""
        other = self._everybody[0].doc.client_id
        for url in self._urls():
            reasons = await self._refused(url, _in_a_locked_paragraph)
            assert reasons == ["locked"], f"a locked paragraph was written: {reasons} (W4)"
            reasons = await self._refused(url, partial(_in_the_name_of, other))
            assert reasons == ["foreign_author"], f"somebody wrote as another: {reasons} (W5)"

    async def _refused(self, url: str, offend: Callable[[Author], bytes]) -> list[str]:
        """For what reasons one edit was refused."""
        reasons: list[str] = []
        async with Line.open(f"{url}?v=1", self._probe.token) as line:
            await line.send(sync.update(offend(await shake_hands(line))))
            while True:
                message = await line.receive()
                if isinstance(message, dict) and message["type"] == "refused":
                    reasons.append(message["reason"])
                if isinstance(message, dict) and message["type"] == "saved" and message["updates"]:
                    return reasons

    async def _audit(self) -> None:
        """Everything that was said to be saved before is in the record (R4)."""
        saved = [(typist, typist.saved_numbers) for typist in self._typists]
        text = await self._truth.read()
        for typist, numbers in saved:
            lost = sorted(numbers.difference(numbers_in(text, typist)))
            assert not lost, f"{typist.name} was told that these are saved: {lost} (R4)"

    # -- after

    async def _verify(self) -> None:
        """As `rollingtext verify` does (R3)."""
        store = await Store.open(self._stand.database, may_create=False)
        try:
            finding = await verifying.verify(store, self._meeting.document, "Draft")
        finally:
            await store.close()
        assert finding.failed is None, finding

    async def _back_to_normal(self, files: int, memory: int) -> None:
        async with asyncio.timeout(SETTLED_WITHIN):
            while self._stand.files() > files + FILES_MORE:  # noqa: ASYNC110  # of other processes
                await asyncio.sleep(0.1)
        assert self._stand.memory() <= memory + MEMORY_MORE


async def _shows(client: Client, text: str) -> None:
    try:
        await client.until(lambda: str(client.text) == text, SETTLED_WITHIN)
    except TimeoutError:
        raise AssertionError("a client shows another text than the record (W3)") from None
    assert client.final is None, client.final


def _in_a_locked_paragraph(author: Author) -> bytes:
    return author.change(lambda text: text.insert(5, "never "))


def _in_the_name_of(client: int, author: Author) -> bytes:
    """An edit that goes on where this client has stopped."""
    other = Author(author.doc.get_update(), client)
    return other.append(" forged")
