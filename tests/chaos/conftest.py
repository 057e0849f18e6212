"""A server that can be killed many times."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.forked import ForkedServer, Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def forked(nursery: Nursery, tmp_path: Path) -> Iterator[ForkedServer]:
    server = ForkedServer(nursery, tmp_path / "data")
    try:
        yield server.start()
    finally:
        server.end()
