"""Measures Rolling Text and its peers side by side and writes docs/benchmarks.md.

    python -m bench.run [--rounds 5] [--only SCENARIO …] [--servers NAME …] [--no-table]

The rounds are interleaved: in each, every server is measured in every scenario, started anew on one core, with the load
on the other. What is told are medians; the single results lie in bench/results/ as lines of JSON.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.servers import LOAD_CORE, ROLLING_TEXT, SERVER_CORE, SERVERS, Peer, running
from bench.table import written

RESULTS = Path(__file__).parent / "results"
TABLE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
TRIES = 3  # of one measurement, where the load generator itself was late
SLIP_MS = 5.0  # how late it may be


@dataclass(frozen=True)
class Scenario:
    """Arguments of the load generator; `alone`: only Rolling Text is measured."""

    name: str
    arguments: str
    documents: int = 1
    alone: bool = False


SCENARIOS = (
    Scenario("busy", "writing --writers 84 --rate 10 --observers 200 --duration 6"),
    Scenario("watched", "writing --writers 28 --rate 5 --observers 500 --duration 6"),
    Scenario("quiet", "writing --writers 28 --rate 5 --duration 6", alone=True),
    Scenario("joining", "joining --clients 1000 --paragraphs 167 --characters 990"),
    Scenario("connections", "idling --clients 1000 --paragraphs 30 --characters 66 --duration 3", alone=True),
    Scenario("documents", "idling --clients 1 --paragraphs 30 --characters 66 --duration 3", documents=201, alone=True),
)
OPENING = "opening"


def main() -> None:
    given = _arguments()
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}.jsonl"
    scenarios = [each for each in SCENARIOS if each.name in given.only]
    servers = [each for each in SERVERS if each.name in given.servers]
    for number in range(given.rounds):
        for scenario in scenarios:
            for peer in servers:
                if peer is ROLLING_TEXT or not scenario.alone:
                    _keep(path, number, scenario.name, peer.name, _measured(scenario, peer))
        if OPENING in given.only and number == 0:  # it takes medians by itself
            _keep(path, number, OPENING, ROLLING_TEXT.name, _on_core(SERVER_CORE, ["bench.opening"]))
    if not given.no_table:
        results = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        TABLE.write_text(written(results, given.rounds), encoding="utf-8")


def _measured(scenario: Scenario, peer: Peer) -> dict[str, object]:
    """Again when the machine was disturbed; the last try counts."""
    result: dict[str, object] = {}
    for _ in range(TRIES):
        with running(peer, scenario.documents) as server:
            result = _on_core(LOAD_CORE, ["bench.load", *scenario.arguments.split(), *server.arguments])
        slip = result.get("slip_p99_ms")
        if not isinstance(slip, float) or slip <= SLIP_MS:
            break
    return result


def _on_core(core: str, arguments: Iterable[str]) -> dict[str, object]:
    command = ["taskset", "-c", core, sys.executable, "-m", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=1800)
    if done.returncode != 0:
        return {"failed": done.returncode}
    result: dict[str, object] = json.loads(done.stdout)
    return result


def _keep(path: Path, number: int, scenario: str, server: str, result: dict[str, object]) -> None:
    line = {"round": number, "name": scenario, "server": server, **result}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    shown = {key: result[key] for key in SHOWN if key in result}
    print(f"{number + 1}  {scenario:12} {server:26} {shown}", flush=True)


SHOWN = (
    "cpu_us_per_delivery",
    "p50_ms",
    "p99_ms",
    "server_cpu_s",
    "kb_per_connection",
    "kb_per_document",
    "opening_ms",
    "with_tail_ms",
    "slip_p99_ms",
    "converged",
    "failed",
)


def _arguments() -> argparse.Namespace:
    names = [*(each.name for each in SCENARIOS), OPENING]
    parser = argparse.ArgumentParser(prog="bench.run", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument(
        "--servers", nargs="+", choices=[each.name for each in SERVERS], default=[s.name for s in SERVERS]
    )
    parser.add_argument("--no-table", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
