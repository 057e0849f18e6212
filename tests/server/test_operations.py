"""What operators are told is what there is: every figure is explained, and none tells what nobody should know (C5)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import Counter, Gauge, Histogram

from server import metrics
from server.store import engine

DOCS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
LABELS = {"reason", "limit", "method", "path", "status", "code", "why", "how"}  # each of a small closed set


def figures() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each figure by its name as Prometheus has it, and its labels."""
    for figure in vars(metrics).values():
        if isinstance(figure, Counter | Gauge | Histogram):
            name = figure._name + ("_total" if isinstance(figure, Counter) else "")
            yield name, tuple(figure._labelnames)


FIGURES = dict(figures())


@pytest.mark.parametrize("name", FIGURES)
def test_c5_every_figure_is_explained(name: str) -> None:
    (row,) = [line for line in DOCS.splitlines() if line.startswith(f"| `{name}` |")]
    assert len(row.split("|")[2].split()) > 3


def test_c5_no_figure_is_explained_that_is_none() -> None:
    told = set(re.findall(r"^\| `(rollingtext_\w+)` \|", DOCS, re.MULTILINE))
    assert told == FIGURES.keys()


@pytest.mark.parametrize("name", FIGURES)
def test_p4_labels_are_of_closed_sets(name: str) -> None:
    assert set(FIGURES[name]) <= LABELS


def test_times_that_are_told_are_those_that_hold() -> None:
    assert f"gives up a statement after {engine.STATEMENT_S} s and a wait for a lock after {engine.LOCK_S}" in DOCS
    assert f"does not answer for {engine.ANSWER_S:.0f} s" in DOCS
