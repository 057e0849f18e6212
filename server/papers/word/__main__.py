"""Reads one file in a process of its own, which can take no more than it is given: see `server/papers/bounded.py`.

Comes in: a line of JSON, `{"mode", "parties"}`, and the file behind it. Goes out: a source, or why there is none.
"""

import gc
import json
import os
import resource
import sys

CPU_S = 4  # seconds at work; the clock is watched from outside
MEMORY = 256 << 20  # bytes of address space, the program itself included
FILES = 16


def confine() -> None:
    """Before anything is read. What goes beyond ends the process, or fails there with a MemoryError."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


def main() -> None:
    confine()
    from server.errors import Problem  # what is imported counts, too
    from server.papers.packing import packed
    from server.papers.source import Source
    from server.papers.word.changes import Mode
    from server.papers.word.reading import read_word

    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints does not disturb the answer
    gc.disable()  # it ends before there is anything to gain from that
    asked = json.loads(sys.stdin.buffer.readline())
    found: Source | Problem
    try:
        found = read_word(sys.stdin.buffer.read(), Mode(asked["mode"]), asked["parties"])
    except Problem as problem:
        found = problem
    answers.write(packed(found))
    answers.flush()


if __name__ == "__main__":
    main()
