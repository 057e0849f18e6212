"""The Chromium that tests and benchmarks drive: `$CHROMIUM`, one on the path, or Playwright's own, in this order."""

import os
import shutil
from typing import Any

from playwright.sync_api import Browser, Playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_options() -> dict[str, Any]:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
    return {"args": list(FLAGS), **({"executable_path": found} if found else {})}


def launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(**launch_options())
