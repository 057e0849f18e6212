"""What a process and its children use, from /proc."""

import os
from dataclasses import dataclass

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    cpu: float  # seconds, user and system
    memory: int  # kB resident


def usage(*roots: int) -> Usage:
    """Of the whole trees; all zero for pid 0."""
    ticks = memory = 0
    for each in [each for root in roots if root for each in _tree(root)]:
        try:
            with open(f"/proc/{each}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            with open(f"/proc/{each}/status") as file:
                memory += next((int(line.split()[1]) for line in file if line.startswith("VmRSS")), 0)
        except OSError:
            continue  # it has just ended
        ticks += sum(map(int, fields[11:15]))  # with its children that have ended
    return Usage(ticks / TICK, memory)


def _tree(pid: int) -> list[int]:
    pids = [pid]
    for each in pids:
        try:
            for thread in os.listdir(f"/proc/{each}/task"):
                with open(f"/proc/{each}/task/{thread}/children") as file:
                    pids += map(int, file.read().split())
        except OSError:
            continue
    return pids
