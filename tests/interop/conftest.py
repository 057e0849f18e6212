"""Real Yjs for the tests of this folder: one Node process for the run."""

from collections.abc import Iterator

import pytest

from tests.interop.yjs import Yjs


@pytest.fixture(scope="session")
def yjs() -> Iterator[Yjs]:
    with Yjs() as process:
        yield process
