"""A meeting of its own for every test of the contract, on the server that runs for all."""

import httpx
import pytest

from tests.meetings import TestMeeting
from tests.processes import ServerProcess


@pytest.fixture
def meeting(server: ServerProcess, admin: httpx.Client) -> TestMeeting:
    return TestMeeting.make(server, admin)
