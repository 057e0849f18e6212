"""The test of the tests: whichever single check of the gate is switched off, a test fails."""

import json
import re
import subprocess
import sys

import pytest

from tests.crdt.gate.checks import CHECKS, ROOT, Check

SOURCES = {f"crdt.gate.{path.stem}": path.read_text() for path in (ROOT / "crdt" / "gate").glob("*.py")}


def mutant(check: Check, off: str) -> tuple[str, ...]:
    return check.module, check.on, off, check.tests, check.chosen


def outcomes(mutants: list[tuple[str, ...]]) -> list[str]:
    command = [sys.executable, "-m", "tests.crdt.gate.mutants", json.dumps(mutants)]
    return list(json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout))


@pytest.fixture(scope="module")
def found() -> dict[Check, str]:
    gate = [check for check in CHECKS if check.module.startswith("crdt.gate.")]
    others = [check for check in CHECKS if check not in gate]
    return {
        check: outcome
        for part in (gate, others)
        for check, outcome in zip(part, outcomes([mutant(check, check.off) for check in part]), strict=True)
    }


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.module}: {' '.join(check.on.split())[:60]}")
@pytest.mark.long
def test_a_check_that_is_switched_off_is_missed(check: Check, found: dict[Check, str]) -> None:
    assert found[check] == "failed"


@pytest.mark.long
def test_with_all_checks_on_the_same_tests_pass() -> None:
    """Some of them: pytest runs them all. It is the way they are called here that must not make them fail."""
    chosen = {
        check.tests: check for check in CHECKS if check.chosen in ("w7 or bounded", "w5", "attributes_are", "typing")
    }
    assert set(outcomes([mutant(check, check.on) for check in chosen.values()])) == {"passed"}


def test_every_reason_to_refuse_is_among_the_checks() -> None:
    """A line that gives a reason stands in a check, or right below one."""
    for module, source in SOURCES.items():
        lines = source.splitlines()
        on = [check.on for check in CHECKS if check.module == module]
        for number, line in enumerate(lines):
            if re.search(r"return .*Reason\.|return False$", line):
                near = "\n".join(lines[max(0, number - 2) : number + 1])
                assert any(piece.strip() in near or line.strip() in piece for piece in on), f"{module}: {line}"
