"""The process beside: answers, passes failures on, and never outlives the server."""

import asyncio
import math
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.aside import Aside, AsideDied
from server.store import Unavailable
from tests.server.rooms.waiting import until


@pytest.fixture
async def aside() -> AsyncIterator[Aside]:
    aside = Aside()
    yield aside
    await aside.close()


def fail(reason: str) -> None:
    raise Unavailable(reason)


KEPT: list[bytes] = []


def swell(megabytes: int) -> None:
    """Needs so much for a moment, and keeps a little of what came last."""
    needed = [bytes(2_000) for _ in range(megabytes * 500)]
    KEPT.append(needed[-1])


def resident(pid: int) -> int:
    """Bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_it_answers_from_another_process_one_after_the_other(aside: Aside) -> None:
    answers = await asyncio.gather(*(aside.run(math.sqrt, number**2) for number in range(5)))
    assert answers == [0, 1, 2, 3, 4]
    first, second = await aside.run(os.getpid), await aside.run(os.getpid)
    assert first == second != os.getpid()
    assert await aside.run(os.nice, 0) >= 10


async def test_what_fails_there_fails_here(aside: Aside) -> None:
    with pytest.raises(Unavailable, match="full"):
        await aside.run(fail, "disk full")
    assert await aside.run(math.sqrt, 4) == 2


async def test_large_questions_and_answers_and_what_is_printed_disturb_nothing(aside: Aside) -> None:
    data = bytes(range(256)) * 20_000
    assert await aside.run(bytes, data) == data
    assert await aside.run(print, "to nobody") is None
    assert await aside.run(math.sqrt, 4) == 2


async def test_what_it_needed_for_a_moment_it_gives_back(aside: Aside) -> None:
    await aside.run(swell, 1)
    before = resident(await aside.run(os.getpid))
    await aside.run(swell, 200)
    await aside.run(math.sqrt, 4)  # it gives back after it has answered
    assert resident(await aside.run(os.getpid)) - before < 20_000_000


async def test_when_it_dies_that_is_said_and_the_next_is_answered_by_a_new_one(aside: Aside) -> None:
    before = await aside.run(os.getpid)
    with pytest.raises(AsideDied):
        await aside.run(os._exit, 3)
    assert await aside.run(os.getpid) != before


async def test_one_who_stops_waiting_does_not_get_anothers_answer(aside: Aside) -> None:
    waiting = asyncio.create_task(aside.run(math.sqrt, 9))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await aside.run(math.sqrt, 4) == 2


async def test_it_ends_with_the_server_however_that_ends() -> None:
    program = """
        import asyncio, os, signal
        from server.aside import Aside
        async def main():
            print(await Aside().run(os.getpid), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        asyncio.run(main())
    """
    run = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, check=False
    )
    beside = int(run.stdout)
    await until(lambda: not alive(beside))


async def test_signals_that_end_a_server_do_not_end_what_it_waits_for(aside: Aside) -> None:
    """Ctrl-C is for all of a terminal, and systemd's SIGTERM for all of a service: the server finishes first."""
    beside = await aside.run(os.getpid)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(beside, number)
        assert await aside.run(os.getpid) == beside


async def test_closing_ends_it(aside: Aside) -> None:
    beside = await aside.run(os.getpid)
    await aside.close()
    await until(lambda: not alive(beside))
    await Aside().close()
