"""A client that speaks the contract, written for tests: `Line` for single rules, `Client` for people who write.

`Line` is one socket, message by message. `Client` keeps a document, connects again by itself, and keeps a ledger of
what it wrote and of what the server said was saved, so that a test can tell what must never be lost (R4).
"""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, Self

import pycrdt
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from crdt import sync
from crdt.sync import Message, SyncStep1, SyncStep2, SyncUpdate
from crdt.varint import read_bytes, read_uint

WITHIN = 60.0
"""Seconds that a test waits for anything: a bound, not a measurement."""

EVENT_TYPE = 100

Event = dict[str, Any]
"""What a message of type 100 holds (W2)."""


class Closed(Exception):
    """The server ended this line, with a close code or without (1006)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Line:
    """One socket. `url`: ws://… with its query."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, url: str, token: str | None = None, trust: SSLContext | None = None, **headers: str
    ) -> AsyncIterator[Self]:
        """Header names with `_` for `-`. `trust`: whose certificates are believed, for wss://."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        connecting = connect(
            url,
            additional_headers=given,
            compression=None,
            max_size=None,
            max_queue=None,
            proxy=None,
            open_timeout=WITHIN,
            ping_timeout=WITHIN,
            close_timeout=1,
            **({} if trust is None else {"ssl": trust}),
        )
        async with connecting as connection:
            yield cls(connection)

    async def send(self, message: bytes | str) -> None:
        """Silent when the line has ended; `receive` tells."""
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(message)

    async def receive(self, within: float = WITHIN) -> Message | Event:
        """Raises Closed, and TimeoutError when nothing comes."""
        try:
            async with asyncio.timeout(within):
                frame = await self._connection.recv(decode=False)
        except ConnectionClosed as closed:
            received = closed.rcvd
            raise Closed(received.code if received else 1006, received.reason if received else "") from None
        return read(frame)

    async def until(self, wanted: "type[Message] | str", within: float = WITHIN) -> Any:
        """The next message of this class, or the next event of this type; passes others over."""
        while True:
            message = await self.receive(within)
            if message["type"] == wanted if isinstance(message, dict) else type(message) is wanted:
                return message

    async def rest(self, within: float = WITHIN) -> tuple[list[Message | Event], Closed]:
        """All that still comes, and the end."""
        got: list[Message | Event] = []
        try:
            while True:
                got.append(await self.receive(within))
        except Closed as closed:
            return got, closed

    async def closed(self, within: float = WITHIN) -> Closed:
        """Reads on to the end."""
        _, closed = await self.rest(within)
        return closed

    async def quiet(self, seconds: float) -> list[Message | Event]:
        """What comes until nothing has come for so long: for rules that say that something is not sent."""
        got: list[Message | Event] = []
        with contextlib.suppress(TimeoutError):
            while True:
                got.append(await self.receive(seconds))
        return got

    async def hang_up(self) -> None:
        """Leaves without a word."""
        self._connection.transport.abort()
        await self._connection.wait_closed()

    @property
    def connection(self) -> ClientConnection:
        return self._connection


def read(frame: bytes) -> Message | Event:
    kind, at = read_uint(frame, 0)
    if kind != EVENT_TYPE:
        return sync.parse(frame)
    text, end = read_bytes(frame, at)
    assert end == len(frame), "one message per frame (W2)"
    event: Event = json.loads(text)
    return event


@dataclass(eq=False)
class Edit:
    """One transaction of a client."""

    words: str
    update: int | None = None  # its number on the present socket, where it was sent as an update
    saved: bool = False  # the server has said so


@dataclass
class Backoff:
    """Seconds before the next attempt: doubled each time, with jitter."""

    first: float = 0.05
    longest: float = 2.0
    attempts: int = 0

    def wait(self, chance: random.Random) -> float:
        self.attempts += 1
        return min(self.longest, self.first * 2.0 ** (self.attempts - 1)) * (0.5 + chance.random())


class Client:
    """Somebody who writes. `async with Client(…) as client:` stays connected until the end or a final close code.

    `url`: ws://…/ws/documents/ID without a query. `client_id`: the Yjs client id, else a random one.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        version: str | None = "1",
        client_id: int | None = None,
        seed: int = 0,
        **headers: str,
    ) -> None:
        self.doc = pycrdt.Doc(client_id=client_id) if client_id is not None else pycrdt.Doc()
        self.text: pycrdt.Text = self.doc.get("text", type=pycrdt.Text)
        self.paragraphs: pycrdt.Map[Any] = self.doc.get("paragraphs", type=pycrdt.Map)
        self.edits: list[Edit] = []
        self.events: list[Event] = []
        self.closes: list[int] = []  # codes, 1006 where the line was cut
        self.connections = 0
        self.synced = False  # the server's step 2 has come on the present line
        self.final: Closed | None = None  # a close after which one does not connect again (W7)
        self._url = url if version is None else f"{url}?v={version}"
        self._token = token
        self._headers = headers
        self._chance = random.Random(seed)
        self._applying = False
        self._words = ""
        self._covered: list[Edit] = []  # by the step 2 of the present line
        self._outbox: asyncio.Queue[bytes] | None = None  # of the present line
        self._updates = 0  # sent on it
        self._changed = asyncio.Condition()
        self._running: asyncio.Task[None] | None = None
        self._subscription = self.doc.observe(self._written)

    # Writing

    @contextlib.contextmanager
    def edit(self, words: str = "") -> Iterator[None]:
        """One transaction, one entry of the ledger; offline, too."""
        self._words = words
        with self.doc.transaction():
            yield

    def type(self, words: str, at: int | None = None) -> None:
        """Inserts `words`; `at` counts UTF-8 bytes, none: the end."""
        with self.edit(words):
            self.text.insert(len(self.text) if at is None else at, words)

    @property
    def unsaved(self) -> list[Edit]:
        return [edit for edit in self.edits if not edit.saved]

    # Waiting

    async def until(self, condition: Callable[[], bool], within: float = WITHIN) -> None:
        """Returns when it holds; it is looked at after everything that comes from the server."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(condition)

    async def saved(self, within: float = WITHIN) -> None:
        """Until all that was written is saved."""
        await self.until(lambda: not self.unsaved, within)

    async def event(self, kind: str, within: float = WITHIN) -> Event:
        """The first event of this type, of any line."""
        await self.until(lambda: any(event["type"] == kind for event in self.events), within)
        return next(event for event in self.events if event["type"] == kind)

    # The line

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        assert self._running is not None
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        self.doc.unobserve(self._subscription)

    async def _run(self) -> None:
        backoff = Backoff()
        while self.final is None:
            try:
                async with Line.open(self._url, self._token, **self._headers) as line:
                    await self._take_part(line, backoff)
            except Closed as closed:
                self.closes.append(closed.code)
                if 4400 <= closed.code < 4500:
                    self.final = closed
            except (OSError, InvalidHandshake, EOFError):
                pass  # nobody listens: the server is down
            self._outbox, self.synced = None, False
            await self._tell()
            await asyncio.sleep(backoff.wait(self._chance))

    async def _take_part(self, line: Line, backoff: Backoff) -> None:
        self.connections += 1
        self._updates = 0
        self._covered = []
        for edit in self.edits:
            edit.update = None
        self._outbox = asyncio.Queue()
        self._outbox.put_nowait(sync.step1(self.doc.get_state()))
        sending = asyncio.create_task(self._send(line, self._outbox))
        try:
            while True:
                self._receive(await line.receive(within=86_400))
                if self.synced:
                    backoff.attempts = 0
                await self._tell()
        finally:
            sending.cancel()

    async def _send(self, line: Line, outbox: asyncio.Queue[bytes]) -> None:
        while True:
            await line.send(await outbox.get())

    def _receive(self, message: Message | Event) -> None:
        match message:
            case SyncStep1(state_vector):
                self._covered = self.unsaved
                self._put(sync.step2(self.doc.get_update(state_vector)))
            case SyncStep2(update):
                self._apply(update)
                self.synced = True
            case SyncUpdate(update):
                self._apply(update)
            case dict():
                self.events.append(message)
                if message["type"] == "saved":
                    self._account(message)

    def _account(self, saved: Event) -> None:
        for edit in self.unsaved:
            if edit.update is not None and edit.update <= saved["updates"]:
                edit.saved = True
        if saved["step2"]:
            for edit in self._covered:
                edit.saved = True

    def _apply(self, update: bytes) -> None:
        self._applying = True
        try:
            self.doc.apply_update(update)
        finally:
            self._applying = False

    def _written(self, event: pycrdt.TransactionEvent) -> None:
        if self._applying or event.update == b"\0\0":
            return
        edit = Edit(self._words)
        self.edits.append(edit)
        if self._outbox is not None:
            self._updates += 1
            edit.update = self._updates
            self._put(sync.update(event.update))

    def _put(self, message: bytes) -> None:
        assert self._outbox is not None
        self._outbox.put_nowait(message)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
