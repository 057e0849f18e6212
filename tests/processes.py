"""The real server as a process of its own, with its own data directory, port and log."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

ADMIN_TOKEN = "an-admin-token-for-tests-of-32-characters-and-more"
PROGRAM = Path(sys.executable).with_name("rollingtext")  # of the environment that the tests run in
READY_WITHIN = 120.0  # seconds; a cold or busy machine takes a while to load every module
ENDED_WITHIN = 30.0
ANSWERED_WITHIN = 300.0  # what a process beside writes, it writes at the lowest priority: all else that runs goes first


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """`rollingtext serve` on a port of its own. It may be stopped, killed and started again on the same data."""

    def __init__(
        self,
        data_dir: Path,
        settings: Mapping[str, str] | None = None,
        options: tuple[str, ...] = (),
        program: Path = PROGRAM,
    ) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ws_url = f"ws://127.0.0.1:{self.port}"
        self.log = data_dir.parent / f"{data_dir.name}.log"  # beside the data: the directory belongs to the server
        self._settings = {"admin_token": ADMIN_TOKEN, **(settings or {})}
        self._options = options
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> "ServerProcess":
        """Starts it, also again on the same data and port, and waits until it is ready (C5)."""
        assert not self.running, "it runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command(), env=self._environment(), stdout=log, stderr=log)
        self._wait_until_ready()
        return self

    def stop(self, within: float = ENDED_WITHIN) -> int:
        """Asks it to end (SIGTERM) and waits; its exit status."""
        self._running.send_signal(signal.SIGTERM)
        return self._ended(within)

    def kill(self) -> None:
        """Sudden death (SIGKILL)."""
        self._running.kill()
        self._ended(ENDED_WITHIN)

    def end(self) -> None:
        """Ends it in whatever state it is; for the clean-up after a test."""
        if self.running:
            self.kill()

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def admin(self) -> httpx.Client:
        """A client of REST with the secretariat's rights in every meeting (C3)."""
        return self.client(ADMIN_TOKEN)

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Without `verify`: certificates take 0.1 s to load, and nothing here is https.
        return httpx.Client(base_url=self.url, headers=headers, timeout=ANSWERED_WITHIN, trust_env=False, verify=False)

    @property
    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "it was never started"
        return self._process

    def _command(self) -> list[str]:
        place = ["--host", "127.0.0.1", "--port", str(self.port), "--data-dir", str(self.data_dir)]
        return [str(self._program), "serve", *place, *self._options]

    def _environment(self) -> dict[str, str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith("ROLLINGTEXT_")}
        return own | {f"ROLLINGTEXT_{name.upper()}": value for name, value in self._settings.items()}

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN
        with self.client() as client:
            while time.monotonic() < until:
                if not self.running:
                    raise AssertionError(f"the server ended at once:\n{self.output()}")
                try:
                    if client.get("/readyz").status_code == 200:
                        return
                except httpx.TransportError:
                    pass  # not listening yet
                time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the server was not ready within {READY_WITHIN:.0f} s:\n{self.output()}")

    def _ended(self, within: float) -> int:
        try:
            return self._running.wait(within)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()
            raise AssertionError(f"the server did not end within {within:.0f} s:\n{self.output()}") from None
