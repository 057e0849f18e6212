"""What one batch costs where several processes share PostgreSQL and Redis: the figures of docs/operations.md.

`python -m bench.sizing [batches]`. It starts a PostgreSQL and a Redis of its own, as the tests do, and appends batches
of entries to many documents at once, as rooms do: commits a second, CPU of PostgreSQL and of the appending process,
bytes of WAL and of the table. Then it says over Redis what a process says with each batch, and counts bytes.
"""

import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import uvloop

from server import times
from server.fanout.hints import Advance
from server.fanout.redis import RedisFanout
from server.store import EMPTY, EntryDraft, Store
from tests.databases import fresh_postgres_database, postgres_server
from tests.redis import redis_process
from tests.server.conftest import Draft, add_draft

DOCUMENTS = 64
UPDATE = bytes(40)  # an update of one keystroke
CARRIED = 250  # bytes of one entry that goes along with the news of it
SIZES = (1, 4, 16)  # entries in a batch


async def append(store: Store, draft: Draft, batches: int, size: int) -> None:
    head = await store.head(draft.id)
    for _ in range(batches):
        drafts = [EntryDraft("update", draft.delegate, times.now(), UPDATE) for _ in range(size)]
        head = await store.append(draft.id, head, drafts)


async def databases(url: str, batches: int) -> None:
    watching = await asyncpg.connect(url)
    print("| batch of | commits/s | entries/s | CPU here, µs a commit | of PostgreSQL | WAL, bytes an entry |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in SIZES:
        store = await Store.open(url)
        drafts = [await store.write(add_draft) for _ in range(DOCUMENTS)]
        assert set(await asyncio.gather(*(store.head(draft.id) for draft in drafts))) == {EMPTY}  # the pool is full
        each = batches // DOCUMENTS
        theirs = await backends_cpu(watching)
        before, wal, cpu = time.perf_counter(), await position(watching), own_cpu()
        await asyncio.gather(*(append(store, draft, each, size) for draft in drafts))
        spent, commits = time.perf_counter() - before, each * DOCUMENTS
        written = await position(watching) - wal
        used = (own_cpu() - cpu) / commits * 1e6
        their = (await backends_cpu(watching) - theirs) / commits * 1e6
        rate = commits / spent
        print(
            f"| {size} | {rate:.0f} | {rate * size:.0f} | {used:.0f} | {their:.0f} | {written / commits / size:.0f} |"
        )
        await store.close()
    rows = await watching.fetchrow("SELECT count(*) AS n, pg_total_relation_size('entry') AS bytes FROM entry")
    print(f"\nThe table with its index: {rows['bytes'] / rows['n']:.0f} bytes an entry.")
    await watching.close()


async def position(connection: asyncpg.Connection) -> int:
    """How many bytes of WAL have been written."""
    return int(await connection.fetchval("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"))


async def backends_cpu(connection: asyncpg.Connection) -> float:
    """Seconds of all processes of a PostgreSQL on this machine that are there now; those of the pool stay."""
    pids = await connection.fetch("SELECT pid FROM pg_stat_activity")
    return sum(process_cpu(row["pid"]) for row in pids)


def own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def hints(url: str, server: int, traffic: "Traffic", batches: int) -> None:
    """A turn, an advance, and the turn given back, for each batch, heard by one other process."""
    one, other = RedisFanout(url), RedisFanout(url)
    for fanout in (one, other):
        fanout.start()
    heard = asyncio.Event()
    other.watch(Advance, "d" * 16, lambda hint: heard.set() if hint.seq == batches else None)
    async with asyncio.timeout(20):
        while not (one.connected and other.connected):  # noqa: ASYNC110  # nothing tells it
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)  # until its topics are subscribed to
    bytes_in, bytes_out = traffic()
    cpu, own, began = process_cpu(server), own_cpu(), time.perf_counter()
    for seq in range(1, batches + 1):
        await one.take_turn("d" * 16)
        one.tell(Advance("d" * 16, seq, bytes(CARRIED)))
        one.give_turn("d" * 16, seq)
    async with asyncio.timeout(20):
        await heard.wait()
    after_in, after_out = traffic()
    used, ours = process_cpu(server) - cpu, own_cpu() - own
    print(
        f"\nRedis, for one batch with its turn: {(after_in - bytes_in) / batches:.0f} bytes in, "
        f"{(after_out - bytes_out) / batches:.0f} out, {used / batches * 1e6:.0f} µs of its CPU, "
        f"{ours / batches * 1e6:.0f} µs of the two processes'; {batches / (time.perf_counter() - began):.0f} turns/s."
    )
    for fanout in (one, other):
        await fanout.close()


def process_cpu(pid: int) -> float:
    """Seconds of one process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


class Traffic:
    """Bytes in and out of a Redis so far, as it counts them."""

    def __init__(self, command) -> None:  # type: ignore[no-untyped-def]  # RedisProcess.command
        self._command = command

    def __call__(self) -> tuple[int, int]:
        said = self._command("INFO", "stats").decode()
        found = {name: int(line.split(":")[1]) for line in said.splitlines() for name in NAMES if line.startswith(name)}
        return found[NAMES[0]], found[NAMES[1]]


NAMES = ("total_net_input_bytes", "total_net_output_bytes")


def main(batches: int) -> None:
    with tempfile.TemporaryDirectory() as directory, postgres_server(Path(directory)) as postgres:
        Path(directory).chmod(0o755)
        uvloop.run(databases(fresh_postgres_database(postgres), batches))
    with redis_process() as redis:
        uvloop.run(hints(redis.url, redis.pid, Traffic(redis.command), batches))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
