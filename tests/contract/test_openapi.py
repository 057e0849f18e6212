"""C5: the OpenAPI document is true to what the server does. Schemathesis reads it and tries the calls it describes."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.api.routes import ROUTES
from server.errors import PROBLEMS
from tests.people import Gathering
from tests.processes import ADMIN_TOKEN, ServerProcess

SEED = 20261125
EXAMPLES = 3  # of each call, beside the systematic ones
LONG_EXAMPLES = 150

# Real things to ask about, half of the time. A schema cannot say what is inside a file, so a file that fits it may
# be one that cannot be read (415) or that makes too long a text (413).
CONFIG = """
[dictionaries.meetings]
values = ["{meeting}"]
[dictionaries.documents]
values = ["{document}"]
[dictionaries.tokens]
values = ["{token}"]
[parameters]
"path.meeting" = {{ dictionary = "meetings", probability = 0.5 }}
"path.document" = {{ dictionary = "documents", probability = 0.5 }}
"body.token" = {{ dictionary = "tokens", probability = 0.5 }}
[[operations]]
include-name = ["POST /api/meetings/{{meeting}}/documents", "POST /api/meetings/{{meeting}}/documents/preview"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "413", "415"]
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of its own: whoever guesses at links for long is shut out."""
    process = ServerProcess(tmp_path_factory.mktemp("openapi") / "data")
    try:
        yield process.start()
    finally:
        process.end()


@pytest.fixture(scope="module")
def described(tried: ServerProcess) -> dict[str, Any]:
    with tried.client() as nobody:
        document: dict[str, Any] = nobody.get("/openapi.json").json()
    return document


def test_it_is_of_version_3_1_and_describes_every_registered_call_once(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    calls = [(method.upper(), path) for path, methods in described["paths"].items() for method in methods]
    assert sorted(calls) == sorted((route.method, route.path) for route in ROUTES)
    names = [call["operationId"] for methods in described["paths"].values() for call in methods.values()]
    assert len(set(names)) == len(names)


def test_it_names_every_status_that_its_problems_have(described: dict[str, Any]) -> None:
    statuses = {
        int(status)
        for methods in described["paths"].values()
        for call in methods.values()
        for status in call["responses"]
    }
    assert {status for status, _ in PROBLEMS.values()} - {405} <= statuses


@pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(LONG_EXAMPLES, marks=pytest.mark.long)])
def test_schemathesis_finds_nothing_untrue(tried: ServerProcess, tmp_path: Path, examples: int) -> None:
    with tried.admin() as admin:
        gathering = Gathering.make(tried, admin)
        assert isinstance(gathering, Gathering)
        known = {
            "meeting": gathering.id,
            "document": gathering.document,
            "token": gathering.invite("delegate")["token"],
        }
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(**known), encoding="utf-8")
    program = str(Path(sys.executable).with_name("st"))
    asked = {
        "--header": f"Authorization: Bearer {ADMIN_TOKEN}",
        "--max-examples": str(examples),
        "--seed": str(SEED),
        "--generation-database": "none",
        "--workers": "1",
        "--request-timeout": "60",  # what a process beside does waits for every other on a busy machine
    }
    options = [word for option in asked.items() for word in option]
    ran = subprocess.run(
        [program, "--no-color", "--config-file", str(config), "run", f"{tried.url}/openapi.json", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=2_400,  # the long one took more than 900 s on a busy machine
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-12_000:] + ran.stderr
