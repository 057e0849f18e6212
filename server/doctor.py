"""`rollingtext doctor`: whether this machine and these settings will do, check by check."""

import asyncio
import os
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import redis.asyncio
from redis.exceptions import RedisError
from sqlalchemy import text

from server import times
from server.config import Settings, SettingsError
from server.pages import STATIC
from server.proof import signer_of
from server.proof.keys import NAME
from server.store import Store, Unavailable, WrongSchema, invitations

FREE_BYTES = 1 << 30
CLOCK_S = 1.0  # by which two clocks may differ: times in the record are those of the process that wrote
COMMIT_MS = 20.0  # a batch waits for one; people notice beyond this
COMMITS = 11
_DIRECTLY = build_opener(ProxyHandler({}))
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it stands, and what to do about it."""

    name: str
    state: State
    detail: str


async def examine(settings: Settings) -> list[Check]:
    return [
        *await _database(settings),
        _disk(settings),
        _signing_key(settings),
        await _redis(settings),
        _address(settings),
        await asyncio.to_thread(_proxy, settings),
        _files(settings),
        _client(),
    ]


async def _database(settings: Settings) -> Sequence[Check]:
    postgres = settings.database_url.startswith("postgresql:")
    kind = "PostgreSQL" if postgres else "SQLite"
    try:
        store = await Store.open(settings.database_url, may_create=False)
    except (WrongSchema, Unavailable, OSError) as error:
        return [Check("database", State.FAILED, f"{kind}: {error}")]
    try:
        known = await store.read(lambda connection: invitations.secretariat_exists(connection, times.now()))
        measured = await (_postgres(store) if postgres else asyncio.to_thread(_sqlite, store.url))
    except Unavailable as error:
        return [Check("database", State.FAILED, f"{kind}: {error}")]
    finally:
        await store.close()
    if known or settings.admin_token is not None:
        people = Check("secretariat", State.OK, "Somebody can act for it.")
    else:
        people = Check("secretariat", State.WARNING, "Nobody can act for it; `rollingtext serve` will print a link.")
    safe = " Every commit is on disk when it is answered." if postgres else ""
    return [Check("database", State.OK, f"{kind}, with the current schema.{safe}"), people, *measured]


async def _postgres(store: Store) -> Sequence[Check]:
    """Its clock beside ours, and how long a commit takes."""
    before = time.time()
    theirs = await store.read(lambda connection: connection.scalar(text("SELECT clock_timestamp()")))
    ahead = theirs.timestamp() - (before + time.time()) / 2
    spent = []
    for _ in range(COMMITS):
        began = time.perf_counter()
        await store.write(
            lambda connection: connection.execute(text("SELECT pg_logical_emit_message(true, 'rollingtext', 'doctor')"))
        )
        spent.append(time.perf_counter() - began)
    return [_clock(ahead, "PostgreSQL"), _commit(spent, "A commit in PostgreSQL")]


def _sqlite(url: str) -> Sequence[Check]:
    """Whether the clock has gone back since the file was written, and how long it takes to bring something to disk."""
    path = Path(url.removeprefix("sqlite:///"))
    ahead = path.stat().st_mtime - time.time()
    spent = []
    with tempfile.TemporaryFile(dir=path.parent) as file:
        for _ in range(COMMITS):
            began = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            spent.append(time.perf_counter() - began)
    return [
        _clock(max(ahead, 0.0), "the file of the database"),
        _commit(spent, f"Bringing a page to disk at {path.parent}"),
    ]


def _clock(ahead: float, whose: str) -> Check:
    """`ahead`: seconds by which another clock is."""
    now = f"It is {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if abs(ahead) > CLOCK_S:
        detail = f"{now}; {whose} is {abs(ahead):.0f} s {'ahead' if ahead > 0 else 'behind'}: set the clocks by NTP."
        return Check("clock", State.WARNING, detail)
    return Check("clock", State.OK, f"{now}, and so it is for {whose}.")


def _commit(spent: Sequence[float], what: str) -> Check:
    taken = median(spent) * 1000
    slow = taken > COMMIT_MS
    advice = ": everybody waits for that with every batch; use a disk that is faster" if slow else ""
    return Check("commits", State.WARNING if slow else State.OK, f"{what} takes {taken:.1f} ms{advice}.")


def _disk(settings: Settings) -> Check:
    if settings.database_url.startswith("postgresql:") and settings.signing_key is not None:
        return Check("disk", State.OK, "Nothing that must stay is kept on this machine.")
    place = settings.data_dir if settings.data_dir.exists() else settings.data_dir.absolute().parent
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Check("disk", State.FAILED, f"{place}: {error.strerror}.")
    if free < FREE_BYTES:
        return Check("disk", State.WARNING, f"Only {free >> 20} MiB are free at {place}.")
    return Check("disk", State.OK, f"{free >> 30} GiB are free at {place}.")


def _signing_key(settings: Settings) -> Check:
    path = settings.data_dir / NAME
    if settings.signing_key is None and not path.exists():
        return Check("signing key", State.OK, f"`rollingtext serve` will make one: {path}.")
    try:
        signer = signer_of(settings)
    except SettingsError as error:
        return Check("signing key", State.FAILED, f"{error}.")
    if settings.signing_key is None and path.stat().st_mode & 0o077:
        return Check("signing key", State.WARNING, f"Others can read {path}: chmod 600 it.")
    return Check("signing key", State.OK, f"Its fingerprint is {signer.fingerprint}.")


async def _redis(settings: Settings) -> Check:
    if not settings.redis:
        return Check("redis", State.OK, "None is set: one process serves everybody.")
    client = redis.asyncio.from_url(settings.redis, socket_connect_timeout=3, socket_timeout=3)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        return Check("redis", State.WARNING, f"It does not answer ({type(error).__name__}): other processes hear late.")
    finally:
        await client.aclose()
    return Check("redis", State.OK, "It answers.")


def _address(settings: Settings) -> Check:
    here = urlsplit(settings.base_url).hostname or ""
    if settings.host in _LOOPBACK and here in _LOOPBACK:
        return Check("address", State.OK, f"{settings.base_url}, for this machine alone.")
    if not settings.public_url:
        return Check("address", State.WARNING, "Set ROLLINGTEXT_PUBLIC_URL: links are made with it.")
    if not settings.public_url.startswith("https://"):
        return Check("address", State.WARNING, f"{settings.public_url} is not https: sign-ins can be overheard.")
    return Check("address", State.OK, settings.public_url)


def _proxy(settings: Settings) -> Check:
    """Whether what a proxy says about the people behind it is believed, and nobody else's word."""
    if any(ip_network(proxy, strict=False).prefixlen == 0 for proxy in settings.trusted_proxies):
        detail = "ROLLINGTEXT_TRUSTED_PROXIES names everybody: anybody can claim any address. Name the proxy's alone."
        return Check("proxy", State.FAILED, detail)
    if _ignored(settings):
        detail = "What a proxy says of who is behind it is not believed: name it in ROLLINGTEXT_TRUSTED_PROXIES."
        return Check("proxy", State.WARNING, detail)
    if settings.base_url.startswith("https://") and not settings.trusted_proxies:
        detail = "A proxy ends https: name it in ROLLINGTEXT_TRUSTED_PROXIES, or all people have one address for us."
        return Check("proxy", State.WARNING, detail)
    trusted = ", ".join(settings.trusted_proxies)
    return Check("proxy", State.OK, f"Trusted: {trusted}." if trusted else "None is trusted, and none is needed.")


def _ignored(settings: Settings) -> bool:
    """Whether the server that runs here was told of people behind a proxy that it does not know."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104  # it is looked for
    try:
        with _DIRECTLY.open(f"http://{host}:{settings.port}/metrics", timeout=2) as answer:
            figures = answer.read().decode()
    except (URLError, OSError, ValueError):
        return False  # none runs
    return re.search(r"^rollingtext_forwarded_ignored_total [^0]", figures, re.MULTILINE) is not None


def _files(settings: Settings) -> Check:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < settings.max_connections:
        detail = f"At most {hard} files may be open, fewer than the {settings.max_connections} connections configured."
        return Check("open files", State.WARNING, detail)
    return Check("open files", State.OK, f"Enough for {settings.max_connections} connections.")


def _client() -> Check:
    if not (STATIC / "index.html").is_file():
        return Check("web client", State.WARNING, "It is not built: run `make setup`.")
    return Check("web client", State.OK, "It is built.")
