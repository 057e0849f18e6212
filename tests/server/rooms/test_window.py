"""When the next batch may begin."""

import asyncio
import time

from server.rooms.window import DUTY, LONGEST, LONGEST_SHARED, SHARED, Window


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_batch_begins_at_once() -> None:
    assert Window(Clock()).left() == 0


def test_after_quiet_a_batch_begins_at_once() -> None:
    clock = Clock()
    window = Window(clock)
    window.spent(clock.now, 0.004)
    clock.now += LONGEST
    assert window.left() == 0


def test_the_pause_follows_what_batches_cost() -> None:
    clock = Clock()
    window = Window(clock)
    for _ in range(50):
        window.spent(clock.now, 0.002)
        clock.now += window.left()
    window.spent(clock.now, 0.002)
    assert abs(window.left() - 0.002 / DUTY) < 0.0001


def test_the_pause_has_an_end() -> None:
    clock = Clock()
    window = Window(clock)
    window.spent(clock.now, 10.0)
    assert window.left() <= LONGEST + 1e-9


def test_what_the_disk_took_counts_as_pause() -> None:
    """Nobody waits for the disk and then for a pause beside it."""
    clock = Clock()
    window = Window(clock)
    began = clock.now
    clock.now += LONGEST
    window.spent(began, 10.0)
    assert window.left() == 0


def test_where_processes_share_a_document_they_pause_longer() -> None:
    clock = Clock()
    window = Window(clock)
    for _ in range(50):
        window.spent(clock.now, 0.002, shared=True)
        clock.now += window.left()
    assert abs(window.pause - SHARED * 0.002 / DUTY) < 0.0001
    window.spent(clock.now, 10.0, shared=True)
    assert window.left() <= LONGEST_SHARED + 1e-9


async def test_what_others_begin_opens_it_once_half_of_the_pause_is_over() -> None:
    clock = Clock()
    window = Window(clock)
    window.spent(clock.now, 10.0)
    clock.now += 0.4 * LONGEST
    window.hurry()
    assert window.left() > 0
    clock.now += 0.2 * LONGEST
    waiting = asyncio.create_task(window.opens())
    await asyncio.sleep(0)
    window.hurry()
    assert window.left() == 0
    await waiting


async def test_without_news_one_waits_for_the_whole_pause() -> None:
    began = time.monotonic()
    window = Window(time.monotonic)
    window.spent(began, 10.0)
    await window.opens()
    assert time.monotonic() - began >= window.pause
