"""A server that can be killed many times."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.forked import ForkedServer


@pytest.fixture
def forked(tmp_path: Path) -> Iterator[ForkedServer]:
    server = ForkedServer(tmp_path / "data")
    try:
        server.start()
        yield server
    finally:
        server.end()
