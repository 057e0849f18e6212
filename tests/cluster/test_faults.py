"""Redis hurries and nothing rests on it; a process that dies takes nobody else along (C2)."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.authors import shake_hands
from tests.client import WITHIN, Client, Line
from tests.cluster.cluster import Cluster, Drafting
from tests.cluster.test_cluster import _online, _seconds_until_closed


def _hears(cluster: Cluster, process: int) -> bool:
    """Whether a process says that it hears others."""
    with cluster.servers[process].client() as client:
        return "rollingtext_redis_connected 1.0" in client.get("/metrics").text


async def _both_hear(cluster: Cluster, hear: bool) -> None:
    async with asyncio.timeout(WITHIN):
        for process in (0, 1):
            while await asyncio.to_thread(_hears, cluster, process) != hear:  # noqa: ASYNC110  # of other processes
                await asyncio.sleep(0.05)


@contextmanager
def killed(cluster: Cluster) -> Iterator[None]:
    cluster.redis.kill()
    yield
    cluster.redis.start()


@contextmanager
def paused(cluster: Cluster) -> Iterator[None]:
    cluster.redis.pause()
    yield
    cluster.redis.resume()


@pytest.mark.parametrize("away", [killed, paused])
async def test_without_redis_writing_goes_on_and_others_see_it_within_two_seconds(
    drafting: Drafting, away: type[killed]
) -> None:
    one, other, gone = (drafting.join(name=name) for name in ("One", "Other", "Gone"))
    async with Client(drafting.urls[0], one.token) as here, Client(drafting.urls[1], other.token) as there:
        for client in (here, there):
            await client.until(lambda client=client: client.synced)  # type: ignore[misc]
        async with Line.open(drafting.urls[1], gone.token) as line:
            await shake_hands(line)
            with away(drafting.cluster):
                await _both_hear(drafting.cluster, False)
                delays = [
                    await _delay(here, there, "a;"),
                    await _delay(there, here, "b;"),
                    await _delay(here, there, "c;"),
                ]
                await asyncio.to_thread(drafting.clients[0].delete, f"/api/participants/{gone.id}")
                assert await _seconds_until_closed(line) < 5.0  # P5
        assert min(delays) < 2.0
        await _both_hear(drafting.cluster, True)
        quick = [await _delay(here, there, f"back{number};") for number in range(5)]
        assert min(quick) < 0.5
        assert str(here.text) == str(there.text)
        assert here.closes == there.closes == []


async def _delay(writer: Client, reader: Client, word: str) -> float:
    """Seconds from a keystroke in one process until it is read in the other."""
    began = time.monotonic()
    writer.type(word)
    await reader.until(lambda: word in str(reader.text))
    return time.monotonic() - began


async def test_r4_w2_a_process_dies_and_its_people_are_gone_until_they_come_back_and_no_word_is(
    drafting: Drafting,
) -> None:
    one, other = drafting.join(name="One"), drafting.join(name="Other")
    dying = drafting.cluster.servers[1]
    try:
        async with Client(drafting.urls[0], one.token) as here, Client(drafting.urls[1], other.token) as there:
            await here.until(lambda: _present(here) == ["One", "Other"])
            await there.until(lambda: there.synced)
            for number in range(40):
                here.type(f" h{number};")
                there.type(f" t{number};")
                await asyncio.sleep(0.005)
                if number == 20:
                    await asyncio.to_thread(dying.kill)
            saved = [edit.words for edit in there.edits if edit.saved]
            await here.saved()
            await here.until(lambda: all(words in str(here.text) for words in saved))
            await here.until(lambda: _present(here) == ["One"])
            await _online(drafting.clients[:1], drafting.meeting.id, {one.id})
            await asyncio.to_thread(dying.start)
            await there.saved()
            await here.until(lambda: str(here.text) == str(there.text))
            await here.until(lambda: _present(here) == ["One", "Other"])
            assert all(str(here.text).count(edit.words) == 1 for edit in (*here.edits, *there.edits))
    finally:
        if not dying.running:
            dying.start()


def _present(client: Client) -> list[str]:
    """As it was told last."""
    told = [event for event in client.events if event["type"] == "presence"]
    return [person["name"] for person in told[-1]["online"]] if told else []
