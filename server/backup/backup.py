"""Making a backup while the server runs: a copy as of one moment, which is then opened and verified."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from server.backup.copying import copy_file, copy_to_file, path_of, settle, unfinished, url_of
from server.errors import Code, Problem
from server.store import Store, migrate
from server.store.engine import open_database
from server.store.schema import Schema, schema_of
from server.verifying import Finding, verify_all


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that is there, and what opening it has shown."""

    file: Path
    size: int  # bytes
    findings: list[Finding]

    @property
    def sound(self) -> bool:
        return all(finding.failed is None for finding in self.findings)


async def back_up(url: str, file: Path) -> Backup:
    """Raises Problem where there is a file already, Unavailable, WrongSchema."""
    refuse_existing(file)
    with unfinished(file) as half:
        await _copy(url, half)
        findings = await _verified(half)
        size = await asyncio.to_thread(_finish, half, file)
    return Backup(file, size, findings)


def _finish(half: Path, file: Path) -> int:
    settle(half)
    refuse_existing(file)
    half.rename(file)
    return file.stat().st_size


async def _copy(url: str, half: Path) -> None:
    source = path_of(url)
    if source is not None:
        await asyncio.to_thread(copy_file, source, half)
        return
    store = await Store.open(url, may_create=False)
    try:
        await store.read(lambda connection: copy_to_file(connection, half))
    finally:
        await store.close()


async def _verified(half: Path) -> list[Finding]:
    """A copy with an older schema stays as it is, for before migrating one makes a backup; another one is migrated and
    verified."""
    database = open_database(url_of(half))
    try:
        found = await database.read(schema_of)
    finally:
        await database.close()
    if found is not Schema.OLDER:
        return await opened(half)
    with unfinished(half) as other:
        await asyncio.to_thread(copy_file, half, other)
        await migrate(url_of(other))
        return await opened(other)


async def opened(file: Path) -> list[Finding]:
    """What verifying finds in a copy."""
    store = await Store.open(url_of(file), may_create=False)
    try:
        return await verify_all(store)
    finally:
        await store.close()


def refuse_existing(file: Path) -> None:
    if file.exists():
        raise Problem(Code.CONTRADICTION, f"There is a file {file} already; name another, or move it away.")
