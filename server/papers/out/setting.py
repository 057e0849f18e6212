"""Sets pages with typst, in a process of its own that ends with them.

A paper of five hundred pages takes a gigabyte, which the process beside the server would never give back; and whatever
typst may come to, it comes to here. `python -m server.papers.out.setting` reads JSON and writes PDF, or a picture: it
imports nothing of the server's, so that it starts in a tenth of a second.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import typst

MEMORY = 3 * 1024**3  # bytes of address space
SECONDS = 100  # of one processor
PPI = 220  # of pictures
TEMPLATE = Path(__file__).with_name("paper.typ")


class Unset(Exception):
    """The pages could not be set within these bounds."""


def pages(
    data: Mapping[str, Any],
    fonts: Sequence[Path],
    *,
    machine: bool,
    timestamp: int,
    memory: int = MEMORY,
    template: Path = TEMPLATE,
    format_: Literal["pdf", "png"] = "pdf",
) -> bytes:
    """`fonts`: folders; `machine`: with the fonts of the machine, too. Raises Unset; RuntimeError for our own fault."""
    asked = {
        "template": str(template),
        "format": format_,
        "memory": memory,
        "data": json.dumps(data, ensure_ascii=False),
        "fonts": [str(folder) for folder in fonts],
        "machine": machine,
        "timestamp": timestamp,
    }
    command = [sys.executable, "-m", "server.papers.out.setting"]
    try:
        done = subprocess.run(  # noqa: S603  # ourselves
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=2 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unset("it took too long") from None
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise Unset(f"it ended with {done.returncode}")
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip()[-1000:])
    return done.stdout


def main() -> None:
    asked = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    written = typst.compile(
        Path(asked["template"]).read_bytes(),
        font_paths=typst.Fonts(asked["machine"], False, asked["fonts"]),
        sys_inputs={"paper": asked["data"]},
        timestamp=asked["timestamp"],
        format=asked["format"],
        ppi=PPI,
    )
    sys.stdout.buffer.write(written)


if __name__ == "__main__":
    main()
