"""A database that cannot be written: nothing is acknowledged, everybody is told, and saving resumes by itself (R4)."""

import asyncio
import contextlib
import random
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.chaos.forked import ForkedServer
from tests.chaos.ledger import Record, Typist, held_against
from tests.chaos.test_kills import typing, verified
from tests.client import Client, Line
from tests.meetings import Person, TestMeeting

Failing = Callable[[ForkedServer], AbstractContextManager[None]]


@contextlib.contextmanager
def full_disk(server: ForkedServer) -> Iterator[None]:
    server.limit_files(0)
    yield
    server.limit_files(None)


@contextlib.contextmanager
def locked(server: ForkedServer) -> Iterator[None]:
    """Another program writes to the file."""
    connection = sqlite3.connect(server.data_dir / "rollingtext.db", isolation_level=None)
    connection.execute("begin immediate")
    yield
    connection.execute("rollback")
    connection.close()


def was_told(client: Client, kind: str) -> bool:
    return any(event["type"] == "event" and event["kind"] == kind for event in client.events)


def join_two(meeting: TestMeeting) -> list[Person]:
    return [meeting.join(name="one"), meeting.join(delegation="UZB", name="two")]


@contextlib.asynccontextmanager
async def two_typists(meeting: TestMeeting, people: list[Person]) -> AsyncIterator[list[Typist]]:
    one, two = people
    async with Client(meeting.url, one.token) as first, Client(meeting.url, two.token) as second:
        yield [Typist("one", first), Typist("two", second)]


async def written(typists: list[Typist], more: int) -> None:
    """Until each of them has written so much more."""
    enough = [len(typist.written) + more for typist in typists]
    while any(len(typist.written) < count for typist, count in zip(typists, enough, strict=True)):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("failing", [full_disk, locked])
async def test_r4_while_nothing_can_be_written_nothing_is_acknowledged(forked: ForkedServer, failing: Failing) -> None:
    with forked.admin() as admin:
        meeting = TestMeeting.make(forked, admin)
        observer = meeting.join("observer", "UNDP")
        record = Record(forked.data_dir / "rollingtext.db", meeting.document)
        people = join_two(meeting)
        async with two_typists(meeting, people) as typists, Client(meeting.url, observer.token) as reader:
            async with typing(typists, random.Random(1)):
                for typist in typists:
                    await typist.client.until(lambda typist=typist: len(typist.saved) > 3)  # type: ignore[misc]
                with failing(forked):
                    for client in (reader, *(typist.client for typist in typists)):
                        await client.until(lambda client=client: was_told(client, "saving_held"))  # type: ignore[misc]
                    saved = [len(typist.saved) for typist in typists]
                    text, seen = record.text(), str(reader.text)
                    held_against(text, typists)
                    async with Line.open(f"{meeting.url}?v=1", observer.token) as late:
                        assert (await late.until("event"))["kind"] == "saving_held"
                    await written(typists, 20)
                    assert [len(typist.saved) for typist in typists] == saved
                    assert (record.text(), str(reader.text)) == (text, seen)
                for client in (reader, *(typist.client for typist in typists)):
                    await client.until(lambda client=client: was_told(client, "saving_resumed"))  # type: ignore[misc]
            for typist in typists:
                await typist.client.saved()
            text = record.text()
            held_against(text, typists)
            for client in (reader, *(typist.client for typist in typists)):
                await client.until(lambda client=client: str(client.text) == text)  # type: ignore[misc]
                assert client.connections == 1
    forked.stop()
    await verified(forked, meeting.document)


async def test_r4_death_while_the_disk_is_full_loses_nothing_that_was_acknowledged(forked: ForkedServer) -> None:
    with forked.admin() as admin:
        meeting = TestMeeting.make(forked, admin)
        people = join_two(meeting)
    record = Record(forked.data_dir / "rollingtext.db", meeting.document)
    async with two_typists(meeting, people) as typists:
        async with typing(typists, random.Random(2)):
            for typist in typists:
                await typist.client.until(lambda typist=typist: len(typist.saved) > 3)  # type: ignore[misc]
            forked.limit_files(0)
            for typist in typists:
                await typist.client.until(lambda typist=typist: was_told(typist.client, "saving_held"))  # type: ignore[misc]
            forked.kill()
            held_against(record.text(), typists)
            forked.start()
        for typist in typists:
            await typist.client.saved()
        held_against(record.text(), typists)
