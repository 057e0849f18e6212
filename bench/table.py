"""docs/benchmarks.md out of the results."""

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

Result = dict[str, Any]
OURS, DEFAULT, FLUSHED = "Rolling Text", "Hocuspocus", "Hocuspocus, flushDelay 10"
WRITING = (
    ("busy", "84 writers × 10 updates/s, 200 observers"),
    ("watched", "28 writers × 5 updates/s, 500 observers"),
    ("quiet", "28 writers × 5 updates/s, nobody else"),
)


class Medians:
    def __init__(self, results: Sequence[Result]) -> None:
        self._results = results

    def of(self, name: str, server: str, key: str) -> float | None:
        values = [
            each[key] for each in self._results if (each["name"], each["server"]) == (name, server) and key in each
        ]
        numbers = [float(value) for value in values if isinstance(value, int | float)]
        return statistics.median(numbers) if numbers else None

    def ratio(self, name: str, server: str, key: str) -> float | None:
        own, other = self.of(name, OURS, key), self.of(name, server, key)
        return own / other if own is not None and other else None

    def all_true(self, name: str, server: str, key: str) -> bool:
        return all(each.get(key) for each in self._results if (each["name"], each["server"]) == (name, server))

    def servers(self, name: str) -> list[str]:
        return list(dict.fromkeys(each["server"] for each in self._results if each["name"] == name))


@dataclass(frozen=True)
class Target:
    """At most so much of something."""

    what: str
    most: float
    unit: str
    measured: Callable[[Medians], float | None]


def _ratio(what: str, most: float, name: str, server: str, key: str = "cpu_us_per_delivery") -> Target:
    return Target(
        f"{what}: CPU per delivered update, to {server}", most, "×", lambda all_: all_.ratio(name, server, key)
    )


def _own(what: str, most: float, unit: str, name: str, key: str) -> Target:
    return Target(what, most, unit, lambda all_: all_.of(name, OURS, key))


TARGETS = (
    _ratio("84 × 10 + 200 observers", 0.35, "busy", DEFAULT),
    _ratio("84 × 10 + 200 observers", 0.65, "busy", FLUSHED),
    _own("84 × 10 + 200 observers: p99", 30, "ms", "busy", "p99_ms"),
    _ratio("28 × 5 + 500 observers", 0.45, "watched", DEFAULT),
    _ratio("28 × 5 + 500 observers", 0.75, "watched", FLUSHED),
    _own("28 × 5 + 500 observers: p99", 40, "ms", "watched", "p99_ms"),
    _own("28 × 5 alone: p99", 10, "ms", "quiet", "p99_ms"),
    Target(
        "1,000 joining a document of 226 kB: CPU, to Hocuspocus",
        0.25,
        "×",
        lambda all_: all_.ratio("joining", DEFAULT, "server_cpu_s"),
    ),
    _own("An idle connection", 40, "kB", "connections", "kb_per_connection"),
    Target("An open document of 3 kB, without its connection", 60, "kB", lambda all_: _document(all_, OURS)),
    _own("Opening 260,000 keystrokes", 150, "ms", "opening", "opening_ms"),
)


def _document(medians: Medians, server: str) -> float | None:
    both = medians.of("documents", server, "kb_per_document")
    one = medians.of("connections", server, "kb_per_connection")
    return both - one if both is not None and one is not None else None


def written(results: Sequence[Result], rounds: int) -> str:
    medians = Medians(results)
    parts = [_head(rounds), _targets(medians), _writing(medians), _joining(medians), _idle(medians), _opening(medians)]
    return "\n".join(part for part in parts if part)


def _head(rounds: int) -> str:
    cpu = next((line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")), "unknown")
    node = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    return f"""# Benchmarks

Rolling Text beside its peers, measured from outside on one machine: the server on core 0, the load on core 1, every
server started anew for every measurement, rounds interleaved, medians of {rounds}. Rolling Text runs as it always does:
every update judged, recorded in SQLite with `synchronous=FULL`, and sent to others only after that. The peers keep
everything in memory and ask nobody who they are.

| | |
| --- | --- |
| date | {time.strftime("%Y-%m-%d")} |
| machine | {cpu}, Linux {platform.release()} |
| Python, pycrdt, uvicorn | {platform.python_version()}, {version("pycrdt")}, {version("uvicorn")} |
| Node, @hocuspocus/server | {node}, 4.7.0: its defaults (`flushDelay: 0`), and `flushDelay: 10` |
| pycrdt-websocket | {version("pycrdt-websocket")}, on uvicorn {version("uvicorn")} with uvloop |
| command | `make bench`; one scenario: `python -m bench.run --only busy --rounds 1 --no-table` |

How it is measured stands in `bench/load/__init__.py`. CPU is user and system time of the server and its children.
"""


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else [f"model name: {sys.platform}"]


def _targets(medians: Medians) -> str:
    lines = ["## What was to be reached", "", "| target | at most | measured | |", "| --- | ---: | ---: | --- |"]
    for target in TARGETS:
        value = target.measured(medians)
        verdict = "not measured" if value is None else "reached" if value <= target.most else "**missed**"
        lines.append(f"| {target.what} | {target.most:g} {target.unit} | {_shown(value)} {target.unit} | {verdict} |")
    return "\n".join([*lines, ""])


def _writing(medians: Medians) -> str:
    lines: list[str] = []
    for name, title in WRITING:
        if not medians.servers(name):
            continue
        lines += [
            f"## {title}",
            "",
            "| server | CPU per update, µs | CPU share | p50, ms | p95, ms | p99, ms | frames per update | converged |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
        ]
        for server in medians.servers(name):
            keys = ("cpu_us_per_delivery", "cpu_share", "p50_ms", "p95_ms", "p99_ms", "frames_per_delivery")
            cells = [_shown(medians.of(name, server, key)) for key in keys]
            converged = "yes" if medians.all_true(name, server, "converged") else "**no**"
            lines.append(f"| {server} | {' | '.join(cells)} | {converged} |")
        lines.append("")
    return "\n".join(lines)


def _joining(medians: Medians) -> str:
    return _simple(
        medians,
        "joining",
        "1,000 clients join a document of 226 kB at once",
        (("CPU, s", "server_cpu_s"), ("all joined, s", "all_joined_s"), ("median wait, ms", "p50_ms")),
    )


def _idle(medians: Medians) -> str:
    connections = _simple(
        medians,
        "connections",
        "1,000 idle connections on one document of 3 kB",
        (("per connection, kB", "kb_per_connection"), ("CPU, %", "idle_cpu_percent")),
    )
    documents = _simple(
        medians,
        "documents",
        "200 documents of 3 kB with one connection each",
        (("per document and connection, kB", "kb_per_document"), ("CPU, %", "idle_cpu_percent")),
    )
    return connections + ("\n" if connections and documents else "") + documents


def _opening(medians: Medians) -> str:
    return _simple(
        medians,
        "opening",
        "Opening a document of 260,000 keystrokes",
        (("from its checkpoint, ms", "opening_ms"), ("with 1,000 entries after it, ms", "with_tail_ms")),
    )


def _simple(medians: Medians, name: str, title: str, columns: Sequence[tuple[str, str]]) -> str:
    if not medians.servers(name):
        return ""
    lines = [f"## {title}", "", f"| server | {' | '.join(head for head, _ in columns)} |"]
    lines.append(f"| --- |{' ---: |' * len(columns)}")
    for server in medians.servers(name):
        cells = [_shown(medians.of(name, server, key)) for _, key in columns]
        lines.append(f"| {server} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
