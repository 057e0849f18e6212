"""The servers that are measured side by side: each started anew for every measurement, on a core of its own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

PEERS = Path(__file__).parent / "peers"
SERVER_CORE, LOAD_CORE = "0", "1"
STARTED_WITHIN = 60.0  # seconds


@dataclass(frozen=True)
class Peer:
    """A server as it is started; `kind` of pages says how the load generator speaks to it."""

    name: str
    command: tuple[str, ...]
    framing: str = "y-websocket"
    environment: Mapping[str, str] = field(default_factory=dict)


ROLLING_TEXT = Peer("Rolling Text", ())
PEER_SERVERS = (
    Peer("Hocuspocus", ("node", "hocuspocus.mjs"), "hocuspocus"),
    Peer("Hocuspocus, flushDelay 10", ("node", "hocuspocus.mjs"), "hocuspocus", {"FLUSH_DELAY": "10"}),
    Peer("pycrdt-websocket", (sys.executable, "pycrdt_server.py")),
)
SERVERS = (ROLLING_TEXT, *PEER_SERVERS)


@dataclass(frozen=True)
class Running:
    """What the load generator must be told: port, pid, and the arguments that lead to `documents`."""

    arguments: list[str]


@contextmanager
def running(peer: Peer, documents: int) -> Iterator[Running]:
    """With as many empty documents as are wanted."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        token = secrets.token_urlsafe(32)
        command, environment = _started_as(peer, port, folder, token)
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                ["taskset", "-c", SERVER_CORE, *command], cwd=PEERS, env=environment, stdout=log, stderr=log
            )
        try:
            wait(process, port, Path(folder) / "log")
            own = ["--port", str(port), "--pid", str(process.pid), "--framing", peer.framing]
            if peer is ROLLING_TEXT:
                own += prepared(f"http://127.0.0.1:{port}", token, documents)
            else:
                own += ["--documents", str(documents)]
            yield Running(own)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _started_as(peer: Peer, port: int, folder: str, token: str) -> tuple[tuple[str, ...], dict[str, str]]:
    own = clean_environment()
    if peer is not ROLLING_TEXT:
        return peer.command, {**own, **peer.environment, "PORT": str(port)}
    program = str(Path(sys.executable).with_name("rollingtext"))
    command = (program, "serve", "--port", str(port), "--data-dir", f"{folder}/data")
    return command, {**own, "ROLLINGTEXT_ADMIN_TOKEN": token, "ROLLINGTEXT_LOG_LEVEL": "warning"}


def clean_environment() -> dict[str, str]:
    """Without settings of whoever measures."""
    return {key: value for key, value in os.environ.items() if not key.startswith("ROLLINGTEXT_")}


def prepared(url: str, admin: str, documents: int) -> list[str]:
    """A meeting with empty documents, a delegate who writes and an observer who reads."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {admin}"}, trust_env=False) as client:
        delegations = [{"code": "KAZ", "name": "Kazakhstan"}]
        meeting = _made(client, "/api/meetings", {"title": "Bench", "delegations": delegations})["id"]
        writer, observer = (_joined(client, str(meeting), role) for role in ("delegate", "observer"))
        names = [
            _made(client, f"/api/meetings/{meeting}/documents", {"title": f"Draft {number}"})["id"]
            for number in range(documents)
        ]
    arguments = ["--path", "/ws/documents/{document}"]
    arguments += ["--writer-header", f"Authorization: Bearer {writer}"]
    arguments += ["--observer-header", f"Authorization: Bearer {observer}"]
    return arguments + [part for name in names for part in ("--document", str(name))]


def _joined(client: httpx.Client, meeting: str, role: str) -> object:
    invitation = _made(client, f"/api/meetings/{meeting}/invitations", {"role": role, "delegation": "KAZ"})
    return _made(client, "/api/join", {"token": invitation["token"], "name": role})["access_token"]


def _made(client: httpx.Client, path: str, body: object) -> dict[str, object]:
    answer = client.post(path, json=body)
    if answer.status_code != 201:
        raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
    found: dict[str, object] = answer.json()
    return found


def wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"a server did not start:\n{log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
