"""Having a backup back, where nothing is yet."""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from server.backup.backup import opened, refuse_existing
from server.backup.copying import copy_from_file, path_of, settle, unfinished, url_of
from server.errors import Code, Problem
from server.store import Unavailable, migrate
from server.store.engine import open_database
from server.store.schema import Schema, hold, schema_of
from server.verifying import Finding


@dataclass(frozen=True, slots=True)
class Restored:
    """What verifying found in the backup. `done`: it was restored; else nothing was."""

    done: bool
    findings: list[Finding]


async def restore(file: Path, url: str, *, broken: bool = False) -> Restored:
    """`broken`: also what does not verify. Raises Problem where anything is already, Unavailable, WrongSchema."""
    target = path_of(url)
    if target is None:
        return await _into_postgres(file, url, broken=broken)
    for each in (target, target.with_name(f"{target.name}-wal")):
        refuse_existing(each)
    with unfinished(target) as half:
        findings = await _looked_at(file, half)
        done = broken or _sound(findings)
        if done:
            refuse_existing(target)
            half.rename(target)
    return Restored(done, findings)


async def _looked_at(file: Path, half: Path) -> list[Finding]:
    """A copy of the backup, with the schema of this version."""
    try:
        await asyncio.to_thread(shutil.copyfile, file, half)
    except OSError as error:
        raise Unavailable(f"{file} cannot be read: {error.strerror}") from error
    await migrate(url_of(half))
    findings = await opened(half)
    await asyncio.to_thread(settle, half)
    return findings


def _sound(findings: list[Finding]) -> bool:
    return all(finding.failed is None for finding in findings)


async def _into_postgres(file: Path, url: str, *, broken: bool) -> Restored:
    database = open_database(url)
    try:
        await database.read(_refuse_filled)
        with tempfile.TemporaryDirectory() as folder, unfinished(Path(folder) / "backup.db") as half:
            findings = await _looked_at(file, half)
            done = broken or _sound(findings)
            if done:
                await database.write(lambda connection: _copy(half, connection))
    finally:
        await database.close()
    return Restored(done, findings)


def _copy(half: Path, target: Connection) -> None:
    """Unless a server, or somebody else who restores, has made something there meanwhile."""
    hold(target)
    _refuse_filled(target)
    copy_from_file(half, target)


def _refuse_filled(target: Connection) -> None:
    if schema_of(target) is not Schema.EMPTY:
        raise Problem(Code.CONTRADICTION, "The database holds something already; name one that is empty.")
