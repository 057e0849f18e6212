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
    window.spent(0.004)
    clock.now += LONGEST
    assert window.left() == 0


def test_the_pause_follows_what_batches_cost() -> None:
    clock = Clock()
    window = Window(clock)
    for _ in range(50):
        window.spent(0.002)
        clock.now += window.left()
    window.spent(0.002)
    assert abs(window.left() - 0.002 / DUTY) < 0.0001


def test_the_pause_has_an_end() -> None:
    window = Window(Clock())
    window.spent(10.0)
    assert window.left() <= LONGEST
