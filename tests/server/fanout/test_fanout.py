"""What every fan-out must do; the suite takes any: that of one process, and those of two processes over Redis."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest

from server.fanout import EVERYBODY, Advance, Asking, Fanout, Focus, Hint, LocalFanout, Missed, RedisFanout
from tests.server.rooms.waiting import PATIENCE_S, until

Pair = tuple[Fanout, Fanout]


@pytest.fixture(params=["local", "redis"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """One who tells and one who hears."""
    if request.param == "local":
        local = LocalFanout()
        yield local, local
        await local.close()
        return
    two = RedisFanout(request.getfixturevalue("redis")), RedisFanout(request.getfixturevalue("redis"))
    for fanout in two:
        fanout.start()
    await until(lambda: all(fanout.connected for fanout in two))
    yield two
    for fanout in two:
        await fanout.close()


@pytest.fixture
def document() -> str:
    return secrets.token_hex(8)


async def listening(teller: Fanout, hearer: Fanout, topic: str) -> None:
    """Until what is told of this topic is heard: a fan-out may take its time with a new one."""
    heard = asyncio.Event()

    def hear(hint: Asking | Missed) -> None:
        heard.set()

    probe: Asking | Missed = Asking(topic, "probe") if topic else Missed("probe", "probe")
    hearer.watch(type(probe), topic, hear)
    async with asyncio.timeout(PATIENCE_S):
        while not heard.is_set():
            teller.tell(probe)
            await asyncio.sleep(0.005)
    hearer.unwatch(type(probe), topic, hear)


async def test_those_who_watch_a_document_hear_of_it_in_order(pair: Pair, document: str) -> None:
    teller, hearer = pair
    heard: asyncio.Queue[tuple[int, Advance]] = asyncio.Queue()
    for watcher in (1, 2):
        hearer.watch(Advance, document, lambda advance, watcher=watcher: heard.put_nowait((watcher, advance)))  # type: ignore[misc]
    await listening(teller, hearer, document)
    for seq in (1, 2):
        teller.tell(Advance(document, seq, b"\n\xff carried"))
    got = [await asyncio.wait_for(heard.get(), PATIENCE_S) for _ in range(4)]
    for watcher in (1, 2):
        told = [advance for who, advance in got if who == watcher]
        assert told == [Advance(document, seq, b"\n\xff carried") for seq in (1, 2)]


async def test_nobody_hears_of_other_documents_of_other_things_or_after_turning_away(pair: Pair, document: str) -> None:
    teller, hearer = pair
    heard: asyncio.Queue[str] = asyncio.Queue()

    def hear(_: Advance) -> None:
        heard.put_nowait("turned away")

    hearer.watch(Advance, document, hear)
    hearer.watch(Advance, document + "2", lambda _: heard.put_nowait("other"))
    hearer.watch(Focus, document, lambda _: heard.put_nowait("another thing"))
    hearer.unwatch(Advance, document, hear)
    hearer.unwatch(Advance, document, hear)
    hearer.watch(Advance, document, lambda _: heard.put_nowait("watching"))
    await listening(teller, hearer, document)
    teller.tell(Advance(document, 1))
    assert await asyncio.wait_for(heard.get(), PATIENCE_S) == "watching"
    assert heard.empty()


async def test_what_concerns_no_document_is_heard_by_everybody(pair: Pair) -> None:
    teller, hearer = pair
    heard: list[Hint] = []
    hearer.watch(Missed, EVERYBODY, heard.append)
    await listening(teller, hearer, EVERYBODY)
    teller.tell(Missed("p", "10.0.0.1"))
    await until(lambda: Missed("p", "10.0.0.1") in heard)


async def test_telling_where_nobody_listens_is_no_fault(pair: Pair) -> None:
    pair[0].tell(Advance("nowhere", 1))


async def test_nobody_hears_before_the_teller_has_gone_on(pair: Pair, document: str) -> None:
    teller, hearer = pair
    heard: list[int] = []
    hearer.watch(Advance, document, lambda advance: heard.append(advance.seq))
    teller.tell(Advance(document, 1))
    assert heard == []


async def test_a_turn_comes_whether_anybody_else_writes_or_not(pair: Pair, document: str) -> None:
    for _ in range(3):
        for fanout in pair:
            async with asyncio.timeout(PATIENCE_S):
                await fanout.take_turn(document)
            fanout.give_turn(document, 1)
