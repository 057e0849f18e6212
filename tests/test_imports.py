"""Imports run one way: `server` to `crdt`, and inside `server` down the layers; `crdt` does no I/O."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Lower ones first; those of one layer may know each other, where they are not in APART.
LAYERS = (
    {"aside", "cancelling", "config", "errors", "frames", "past", "logs", "metrics", "tables", "times"},
    {"auth", "fanout", "store"},
    {"register", "rooms"},
    {"headers", "counting", "history", "papers", "pages", "proof", "verifying"},
    {"api", "ending", "session"},
    {"app", "backup", "demo", "doctor", "serving", "starting", "workers"},
    {"commands"},
    {"__main__"},
)
APART = {frozenset({"api", "session"}), frozenset({"store", "auth"}), frozenset({"store", "fanout"})}
KNOWN = {("auth", "store")}  # of those apart, who may know whom

# What would be I/O, a clock, chance or concurrency inside the core.
IMPURE = {"asyncio", "threading", "socket", "time", "datetime", "random", "secrets", "os", "pathlib", "io", "logging"}


PARTS = {path.stem for path in (ROOT / "server").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}


def modules(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """Dotted names of what a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(part: str) -> int:
    found = [level for level, parts in enumerate(LAYERS) if part in parts]
    assert found, f"server.{part} stands in no layer: say where it belongs"
    return found[0]


@pytest.mark.parametrize("path", modules("crdt"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_knows_the_standard_library_and_pycrdt_and_does_no_io(path: Path) -> None:
    roots = {name.partition(".")[0] for name in imported(path)}
    assert roots <= sys.stdlib_module_names | {"crdt", "pycrdt"}
    assert not roots & IMPURE
    assert not any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(ast.parse(path.read_text("utf-8"))))


@pytest.mark.parametrize("path", modules("server"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_server_imports_down_its_layers(path: Path) -> None:
    own = path.relative_to(ROOT / "server").with_suffix("").parts[0]
    if own in ("__init__", "migrations"):
        return
    for name in imported(path):
        root, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        if root != "server" or other not in PARTS:
            continue
        assert layer(other) <= layer(own), f"server.{own} imports server.{other}, which stands above it"
        if frozenset({own, other}) in APART:
            assert (own, other) in KNOWN, f"server.{own} imports server.{other}"
