"""W3, W5, T1: hostile updates at random; `tests.fuzz.gate` says what must hold."""

import pytest

from tests.fuzz.children import watched


def test_the_gate_holds() -> None:
    assert watched("tests.fuzz.gate", ["--count", "24000", "--seed", "7"]) == 0


@pytest.mark.long
def test_the_gate_holds_at_length() -> None:
    assert watched("tests.fuzz.gate", ["--count", "5000000", "--seed", "2026"]) == 0
