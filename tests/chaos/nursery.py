"""Starts servers by forking: this process has imported everything, so a start takes as long as opening the database.

Run as `python -m tests.chaos.nursery OPTION…`, the options of `rollingtext serve`. It reads lines: `start` answers
with the pid of a new server, `wait PID` with its exit status (negative: the signal that ended it) once it has ended.
The end of the input ends the server, too.
"""

import os
import signal
import sys

from server.__main__ import main


def nurse() -> None:
    child = 0
    for line in sys.stdin:
        command, _, pid = line.strip().partition(" ")
        if command == "start":
            child = start()
            answer(child)
        elif command == "wait":
            _, status = os.waitpid(int(pid), 0)
            answer(os.waitstatus_to_exitcode(status))
            child = 0
    if child:
        os.kill(child, signal.SIGKILL)


def start() -> int:
    """Forks a server; returns in the parent only."""
    child = os.fork()
    if child:
        return child
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.argv = ["rollingtext", "serve", *sys.argv[1:]]
    main()
    os._exit(0)


def answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    nurse()
