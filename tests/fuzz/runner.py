"""What fuzzers share: rounds of attempts from a seed, in a child process, and how one is run again."""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from tests.fuzz.children import Progress, watched
from tests.interop.yjs import Yjs


class Round(Protocol):
    """One document's life. `number` counts the attempts of the whole run."""

    def begin(self) -> None: ...
    def attempt(self, number: int) -> None: ...
    def end(self) -> None: ...


Make = Callable[[random.Random, Yjs, Counter[str]], Round]


def fuzz(
    module: str, about: str | None, make: Make, size: int, default: int, tell: Callable[[Counter[str]], None]
) -> int:
    """The command line of a fuzzer, whose rounds have `size` attempts; its exit status. `tell` prints the tally."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--count", type=int, default=default, help="attempts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--round", type=int, help="only this one")
    parser.add_argument("--child", metavar="PROGRESS", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is None:
        return watched(module, sys.argv[1:])
    rounds = range(-(-options.count // size)) if options.round is None else range(options.round, options.round + 1)
    started = time.perf_counter()
    tell(_run(make, size, options.seed, rounds, Progress(options.child)))
    seconds = time.perf_counter() - started
    print(f"{len(rounds) * size} attempts on {len(rounds)} documents, seed {options.seed}: {seconds:.0f} s")
    return 0


def _run(make: Make, size: int, seed: int, rounds: range, progress: Progress) -> Counter[str]:
    tally: Counter[str] = Counter()
    with Yjs() as yjs:
        for number in rounds:
            progress.note(number, 0)
            this = make(random.Random(f"{seed}/{number}"), yjs, tally)
            this.begin()
            for attempt in range(size):
                progress.note(number, attempt)
                this.attempt(number * size + attempt)
            progress.note(number, size)
            this.end()
    return tally
