"""A server that starts within a tenth of a second, so that it can be killed many times."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.processes import ServerProcess

STARTED_WITHIN = 20.0


class ForkedServer(ServerProcess):
    """As its base, but started by the nursery. Call `end` when done."""

    def __init__(self, data_dir: Path, settings: dict[str, str] | None = None) -> None:
        super().__init__(data_dir, settings)
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--data-dir", str(self.data_dir)]
        log = self.log.open("ab")
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery", *options],
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        log.close()
        self._pid = 0

    @property
    def pid(self) -> int:
        assert self._pid, "it does not run"
        return self._pid

    @property
    def running(self) -> bool:
        return self._pid != 0

    def start(self) -> "ForkedServer":
        assert not self._pid, "it runs already"
        self._pid = self._ask("start")
        until = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < until, self.output()
                time.sleep(0.01)
            else:
                return self

    def stop(self, within: float = 15.0) -> int:
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def end(self) -> None:
        if self._pid:
            self.kill()
        for pipe in (self._nursery.stdin, self._nursery.stdout):
            assert pipe is not None
            pipe.close()
        self._nursery.wait(10)

    def limit_files(self, size: int | None) -> None:
        """No file may grow beyond `size` bytes from now on: a disk that is full; None: there is room again."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def _end(self, number: int) -> int:
        pid, self._pid = self.pid, 0
        os.kill(pid, number)
        return self._ask(f"wait {pid}")

    def _ask(self, command: str) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(command + "\n")
        self._nursery.stdin.flush()
        answer = self._nursery.stdout.readline()
        assert answer, self.output()
        return int(answer)
