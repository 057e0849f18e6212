"""`rollingtext serve --workers N`: several processes behind one listening socket, and one that looks after them.

The socket is opened once and inherited, so that one worker may end while the others take what arrives. A worker that
dies is started again. SIGTERM and SIGINT end all of them, as they end one server; SIGHUP renews them one after another.
A worker reads its settings from its standard input, and ends when that does: it does not outlive whoever started it.
"""

import asyncio
import logging
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable

from server import logs
from server.app import build
from server.config import Settings
from server.serving import Server

log = logging.getLogger(__name__)

BACKLOG = 2048  # connections that wait to be taken
AGAIN_S = 1.0  # until a worker that died is started again
READY = b"ready\n"


class Workers:
    """`on_ready`: once all of them can be reached."""

    def __init__(self, settings: Settings, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        self._settings = settings
        self._listener = listener
        self._on_ready = on_ready
        self._workers: list[asyncio.subprocess.Process | None] = [None] * settings.workers
        self._ready = [asyncio.Event() for _ in self._workers]
        self._stopping: signal.Signals | None = None
        self._begun = False  # all have been ready at once
        self._failed = False
        self._renewing: asyncio.Task[None] | None = None

    async def run(self) -> bool:
        """Until a signal ends them; False when one could not even start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGHUP, self._renew)
        telling = asyncio.create_task(self._tell())
        await asyncio.gather(*(self._keep(place) for place in range(len(self._workers))))
        for task in (telling, self._renewing):
            if task is not None:
                task.cancel()
        return not self._failed

    async def _keep(self, place: int) -> None:
        while self._stopping is None:
            worker = await self._start(place)
            code = await worker.wait()
            if self._stopping is not None:
                return
            if not self._begun and not self._ready[place].is_set():
                log.error("a worker cannot start", extra={"worker": place, "code": code})
                self._failed = True
                self._stop(signal.SIGTERM)
            elif code != 0:
                log.error("a worker died", extra={"worker": place, "code": code})
                await asyncio.sleep(AGAIN_S)

    async def _start(self, place: int) -> asyncio.subprocess.Process:
        """Returns when it is ready, or has ended."""
        self._ready[place].clear()
        descriptor = self._listener.fileno()
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server.workers",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(descriptor,),
            start_new_session=True,  # Ctrl-C is for this process, which passes it on
        )
        self._workers[place] = worker
        if worker.stdin is None or worker.stdout is None:
            raise RuntimeError("both are pipes")
        worker.stdin.write(pickle.dumps((self._settings, descriptor)))
        if self._stopping is not None:
            worker.send_signal(self._stopping)
        if await worker.stdout.readline() == READY:
            self._ready[place].set()
        return worker

    async def _tell(self) -> None:
        for ready in self._ready:
            await ready.wait()
        self._begun = True
        self._on_ready()

    def _stop(self, number: signal.Signals) -> None:
        self._stopping = number
        for worker in self._workers:
            if worker is not None and worker.returncode is None:
                worker.send_signal(number)

    def _renew(self) -> None:
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew_each())

    async def _renew_each(self) -> None:
        """One at a time, so that there is always somebody to serve."""
        for place, ready in enumerate(self._ready):
            await ready.wait()  # one that is still starting would be killed, for it hears no signals yet
            worker = self._workers[place]
            if self._stopping is None and worker is not None and worker.returncode is None:
                ready.clear()
                worker.terminate()
                await ready.wait()


def listening(settings: Settings) -> socket.socket:
    """Raises OSError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    listener.setblocking(False)
    return listener


def work() -> None:
    """One worker."""
    settings, descriptor = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own parent's
    logs.configure(settings.log_level)
    listener = socket.socket(fileno=descriptor)

    def ready() -> None:
        os.write(sys.stdout.fileno(), READY)
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), _orphaned)

    Server(build(settings), settings, ready).run([listener])


def _orphaned() -> None:
    """Its standard input has ended: whoever started it is gone."""
    asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    work()
