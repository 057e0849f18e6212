"""What every fan-out must do; the suite takes any."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.fanout import Advance, Fanout, LocalFanout


@pytest.fixture
async def fanout() -> AsyncIterator[Fanout]:
    fanout = LocalFanout()
    yield fanout
    await fanout.close()


async def test_those_who_watch_a_document_hear_of_it_in_order(fanout: Fanout) -> None:
    heard: asyncio.Queue[tuple[int, Advance]] = asyncio.Queue()
    for watcher in (1, 2):
        fanout.watch("d", lambda advance, watcher=watcher: heard.put_nowait((watcher, advance)))  # type: ignore[misc]
    fanout.tell(Advance("d", 1))
    fanout.tell(Advance("d", 2))
    got = [await asyncio.wait_for(heard.get(), 5) for _ in range(4)]
    for watcher in (1, 2):
        assert [advance.seq for who, advance in got if who == watcher] == [1, 2]


async def test_nobody_hears_of_other_documents_or_after_turning_away(fanout: Fanout) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    def hear(_: Advance) -> None:
        heard.put_nowait("turned away")

    fanout.watch("d", hear)
    fanout.watch("e", lambda _: heard.put_nowait("other"))
    fanout.unwatch("d", hear)
    fanout.unwatch("d", hear)
    fanout.watch("d", lambda _: heard.put_nowait("watching"))
    fanout.tell(Advance("d", 1))
    assert await asyncio.wait_for(heard.get(), 5) == "watching"
    assert heard.empty()


async def test_telling_where_nobody_listens_is_no_fault(fanout: Fanout) -> None:
    fanout.tell(Advance("nowhere", 1))


async def test_nobody_hears_before_the_teller_has_gone_on(fanout: Fanout) -> None:
    heard: list[int] = []
    fanout.watch("d", lambda advance: heard.append(advance.seq))
    fanout.tell(Advance("d", 1))
    assert heard == []
