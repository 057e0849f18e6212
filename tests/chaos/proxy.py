"""A proxy between a server and what it needs: the line can be shut, go silent, or break between commit and answer."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from threading import Thread
from typing import Any

COMMIT = b"COMMIT;"
AN_ENTRY = b"\0\0\0\x06update"
"""In what PostgreSQL is sent, the kind of an entry that holds an edit."""


class _Line:
    """One connection through a proxy."""

    def __init__(self) -> None:
        self.said = b""  # by the server that we test, in its present transaction
        self.doomed = False  # it has said COMMIT, and will not hear what came of it


class Proxies:
    """The loop on which proxies run, in a thread of its own: a test may wait for servers, who wait for a proxy."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._proxies: list[Proxy] = []
        self._thread = Thread(target=self.loop.run_forever, name="proxies", daemon=True)
        self._thread.start()

    def between(self, port: int) -> "Proxy":
        async def begin() -> Proxy:
            return await Proxy(port).start()

        proxy = asyncio.run_coroutine_threadsafe(begin(), self.loop).result(10)
        self._proxies.append(proxy)
        return proxy

    def close(self) -> None:
        async def end() -> None:
            for proxy in self._proxies:
                proxy.stop()
            ours = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in ours:
                task.cancel()
            await asyncio.gather(*ours, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class Proxy:
    """Passes on what comes at `port`. Its methods may be called from any thread."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self.commits_cut = 0
        self._target = target
        self._loop = asyncio.get_running_loop()
        self._flows = asyncio.Event()
        self._flows.set()
        self._shut = False
        self._to_cut = 0
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> "Proxy":
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self._server = await asyncio.start_server(self._serve, sock=listening)
        return self

    def stop(self) -> None:
        """For good; on its own loop."""
        self._server.close()
        self._shut_now()

    def shut(self) -> None:
        """Every connection breaks, and none is made."""
        self._soon(self._shut_now)

    def silence(self) -> None:
        """Nothing comes through, and nobody is told."""
        self._soon(self._flows.clear)

    def restore(self) -> None:
        self._soon(self._restore_now)

    def cut_commits(self, count: int) -> None:
        """So many of the next edits that are committed get no answer: the line breaks when it comes."""
        self._to_cut = count

    def _soon(self, work: Callable[[], Any]) -> None:
        self._loop.call_soon_threadsafe(work)

    def _shut_now(self) -> None:
        self._shut = True
        for writer in self._writers:
            writer.transport.abort()

    def _restore_now(self) -> None:
        self._shut = False
        self._flows.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError, EOFError):
            if not self._shut:
                await self._join(reader, writer)
        writer.transport.abort()
        self._writers.discard(writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, to_them = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers.add(to_them)
        line = _Line()
        pumps = [
            asyncio.create_task(self._pump(reader, to_them, line, self._asked)),
            asyncio.create_task(self._pump(theirs, writer, line, self._answered)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            to_them.transport.abort()
            self._writers.discard(to_them)

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        line: _Line,
        passes: Callable[[_Line, bytes], bool],
    ) -> None:
        while data := await source.read(65_536):
            await self._flows.wait()
            if not passes(line, data):
                return
            sink.write(data)
            await sink.drain()

    def _asked(self, line: _Line, data: bytes) -> bool:
        if self._to_cut:
            line.said += data
        if COMMIT in data:
            if self._to_cut and AN_ENTRY in line.said:
                self._to_cut -= 1
                line.doomed = True
            line.said = b""
        return True

    def _answered(self, line: _Line, _: bytes) -> bool:
        if line.doomed:
            self.commits_cut += 1
        return not line.doomed
