"""What may happen to two processes and to what they need. Each begins, lasts, and is over when it returns."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from tests.chaos.postgres import filled
from tests.chaos.stand import Stand
from tests.processes import ServerProcess


@dataclass(frozen=True)
class Scene:
    """Where, with what chance, how long a pause lasts, and how to see that nothing is lost while a fault lasts.

    Afterwards would be too late: who has lost a word that was said to be saved still has it in the replica, and sends
    it again.
    """

    stand: Stand
    chance: random.Random
    pause_s: float
    audit: Callable[[], Awaitable[None]]

    async def last(self, least: float, most: float) -> None:
        await asyncio.sleep(self.chance.uniform(least, most))


Fault = Callable[[Scene], Awaitable[str]]
"""Returns what it did, in words."""


async def kill(scene: Scene) -> str:
    """SIGKILL of one process, now and then of both."""
    both = scene.chance.random() < 0.2
    victims = scene.stand.servers if both else (scene.chance.choice(scene.stand.servers),)
    for server in victims:
        await asyncio.to_thread(server.kill)
    await scene.audit()
    await scene.last(0, 0.5)
    for server in victims:
        await asyncio.to_thread(server.start)
    return "both processes killed" if both else "a process killed"


async def pause(scene: Scene) -> str:
    """SIGSTOP: the process finds itself in a later world."""
    pid = scene.chance.choice(scene.stand.servers).pid
    os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(scene.pause_s)
    await scene.audit()
    os.kill(pid, signal.SIGCONT)
    return "a process paused"


async def redis(scene: Scene) -> str:
    what = scene.chance.choice(("kill", "pause", "flush"))
    match what:
        case "kill":
            scene.stand.redis.kill()
            await scene.last(0.1, 2)
            await asyncio.to_thread(scene.stand.redis.start)
        case "pause":
            scene.stand.redis.pause()
            await scene.last(0.5, 4)
            scene.stand.redis.resume()
        case "flush":
            await asyncio.to_thread(scene.stand.redis.command, "FLUSHALL")
    return f"Redis {what}"


async def postgres(scene: Scene) -> str:
    what = scene.chance.choice(("fast", "immediate", "cut"))
    if what == "cut":
        return await cut(scene)
    await asyncio.to_thread(scene.stand.postgres.stop, what)
    await scene.last(0.2, 1)
    await _back(scene)
    return f"PostgreSQL stopped ({what})"


async def _back(scene: Scene) -> None:
    """Before any process reaches the database again, it must hold what was said to be saved."""
    proxies = [lines.database for lines in scene.stand.lines]
    for proxy in proxies:
        proxy.shut()
    await asyncio.to_thread(scene.stand.postgres.start)
    await scene.audit()
    for proxy in proxies:
        proxy.restore()


async def cut(scene: Scene) -> str:
    """What was committed is not known to be: the connection breaks before the answer."""
    proxies = [lines.database for lines in scene.stand.lines]
    before = sum(proxy.commits_cut for proxy in proxies)
    for proxy in proxies:
        proxy.cut_commits(2)
    async with asyncio.timeout(60):
        while sum(proxy.commits_cut for proxy in proxies) < before + 2:  # noqa: ASYNC110  # in another thread
            await asyncio.sleep(0.02)
    for proxy in proxies:
        proxy.cut_commits(0)
    return "PostgreSQL lines cut between commit and answer"


async def partition(scene: Scene) -> str:
    """One process loses Redis or the database: it is told so, or is not."""
    lines = scene.chance.choice(scene.stand.lines)
    name, proxy = scene.chance.choice((("the database", lines.database), ("Redis", lines.redis)))
    told = scene.chance.random() < 0.5
    (proxy.shut if told else proxy.silence)()
    await scene.last(0.5, 4)
    await scene.audit()
    proxy.restore()
    return f"a process without {name}, {'and told so' if told else 'in silence'}"


async def full_disk(scene: Scene) -> str:
    """The database has no room: it fails, or stops altogether."""
    disk = scene.stand.disk
    if disk is None:
        return "no full disk: none may be mounted here"
    with filled(disk):
        await scene.stand.postgres.use_up_log()
        await scene.last(1, 3)
    if await scene.stand.postgres.answers():
        return "a full disk"
    await asyncio.to_thread(scene.stand.postgres.end)
    await _back(scene)
    return "a full disk, which stopped PostgreSQL"


async def clock(scene: Scene) -> str:
    """One process's clock, or either's, is an hour before or behind, or right again; it stays so."""
    clocks = scene.stand.clocks
    if not clocks:
        return "no clock jump: none can be set here"
    by = scene.chance.choice((3600, -3600, 0))
    places = (0, 1) if scene.chance.random() < 0.3 else (scene.chance.choice((0, 1)),)
    for place in places:
        clocks[place].jump(by)
    for place in places:
        async with asyncio.timeout(60):
            while abs(await asyncio.to_thread(_ahead, scene.stand.servers[place]) - by) > 60:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    await scene.audit()
    return f"a clock set by {by:+d} s"


def _ahead(server: ServerProcess) -> float:
    """Seconds by which a process's clock differs from ours, as it says itself."""
    with server.client() as client:
        return parsedate_to_datetime(client.get("/healthz").headers["date"]).timestamp() - time.time()


FAULTS: Mapping[str, Fault] = {
    "kill": kill,
    "redis": redis,
    "postgres": postgres,
    "partition": partition,
    "pause": pause,
    "full_disk": full_disk,
    "clock": clock,
}
