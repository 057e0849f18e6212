"""A wheel built from a clean clone carries the web client and serves it, without Node (C1, C2)."""

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.processes import ServerProcess

ROOT = Path(__file__).parents[2]


def done(command: list[str | Path], folder: Path) -> None:
    result = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert result.returncode == 0, result.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`rollingtext` as pip installs it from the wheel, far from the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    clone, environment = folder / "clone", folder / "environment"
    done(["git", "clone", "--quiet", ROOT, clone], folder)
    done([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], clone)
    (wheel,) = folder.glob("*.whl")
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    done([python, "-m", "pip", "install", "--quiet", "--constraint", _constraints(folder), wheel], folder)
    return environment / "bin" / "rollingtext"


def _constraints(folder: Path) -> Path:
    """The versions of requirements.lock, without their hashes: pip wants either all with hashes or none."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    path = folder / "constraints.txt"
    path.write_text("\n".join(re.findall(r"^[a-z0-9._-]+==[^ \\;]+", lock, re.MULTILINE)), encoding="utf-8")
    return path


@pytest.mark.long
def test_the_wheel_serves_the_page_and_the_demonstration(program: Path, tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", options=("--demo",), program=program)
    try:
        server.start()
        with server.client() as client:
            page = client.get("/")
            assert page.status_code == 200
            scripts = re.findall(r'src="(/[^"]+\.js)"', page.text)
            assert scripts
            assert all(client.get(script).status_code == 200 for script in scripts)
        assert server.output().count("/join/") == 5
    finally:
        server.end()
