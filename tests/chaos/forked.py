"""A server that starts within a tenth of a second, so that it can be killed many times."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.chaos.clock import Clock
from tests.processes import ENDED_WITHIN, ServerProcess

STARTED_WITHIN = 60.0


class Nursery:
    """The process that forks servers; `nursery.py` says what it understands."""

    def __init__(self, *changed: str, clock: Clock | None = None) -> None:
        """`changed`: of a build that is not as it should be. `clock`: which it and its servers go by."""
        command = [sys.executable, "-m", "tests.chaos.nursery", *changed]
        environment = {**os.environ, **(clock.environment if clock else {})}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def ask(self, **question: Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the nursery has gone"
        return int(answer)

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(ENDED_WITHIN)


class ForkedServer(ServerProcess):
    """As its base, but started by a nursery."""

    def __init__(self, nursery: Nursery, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(data_dir, settings)
        self._nursery = nursery
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
        options = self._command()[2:]
        self._pid = self._nursery.ask(start=options, environment=self._environment(), log=str(self.log))
        until = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < until, self.output()
                time.sleep(0.01)
            else:
                return self

    def stop(self, within: float = ENDED_WITHIN) -> int:
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def limit_files(self, size: int | None) -> None:
        """No file may grow beyond `size` bytes from now on: a disk that is full; None: there is room again."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def _end(self, number: int) -> int:
        pid, self._pid = self.pid, 0
        os.kill(pid, number)
        return self._nursery.ask(wait=pid)
