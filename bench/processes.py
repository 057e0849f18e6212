"""What two processes cost beside one, on PostgreSQL and Redis: writers of one document spread over both, and documents
of their own for each.

    python -m bench.processes [--rounds 3]

`shared`: 84 writers x 10/s and 200 observers of one document, half of them in either process: CPU of all processes for
an update that reached a receiver, and how long it took. `apart`: eight documents, each with 10 writers x 10/s and 40
observers, four in either process: the CPU for an update says how much two processes with a core each carry beside one.
The servers share core 0, the load has core 1; the databases run where there is room. Rounds are interleaved.
"""

import argparse
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load.process import usage
from bench.servers import LOAD_CORE, SERVER_CORE, clean_environment, free_port, prepared, wait
from tests.databases import fresh_postgres_database, postgres_server
from tests.redis import redis_process

SHARED = "writing --writers 84 --rate 10 --observers 200 --duration 6"
APART = "writing --writers 10 --rate 10 --observers 40 --duration 6"
DOCUMENTS = 8
COUNTS = (1, 2)


@dataclass(frozen=True)
class Processes:
    """Of one server. `documents`: the load generator's arguments that lead to each."""

    ports: Sequence[int]
    pids: Sequence[int]
    arguments: Sequence[str]
    documents: Sequence[str]


@contextmanager
def serving(count: int, postgres: str, redis: str) -> Iterator[Processes]:
    token = secrets.token_urlsafe(32)
    own = {"ROLLINGTEXT_ADMIN_TOKEN": token, "ROLLINGTEXT_LOG_LEVEL": "warning", "ROLLINGTEXT_REDIS": redis}
    environment = clean_environment() | own | {"ROLLINGTEXT_DATABASE": fresh_postgres_database(postgres)}
    program = str(Path(sys.executable).with_name("rollingtext"))
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        ports, pids = [], []
        for number in range(count):
            ports.append(free_port())
            log = stack.enter_context((Path(folder) / f"log{number}").open("wb"))
            command = ["taskset", "-c", SERVER_CORE, program, "serve", "--port", str(ports[-1]), "--data-dir", folder]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            wait(process, ports[-1], Path(log.name))
            pids.append(process.pid)
        found = prepared(f"http://127.0.0.1:{ports[0]}", token, DOCUMENTS + 1)
        documents = [found[at + 1] for at, each in enumerate(found) if each == "--document"]
        yield Processes(ports, pids, found[: found.index("--document")], documents)


def load(arguments: Sequence[str], ports: Sequence[int], document: str, scenario: str) -> "subprocess.Popen[str]":
    command = ["taskset", "-c", LOAD_CORE, sys.executable, "-m", "bench.load", *scenario.split(), *arguments]
    command += [part for port in ports for part in ("--port", str(port))]
    return subprocess.Popen([*command, "--document", document], stdout=subprocess.PIPE, text=True)


def answered(process: "subprocess.Popen[str]") -> dict[str, float]:
    output, _ = process.communicate(timeout=600)
    found: dict[str, float] = json.loads(output)
    return found


def shared(server: Processes) -> dict[str, float]:
    pids = [part for pid in server.pids for part in ("--pid", str(pid))]
    return answered(load([*server.arguments, *pids], server.ports, server.documents[0], SHARED))


def apart(server: Processes) -> dict[str, float]:
    """The CPU that opening and filling takes counts, too; it is the same for both."""
    before = usage(*server.pids).cpu
    running = [
        load(server.arguments, [server.ports[at % len(server.ports)]], document, APART)
        for at, document in enumerate(server.documents[1:])
    ]
    found = [answered(each) for each in running]
    cpu, delivered = usage(*server.pids).cpu - before, sum(each["delivered"] for each in found)
    return {
        "cpu_us_per_delivery": cpu / delivered * 1e6,
        "delivered": delivered,
        "p99_ms": max(each["p99_ms"] for each in found),
        "converged": all(each["converged"] for each in found),
    }


SHOWN = ("cpu_us_per_delivery", "p50_ms", "p99_ms", "cpu_share", "frames_per_delivery", "slip_p99_ms", "converged")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.processes", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["shared", "apart"])
    given = parser.parse_args()
    scenarios = {"shared": shared, "apart": apart}
    cost: dict[tuple[str, int], list[float]] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        postgres = stack.enter_context(postgres_server(Path(folder)))
        redis = stack.enter_context(redis_process())
        for number in range(given.rounds):
            for name in [given.only] if given.only else scenarios:
                for count in COUNTS:
                    with serving(count, postgres, redis.url) as server:
                        found = scenarios[name](server)
                    cost.setdefault((name, count), []).append(found["cpu_us_per_delivery"])
                    print(number + 1, name, count, {key: found[key] for key in SHOWN if key in found}, flush=True)
    for name in {name for name, _ in cost}:
        one, two = (statistics.median(cost[name, count]) for count in COUNTS)
        told = f"CPU for an update {two / one:.2f} x that of one process"
        print(f"{name}: {told}" + (f", so {2 * one / two:.2f} x its throughput" if name == "apart" else ""))


if __name__ == "__main__":
    main()
