"""A meeting of its own for every test of the contract, on the server that runs for all."""

from collections.abc import Iterator

import httpx
import pytest

from tests.meetings import TestMeeting
from tests.people import Gathering
from tests.processes import ServerProcess


@pytest.fixture
def meeting(server: ServerProcess, admin: httpx.Client) -> TestMeeting:
    return TestMeeting.make(server, admin)


@pytest.fixture
def gathering(server: ServerProcess, admin: httpx.Client) -> Iterator[Gathering]:
    """A meeting to which people of every role come."""
    found = Gathering.make(server, admin)
    assert isinstance(found, Gathering)
    yield found
    found.close()


@pytest.fixture
def nobody(server: ServerProcess) -> Iterator[httpx.Client]:
    """A client that is not signed in."""
    with server.client() as client:
        yield client
