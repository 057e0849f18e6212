"""What the server has, its documentation names: settings, calls, problems, close codes, refusals and commands."""

from pathlib import Path

import pytest

from crdt.gate import Reason
from server.api.routes import ROUTES
from server.api.system import PATHS
from server.auth.policy import Act
from server.commands import app
from server.config import PREFIX, Settings
from server.errors import PROBLEMS, CloseCode, Code

DOCS = Path(__file__).parents[2] / "docs"
API = (DOCS / "api.md").read_text(encoding="utf-8")
CONFIGURATION = (DOCS / "configuration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting(name: str) -> None:
    assert f"`{PREFIX}{name.upper()}`" in CONFIGURATION


def test_no_setting_that_is_none() -> None:
    rows = [line for line in CONFIGURATION.splitlines() if line.startswith(f"| `{PREFIX}")]
    assert len(rows) == len(Settings.model_fields)


@pytest.mark.parametrize("call", [f"{route.method} {route.path}" for route in ROUTES])
def test_every_call(call: str) -> None:
    assert f"| `{call}` |" in API


def test_no_call_that_is_none() -> None:
    rows = [line for line in API.splitlines() if line.startswith("| `") and " /api/" in line]
    assert len(rows) == len(ROUTES)


@pytest.mark.parametrize("path", [path.path for path in PATHS])
def test_what_machines_ask(path: str) -> None:
    assert f"`GET {path}`" in API


@pytest.mark.parametrize("code", Code)
def test_every_problem_with_its_status(code: Code) -> None:
    assert f"| `{code}` | {PROBLEMS[code][0]} |" in API


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code(code: CloseCode) -> None:
    assert f"| {int(code)} |" in API


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_a_refusal(reason: Reason) -> None:
    assert f"| `{reason}` |" in API


@pytest.mark.parametrize("act", Act)
def test_every_right(act: Act) -> None:
    assert f"| `{act}`" in API


def test_every_command() -> None:
    names = [command.name or (command.callback and command.callback.__name__) for command in app.registered_commands]
    assert len(names) >= 6
    for name in names:
        assert f"| `rollingtext {name}" in CONFIGURATION, name
