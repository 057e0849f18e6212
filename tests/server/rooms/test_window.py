"""When the next batch may begin."""

from server.rooms.window import DUTY, LONGEST, Window


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
