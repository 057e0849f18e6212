"""Turns, and a Redis that comes and goes; with a real one that the test may kill."""

import asyncio
import gc
import logging
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest

from server.fanout import EVERYBODY, Missed, RedisFanout, turns
from server.fanout.hints import Advance, decode, encode
from server.fanout.redis import ANSWER_S
from server.fanout.turns import WAIT_S
from tests.redis import RedisProcess, redis_process
from tests.server.rooms.waiting import PATIENCE_S, until


@pytest.fixture(scope="module")
def server() -> Iterator[RedisProcess]:
    with redis_process() as process:
        yield process


@pytest.fixture
async def three(server: RedisProcess) -> AsyncIterator[list[RedisFanout]]:
    fanouts = [RedisFanout(server.url) for _ in range(3)]
    for fanout in fanouts:
        fanout.start()
    await until(lambda: all(fanout.connected for fanout in fanouts))
    yield fanouts
    for fanout in fanouts:
        await fanout.close()


@pytest.fixture
def document() -> str:
    return secrets.token_hex(8)


async def _hearing(fanouts: list[RedisFanout], document: str) -> None:
    """Until all of them hear what is said of this document: a turn is handed on there."""
    heard: list[set[int]] = [set() for _ in fanouts]
    for at, fanout in enumerate(fanouts):
        fanout.watch(Advance, document, lambda advance, at=at: heard[at].add(advance.seq))  # type: ignore[misc]
    async with asyncio.timeout(PATIENCE_S):
        while not all(heard):
            for at, fanout in enumerate(fanouts):
                fanout.tell(Advance(document, at))
            await asyncio.sleep(0.01)


async def test_a_turn_is_one_processs_alone_and_handed_on_in_order_with_how_far_it_has_come(
    server: RedisProcess, three: list[RedisFanout], document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT_S", 30.0)
    monkeypatch.setattr(turns, "HELD_MS", 60_000)
    monkeypatch.setattr(turns, "QUEUE_MS", 60_000)
    await _hearing(three, document)
    had: list[tuple[int, int]] = []
    go = asyncio.Event()

    async def write(at: int, seq: int) -> None:
        had.append((at, await three[at].take_turn(document)))
        await go.wait()
        three[at].give_turn(document, seq)

    first = asyncio.create_task(write(0, 10))
    await until(lambda: had == [(0, 0)])
    second = asyncio.create_task(write(1, 20))
    queue = f"rollingtext:0:turn:{{{document}}}:queue"
    await until(lambda: server.command("LLEN", queue) == b":1\r\n")
    third = asyncio.create_task(write(2, 30))
    await until(lambda: server.command("LLEN", queue) == b":2\r\n")
    assert had == [(0, 0)]
    go.set()
    await asyncio.gather(first, second, third)
    assert had == [(0, 0), (1, 10), (2, 20)]
    assert await three[0].take_turn(document) == 30
    three[0].give_turn(document, 30)


async def test_a_turn_that_does_not_come_is_done_without_and_then_not_kept_from_others(
    server: RedisProcess, three: list[RedisFanout], document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "HELD_MS", 60_000)
    monkeypatch.setattr(turns, "QUEUE_MS", 60_000)
    await _hearing(three, document)
    await three[0].take_turn(document)
    began = asyncio.get_running_loop().time()
    assert await three[1].take_turn(document) == 0
    assert asyncio.get_running_loop().time() - began >= WAIT_S
    monkeypatch.setattr(turns, "WAIT_S", 30.0)
    waiting = asyncio.create_task(three[2].take_turn(document))
    queue = f"rollingtext:0:turn:{{{document}}}:queue"
    await until(lambda: server.command("LLEN", queue) == b":2\r\n")
    three[0].give_turn(document, 7)  # to the second, who wants it no more, and so to the third
    assert await waiting == 7
    three[1].give_turn(document, 8)
    three[2].give_turn(document, 8)


async def test_a_redis_that_was_away_is_found_again_and_nothing_waits_for_it_meanwhile(
    server: RedisProcess, three: list[RedisFanout], document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT_S", 10.0)
    server.kill()
    await until(lambda: not any(fanout.connected for fanout in three))
    began = asyncio.get_running_loop().time()
    assert await three[0].take_turn(document) == 0
    three[0].give_turn(document, 1)
    three[0].tell(Missed("p", "lost"))
    assert asyncio.get_running_loop().time() - began < ANSWER_S
    server.start()
    await until(lambda: all(fanout.connected for fanout in three))
    heard: list[str] = []
    three[1].watch(Missed, EVERYBODY, lambda missed: heard.append(missed.network))
    async with asyncio.timeout(PATIENCE_S):
        while "there" not in heard:
            three[0].tell(Missed("p", "there"))
            await asyncio.sleep(0.01)
    assert "lost" not in heard


async def test_a_redis_that_ends_while_documents_are_opened_is_no_error(
    server: RedisProcess, three: list[RedisFanout], caplog: pytest.LogCaptureFixture
) -> None:
    """Either half of the line finds it gone, or both do."""
    stopped = asyncio.Event()

    async def open_and_close(fanout: RedisFanout) -> None:
        while not stopped.is_set():
            document = secrets.token_hex(8)
            fanout.watch(Advance, document, fanout.tell)
            await asyncio.sleep(0)
            fanout.unwatch(Advance, document, fanout.tell)
            await asyncio.sleep(0.001)

    opening = [asyncio.create_task(open_and_close(fanout)) for fanout in three]
    for _ in range(4):
        await until(lambda: all(fanout.connected for fanout in three))
        server.kill()
        await until(lambda: not any(fanout.connected for fanout in three))
        server.start()
    stopped.set()
    await asyncio.gather(*opening)
    gc.collect()  # what nobody has looked at is reported when it is thrown away
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


async def test_one_that_ends_while_it_connects_ends(server: RedisProcess) -> None:
    """At whatever moment of it."""
    for moment in range(40):
        fanout = RedisFanout(server.url)
        fanout.start()
        await asyncio.sleep(0.0002 * moment)
        async with asyncio.timeout(PATIENCE_S):
            await fanout.close()


def test_what_another_version_says_is_passed_over() -> None:
    hint = Advance("d", 3, b"\x00\n\xff")
    assert decode(encode(hint)) == hint
    for said in (b"", b"[]", b"{}\n", b'{"kind":"News","of":1}\n', b'{"kind":"Advance","document":"d"}\n', b"\xff"):
        assert decode(said) is None
