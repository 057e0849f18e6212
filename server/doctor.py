"""`rollingtext doctor`: whether this machine and these settings will do, check by check."""

import resource
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import redis.asyncio
from redis.exceptions import RedisError

from server import times
from server.config import Settings, SettingsError
from server.pages import STATIC
from server.proof import signer_of
from server.proof.keys import NAME
from server.store import Store, Unavailable, WrongSchema, invitations

FREE_BYTES = 1 << 30
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
        _files(settings),
        _client(),
    ]


async def _database(settings: Settings) -> Sequence[Check]:
    kind = "PostgreSQL" if settings.database_url.startswith("postgresql:") else "SQLite"
    try:
        store = await Store.open(settings.database_url, may_create=False)
    except (WrongSchema, Unavailable, OSError) as error:
        return [Check("database", State.FAILED, f"{kind}: {error}")]
    try:
        known = await store.read(lambda connection: invitations.secretariat_exists(connection, times.now()))
    finally:
        await store.close()
    if known or settings.admin_token is not None:
        people = Check("secretariat", State.OK, "Somebody can act for it.")
    else:
        people = Check("secretariat", State.WARNING, "Nobody can act for it; `rollingtext serve` will print a link.")
    return [Check("database", State.OK, f"{kind}, with the current schema."), people]


def _disk(settings: Settings) -> Check:
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
