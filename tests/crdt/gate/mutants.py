"""Runs chosen tests against sources of which one check is switched off, each in a child of its own.

    python -m tests.crdt.gate.mutants '[["crdt.gate.schema", "on", "off", "tests.crdt.gate.test_schema", "t1"], …]'

Prints a JSON list of what came of each: "failed" (a test failed, as one must), "passed" (none noticed), or what went
wrong. Tests are called directly, for pytest itself takes longer to start than they take to run.
"""

import inspect
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import hypothesis  # noqa: F401
import pycrdt  # noqa: F401
import pytest

import tests.crdt.handmade  # noqa: F401
from tests.mutant import Mutant

OUTCOMES = ("passed", "failed", "did not load")


def calls(module: ModuleType, chosen: str) -> Iterator[Callable[[], None]]:
    """The tests of a module whose names contain any of these words, with each of their parameters."""
    words = chosen.split(" or ")
    for name, function in list(vars(module).items()):
        if name.startswith("test_") and any(word in name for word in words):
            for arguments in parameters(function):
                if "stage" in inspect.signature(function).parameters:
                    arguments["stage"] = module.staged()
                yield lambda function=function, arguments=arguments: function(**arguments)


def parameters(function: Callable[..., None]) -> Iterator[dict[str, Any]]:
    axes = []
    for mark in getattr(function, "pytestmark", ()):
        names, values = mark.args
        names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
        axes.append([dict(zip(names, value if len(names) > 1 else [value], strict=True)) for value in values])
    for combination in itertools.product(*axes):
        yield {name: value for part in combination for name, value in part.items()}


def child(mutant: Mutant, tests: str, chosen: str) -> int:
    sys.meta_path.insert(0, mutant)
    try:
        found = list(calls(import_module(tests), chosen))
    except Exception as fault:  # noqa: BLE001  # whatever it is, the mutant is of no use
        print(f"{mutant.module}: {mutant.on!r}: {fault!r}", file=sys.stderr)
        return 2
    try:
        for call in found:
            call()
    except (Exception, pytest.fail.Exception):  # noqa: BLE001  # a test fails by any of them
        return 1
    return 0 if found else 2


def outcome(module: str, on: str, off: str, tests: str, chosen: str) -> str:
    pid = os.fork()
    if pid == 0:
        os._exit(child(Mutant(module, on, off), tests, chosen))
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return OUTCOMES[ended] if 0 <= ended < len(OUTCOMES) else f"ended with {ended}"


def main(mutants: list[list[str]]) -> list[str]:
    """What no mutant changes, nor rests on what one changes, is loaded once for all."""
    if all(module.startswith("crdt.gate.") for module, *_ in mutants):
        for name in ("crdt.compose", "crdt.index"):
            import_module(name)
    return [outcome(*mutant) for mutant in mutants]


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
