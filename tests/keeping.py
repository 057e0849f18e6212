"""A pytest plug-in: every Word file that the tests have written or been given is kept in the folder `$KEPT`.

pytest -p tests.keeping …
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.papers.handover import docx as sheets
from server.papers.out import docx as papers
from server.papers.out.formats import WAYS, Format

FOLDER = Path(os.environ["KEPT"])


@pytest.fixture(autouse=True, scope="session")
def keeping() -> None:
    for module in (papers, sheets):
        module.write = kept(module.write)  # type: ignore[attr-defined]
    httpx.Client.send = kept(httpx.Client.send)  # type: ignore[method-assign]


def kept(function: Callable[..., Any]) -> Callable[..., Any]:
    def keeps(*arguments: Any, **named: Any) -> Any:
        made = function(*arguments, **named)
        if isinstance(made, bytes):
            keep(made)
        elif made.headers.get("content-type") == WAYS[Format.DOCX].media_type:
            keep(made.content)
        return made

    return keeps


def keep(content: bytes) -> None:
    (FOLDER / f"{hashlib.sha256(content).hexdigest()[:16]}.docx").write_bytes(content)
