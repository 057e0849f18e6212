"""Caddy as it stands before the servers of docker-compose.yml: the same configuration, on ports of its own."""

import contextlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from tests.processes import ADMIN_TOKEN, ANSWERED_WITHIN, ENDED_WITHIN, free_port

CADDYFILE = Path(__file__).parents[2] / "deploy" / "Caddyfile"
READY_WITHIN = 60.0


def caddy() -> str:
    """The program, which comes in a wheel."""
    found = shutil.which("caddy", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert found, "there is no Caddy: run `make setup`"
    return found


def caddy_version() -> str:
    said = subprocess.run([caddy(), "version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"v(\S+)", said)
    assert found, said
    return found[1]


class Proxy:
    """`url` and `ws_url` for everybody; `https_url` and `wss_url` with a certificate of its own authority."""

    def __init__(self, directory: Path, patience: str = "10s") -> None:
        """`patience`: how long a request waits for a server that answers."""
        self.port, self.https_port, health_port, http_port = (free_port() for _ in range(4))
        self.url, self.ws_url = (f"{scheme}://127.0.0.1:{self.port}" for scheme in ("http", "ws"))
        self.https_url, self.wss_url = (f"{scheme}://localhost:{self.https_port}" for scheme in ("https", "wss"))
        self.log = directory / "caddy.log"
        self._home = directory / "caddy"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._home),
            "SITE": f"{self.url}, {self.https_url}",
            "HTTP_PORT": str(http_port),
            "HTTPS_PORT": str(self.https_port),
            "HEALTH_PORT": str(health_port),
            "PATIENCE": patience,
        }
        self._health_url = f"http://127.0.0.1:{health_port}/healthz"

    def start(self, upstreams: Sequence[str]) -> "Proxy":
        """`upstreams`: HOST:PORT each. Returns when it serves, whether a server stands behind it or not."""
        self._home.mkdir(exist_ok=True)
        command = [caddy(), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
        environment = self._environment | {"UPSTREAMS": " ".join(upstreams)}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if self._serves():
                    return self
            time.sleep(0.05)
        raise AssertionError(self.output())

    def _serves(self) -> bool:
        """It answers, and has made its certificate, too. Raises TransportError."""
        inside = f"{self.https_url}/metrics"
        return (
            httpx.get(self._health_url, trust_env=False).is_success
            and httpx.get(inside, trust_env=False, verify=False).status_code == httpx.codes.NOT_FOUND
        )

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(ENDED_WITHIN)

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def admin(self) -> httpx.Client:
        return self.client(ADMIN_TOKEN)

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=ANSWERED_WITHIN, trust_env=False, verify=False)

    def browser(self, address: str = "127.0.0.1") -> httpx.Client:
        """By https, from this address of the machine, with cookies, as a page of the site."""
        transport = httpx.HTTPTransport(verify=self.trust(), local_address=address)
        headers = {"Origin": self.https_url}
        return httpx.Client(base_url=self.https_url, headers=headers, transport=transport, timeout=ANSWERED_WITHIN)

    def trust(self) -> ssl.SSLContext:
        """Of its authority, which it makes when it first starts."""
        authority = self._home / ".local/share/caddy/pki/authorities/local/root.crt"
        until = time.monotonic() + READY_WITHIN
        while not authority.exists() and time.monotonic() < until:
            time.sleep(0.05)
        return ssl.create_default_context(cafile=str(authority))
