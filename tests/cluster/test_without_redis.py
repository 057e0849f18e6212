"""Two processes that were never told of a Redis: the database alone tells one of the other, as while Redis is down."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.authors import shake_hands
from tests.chaos.forked import ForkedServer, Nursery
from tests.client import Client, Line
from tests.cluster.test_cluster import _seconds_until_closed
from tests.databases import fresh_postgres_database
from tests.meetings import Person, TestMeeting
from tests.processes import ServerProcess

Pair = tuple[ServerProcess, ServerProcess]


@pytest.fixture(scope="module")
def pair(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    settings = {"database": fresh_postgres_database(postgres)}
    nursery = Nursery()
    directory = tmp_path_factory.mktemp("pair")
    one, other = (ForkedServer(nursery, directory / name, settings) for name in ("one", "other"))
    try:
        one.start()
        other.start()
        yield one, other
    finally:
        one.end()
        other.end()
        nursery.close()


def _end(server: ServerProcess, person: Person, how: str) -> None:
    path = f"/api/participants/{person.id}" if how == "removed" else f"/api/invitations/{person.invitation}"
    with server.admin() as admin:
        assert admin.delete(path).status_code == 204


@pytest.mark.parametrize("how", ["removed", "revoked"])
async def test_p5_whoever_is_removed_in_one_process_is_out_of_the_other_within_five_seconds(
    pair: Pair, how: str
) -> None:
    with pair[0].admin() as admin:
        meeting = TestMeeting.make(pair[0], admin)
        person = meeting.join()
    async with Line.open(f"{pair[1].ws_url}/ws/documents/{meeting.document}", person.token) as line:
        await shake_hands(line)
        await asyncio.to_thread(_end, pair[0], person, how)
        assert await _seconds_until_closed(line) < 5.0
    async with Line.open(f"{pair[1].ws_url}/ws/documents/{meeting.document}", person.token) as line:
        assert (await line.closed()).code == 4401


async def test_c2_what_is_written_in_one_process_is_read_in_the_other(pair: Pair) -> None:
    with pair[0].admin() as admin:
        meeting = TestMeeting.make(pair[0], admin)
        one, other = meeting.join(name="One"), meeting.join(name="Other")
    urls = [f"{server.ws_url}/ws/documents/{meeting.document}" for server in pair]
    async with Client(urls[0], one.token) as here, Client(urls[1], other.token) as there:
        for client in (here, there):
            await client.until(lambda client=client: client.synced)  # type: ignore[misc]
        here.type("a;")
        await there.until(lambda: "a;" in str(there.text))
        there.type("b;")
        await here.until(lambda: "b;" in str(here.text))
        assert str(here.text) == str(there.text)
