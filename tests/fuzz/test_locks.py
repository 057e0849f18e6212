"""W4: attacks on locked paragraphs; `tests.fuzz.locks` says what must hold after each."""

import pytest

from tests.fuzz.attacks import ATTACKS
from tests.fuzz.children import watched


def test_there_are_many_ways_to_attack_a_lock() -> None:
    assert len(ATTACKS) >= 25


def test_locks_hold() -> None:
    assert watched("tests.fuzz.locks", ["--count", "5000", "--seed", "7"]) == 0


@pytest.mark.long
def test_locks_hold_at_length() -> None:
    assert watched("tests.fuzz.locks", ["--count", "500000", "--seed", "2026"]) == 0
