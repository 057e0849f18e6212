"""LibreOffice reads every Word file that the tests write or are given (section 4)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WRITING = (
    "tests/server/papers/out",
    "tests/server/papers/word/test_round_trip.py",
    "tests/server/papers/handover",
    "tests/contract/test_exports.py",
)
AT_LEAST = 50  # else the tests have moved elsewhere
WITHIN_S = 600.0


@pytest.mark.long
def test_libreoffice_converts_every_word_file_that_tests_write(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.keeping", "-m", "not long", *WRITING],
        env={**os.environ, "KEPT": str(kept)}, check=True, timeout=WITHIN_S,
    )  # fmt: skip
    written = sorted(kept.glob("*.docx"))
    assert len(written) >= AT_LEAST
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path / "read"), *written]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    read = {path.stem for path in (tmp_path / "read").glob("*.pdf")}
    assert [path.name for path in written if path.stem not in read] == [], ran.stderr[-4_000:]
