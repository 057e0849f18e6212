"""A fuzzer's work in a child process: a crash of the process itself is a finding, with the place where it happened."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Progress:
    """Where the child is, in a file that outlives it."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)

    def note(self, round_number: int, attempt: int) -> None:
        os.pwrite(self._file, b"%12d %12d" % (round_number, attempt), 0)


def watched(module: str, arguments: list[str]) -> int:
    """Run a fuzzer's module in a child; its exit status, and on failure where it was."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "progress"
        status = subprocess.run(
            [sys.executable, "-m", module, *arguments, "--child", str(path)], check=False
        ).returncode
        if status:
            number, attempt = path.read_text().split() if path.exists() else ("?", "?")
            how = f"killed by signal {-status}" if status < 0 else f"ended with status {status}"
            print(f"{module}: {how} in round {number}, attempt {attempt}", file=sys.stderr)
            print(f"again: python -m {module} {' '.join(arguments)} --round {number}", file=sys.stderr)
        return status
