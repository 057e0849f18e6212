"""Starts servers by forking: this process has imported everything, so a start takes as long as opening the database.

It reads lines of JSON. `{"start": [OPTION, …], "environment": {…}, "log": FILE}` forks `rollingtext serve` and answers
with its pid; `{"wait": PID}` answers with its exit status (negative: the signal) once it has ended. When the input
ends, so do all servers.

With three arguments (a module, a piece of its source, what takes its place) the servers are a build changed by that.
"""

import json
import os
import select
import signal
import sys
import time

from tests.mutant import Mutant


def nurse(*changed: str) -> None:
    if "FAKETIME_TIMESTAMP_FILE" in os.environ:
        time.sleep = sleep
    if changed:
        sys.meta_path.insert(0, Mutant(*changed))
    import server.__main__  # noqa: F401  # once, for all that are forked

    children: set[int] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        if "start" in asked:
            child = os.fork()
            if child == 0:
                serve(asked["start"], asked["environment"], asked["log"])
            children.add(child)
            answer(child)
        else:
            _, status = os.waitpid(asked["wait"], 0)
            children.discard(asked["wait"])
            answer(os.waitstatus_to_exitcode(status))
    for child in children:
        os.kill(child, signal.SIGKILL)


def sleep(seconds: float) -> None:
    """libfaketime (0.9.10) fails the call that Python's own makes."""
    select.select([], [], [], seconds)


def serve(options: list[str], environment: dict[str, str], log: str) -> None:
    """Becomes a server; does not return."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
    clock = {name: value for name, value in os.environ.items() if name.startswith("FAKETIME_")}
    os.environ.clear()
    os.environ.update(environment | clock)
    from server.__main__ import main

    sys.argv = ["rollingtext", "serve", *options]
    try:
        main()
    finally:
        os._exit(1)  # typer has its own way out; what comes here has failed


def answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    nurse(*sys.argv[1:])
