"""Clients that others wrote: y-websocket's provider in a Node process, and pycrdt's provider."""

import asyncio
import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

import pycrdt
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.interop.yjs import HERE, install

WITHIN = 60.0
"""Seconds that a test waits for anything."""


class StockProcess:
    """One Node process with any number of providers."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._calls: dict[int, asyncio.Future[Any]] = {}
        self._providers: dict[str, StockProvider] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls) -> AsyncIterator[Self]:
        install()
        node = shutil.which("node")
        assert node is not None, "Node is not on the path"
        pipe = asyncio.subprocess.PIPE
        environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
        process = await asyncio.create_subprocess_exec(
            node, str(HERE / "provider.mjs"), stdin=pipe, stdout=pipe, env=environment, limit=1 << 24
        )
        self = cls(process)
        try:
            yield self
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
            await self._reading

    async def open(self, name: str, url: str, token: str) -> "StockProvider":
        """`url`: of the document's socket."""
        server, _, room = url.rpartition("/")
        provider = self._providers[name] = StockProvider(self, name)
        provider.client = await self.call("open", name=name, server=server, room=room, token=token)
        return provider

    async def call(self, command: str, **arguments: Any) -> Any:
        number = len(self._calls) + 1
        done = self._calls[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "command": command, **arguments}).encode() + b"\n")
        return await asyncio.wait_for(done, WITHIN)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            if "id" in said:
                if not (done := self._calls[said["id"]]).done():
                    done.set_result(said["result"])
            else:
                self._providers[said["name"]].events.append(said)


class StockProvider:
    """A `WebsocketProvider` of y-websocket, as npm has it."""

    def __init__(self, process: StockProcess, name: str) -> None:
        self.client = 0
        self.events: list[dict[str, Any]] = []
        self._process = process
        self._name = name

    async def insert(self, text: str, at: int | None = None) -> None:
        await self._call("insert", text=text, at=at)

    async def remove(self, at: int, size: int) -> None:
        await self._call("remove", at=at, size=size)

    async def format(self, at: int, size: int, marks: dict[str, Any]) -> None:
        await self._call("format", at=at, size=size, marks=marks)

    async def text(self) -> str:
        text: str = await self._call("text")
        return text

    async def point(self, state: dict[str, Any] | None) -> None:
        await self._call("point", state=state)

    async def states(self) -> dict[int, Any]:
        return {int(client): state for client, state in (await self._call("states")).items()}

    async def disconnect(self) -> None:
        await self._call("disconnect")

    async def connect(self) -> None:
        await self._call("connect")

    async def destroy(self) -> None:
        await self._call("destroy")

    async def synced(self, times: int = 1) -> None:
        """Until it has been in step with the server so many times."""
        await until(lambda: sum(event.get("synced") is True for event in self.events) >= times)

    async def closed(self) -> int:
        """The code that it takes for final."""
        await until(lambda: any(event["event"] == "closed" for event in self.events))
        code: int = next(event["code"] for event in self.events if event["event"] == "closed")
        return code

    async def _call(self, command: str, **arguments: Any) -> Any:
        return await self._process.call(command, name=self._name, **arguments)


class Channel(pycrdt.Channel):
    """What pycrdt's provider asks for, over `websockets`."""

    def __init__(self, connection: ClientConnection, path: str) -> None:
        self._connection = connection
        self._path = path

    @property
    def path(self) -> str:
        return self._path

    async def __anext__(self) -> bytes:
        try:
            return await self.recv()
        except ConnectionClosed:
            raise StopAsyncIteration from None

    async def send(self, message: bytes) -> None:
        await self._connection.send(message)

    async def recv(self) -> bytes:
        return await self._connection.recv(decode=False)


@contextlib.asynccontextmanager
async def pycrdt_provider(url: str, token: str, doc: pycrdt.Doc[Any]) -> AsyncIterator[pycrdt.Provider]:
    """`doc` in step with the server for as long as this lasts."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        connect(url, additional_headers=headers, proxy=None, max_size=None, open_timeout=WITHIN) as connection,
        pycrdt.Provider(doc, Channel(connection, url)) as provider,
    ):
        await asyncio.wait_for(provider.synced.wait(), WITHIN)
        yield provider


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not condition():  # noqa: ASYNC110  # it may be anything
            await asyncio.sleep(0.01)
