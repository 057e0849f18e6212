"""One cluster for all tests of it that do no lasting harm, and a meeting of its own for each."""

from collections.abc import Iterator

import pytest

from tests.cluster.cluster import Cluster, Drafting, running
from tests.meetings import TestMeeting


@pytest.fixture(scope="session")
def cluster(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(postgres, tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def drafting(cluster: Cluster) -> Iterator[Drafting]:
    one, other = cluster.servers
    with one.admin() as here, other.admin() as there:
        yield Drafting(cluster, TestMeeting.make(one, here), (here, there))
