"""Builds the web client into the wheel, so that what pip installs serves its pages without Node."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebClient(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # `make setup` builds the client by itself, and only when it has changed
        root = Path(self.root)
        page = root / "server" / "static" / "index.html"
        npm = shutil.which("npm")
        if npm is not None:
            for step in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
                subprocess.run([npm, *step], cwd=root / "web", check=True)  # noqa: S603  # fixed words, and npm from the path
        if not page.is_file():
            raise RuntimeError(
                "the web client is not built: install Node 20.19 or newer with npm, or run `make setup` first"
            )
