"""W1: any Yjs or pycrdt client can take part. The clients here are as their authors publish them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pycrdt
import pytest

from crdt.units import utf8_at_point
from tests.client import Client
from tests.conftest import Launch
from tests.interop.stock import WITHIN, StockProcess, pycrdt_provider
from tests.meetings import TestMeeting
from tests.processes import ServerProcess

POINTING = {"cursor": {"anchor": 1, "head": 2}, "user": {"name": "Somebody else", "color": "#112233"}}


@pytest.fixture
async def node() -> AsyncIterator[StockProcess]:
    async with StockProcess.running() as process:
        yield process


@pytest.fixture
def meeting(server: ServerProcess, admin: httpx.Client) -> TestMeeting:
    return TestMeeting.make(server, admin)


async def comes_true(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN):
        while not await condition():  # noqa: ASYNC110  # it may be anything
            await asyncio.sleep(0.02)


def written(meeting: TestMeeting) -> str:
    return "".join(f"\n{text}" for text in meeting.text())


async def test_w1_w3_stock_clients_and_ours_write_together_and_converge(
    meeting: TestMeeting, node: StockProcess
) -> None:
    people = [meeting.join(), meeting.join(delegation="UZB"), meeting.join("chair", None), meeting.join()]
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    text = doc.get("text", type=pycrdt.Text)
    one = await node.open("one", meeting.url, people[0].token)
    two = await node.open("two", meeting.url, people[1].token)
    async with (
        pycrdt_provider(meeting.url, people[2].token, doc),
        Client(meeting.url, people[3].token) as ours,
    ):
        await one.synced()
        await two.synced()
        await ours.until(lambda: ours.synced)
        assert await one.text() == "\nFirst.\nSecond.\nThird." == str(text)
        for turn in range(15):
            await one.insert(f"a{turn}😀", at=1)
            await two.insert(f"\nб{turn}")
            text.insert(utf8_at_point(str(text), str(text).index("Second")), f"ж{turn}", {})
            ours.type(f"o{turn} ")
            if turn % 3 == 0:
                await two.format(1, 1, {"strong": True})
                await one.remove(1, 1)
        await ours.saved()
        await comes_true(lambda: _same(one.text, two.text, lambda: text_of(doc), lambda: text_of(ours.doc)))
        everything = await one.text()
        assert everything == written(meeting)
        assert all(word in everything for turn in range(15) for word in (f"б{turn}", f"ж{turn}", f"o{turn} "))


async def text_of(doc: pycrdt.Doc[Any]) -> str:
    return str(doc.get("text", type=pycrdt.Text))


async def _same(*texts: Callable[[], Awaitable[str]]) -> bool:
    return len({await text() for text in texts}) == 1


async def test_w1_what_a_stock_client_writes_offline_arrives_when_it_comes_back(
    meeting: TestMeeting, node: StockProcess
) -> None:
    one = await node.open("one", meeting.url, meeting.join().token)
    two = await node.open("two", meeting.url, meeting.join(delegation="UZB").token)
    await one.synced()
    await two.synced()
    await one.disconnect()
    await one.insert(" Written offline.")
    await two.insert("Meanwhile: ", at=1)
    await one.connect()
    await one.synced(2)
    await comes_true(lambda: _same(one.text, two.text))
    assert written(meeting) == await one.text() == "\nMeanwhile: First.\nSecond.\nThird. Written offline."


async def test_w1_a_pycrdt_client_may_write_before_it_has_answered(meeting: TestMeeting) -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    token = meeting.join().token
    async with pycrdt_provider(meeting.url, token, doc):
        text = doc.get("text", type=pycrdt.Text)
    text += " Written offline."
    async with pycrdt_provider(meeting.url, token, doc):
        text += " And at once."
        await comes_true(lambda: _reads(meeting, "Third. Written offline. And at once."))


async def _reads(meeting: TestMeeting, last: str) -> bool:
    return meeting.text()[-1] == last


async def test_w6_stock_clients_see_each_others_cursors_under_the_servers_names(
    meeting: TestMeeting, node: StockProcess
) -> None:
    person, other = meeting.join(name="Aru"), meeting.join(delegation="UZB", name="Bek")
    one = await node.open("one", meeting.url, person.token)
    two = await node.open("two", meeting.url, other.token)
    await one.synced()
    await two.synced()
    await one.point(POINTING)

    async def seen() -> bool:
        return "user" in (await two.states()).get(one.client, {})

    await comes_true(seen)
    assert (await two.states())[one.client] == {
        "cursor": {"anchor": 1, "head": 2},
        "user": {"id": person.id, "name": "Aru", "delegation": "KAZ", "role": "delegate", "color": "#112233"},
    }
    three = await node.open("three", meeting.url, other.token)
    await comes_true(lambda: _has(three.states, one.client))
    await one.destroy()
    await comes_true(lambda: _has_not(two.states, one.client))


async def _has(states: Callable[[], Awaitable[dict[int, Any]]], client: int) -> bool:
    return "user" in (await states()).get(client, {})


async def _has_not(states: Callable[[], Awaitable[dict[int, Any]]], client: int) -> bool:
    return client not in await states()


async def test_w4_a_stock_observer_reads_along_and_changes_nothing(meeting: TestMeeting, node: StockProcess) -> None:
    reader = await node.open("reader", meeting.url, meeting.join("observer", "UNDP").token)
    writer = await node.open("writer", meeting.url, meeting.join().token)
    await reader.synced()
    await writer.synced()
    await reader.insert("not mine to write ", at=1)
    await reader.point(POINTING)
    await writer.format(1, 5, {"em": True})
    await writer.insert(" More.")
    await comes_true(lambda: _ends(reader.text, "Third. More."))
    assert meeting.text() == ["First.", "Second.", "Third. More."]
    assert not await _has(writer.states, reader.client)
    assert [event for event in reader.events if event["event"] == "closed"] == []


async def _ends(text: Callable[[], Awaitable[str]], words: str) -> bool:
    return (await text()).endswith(words)


async def test_w7_a_stock_client_takes_a_removal_for_final(meeting: TestMeeting, node: StockProcess) -> None:
    person = meeting.join()
    one = await node.open("one", meeting.url, person.token)
    await one.synced()
    assert meeting.admin.delete(f"/api/participants/{person.id}").status_code == 204
    assert await one.closed() == 4401


async def test_w7_a_stock_client_that_would_type_into_the_void_is_told_4409(
    meeting: TestMeeting, node: StockProcess
) -> None:
    one = await node.open("one", meeting.url, meeting.join().token)
    await one.synced()
    await one.format(1, 3, {"blink": True})
    assert await one.closed() == 4409
    assert meeting.text() == ["First.", "Second.", "Third."]


async def test_w7_stock_clients_come_back_by_themselves_when_the_server_restarts(
    launch: Launch, node: StockProcess
) -> None:
    server = launch()
    with server.admin() as admin:
        meeting = TestMeeting.make(server, admin)
        one = await node.open("one", meeting.url, meeting.join().token)
        two = await node.open("two", meeting.url, meeting.join(delegation="UZB").token)
        await one.synced()
        await two.synced()
        await one.point(POINTING)
        await comes_true(lambda: _has(two.states, one.client))
        await asyncio.to_thread(server.stop)
        await one.insert(" Written while it was down.")
        await comes_true(lambda: _has_not(two.states, one.client))
        await asyncio.to_thread(server.start)
        await one.synced(2)
        await two.synced(2)
        await comes_true(lambda: _same(one.text, two.text))
        await comes_true(lambda: _has(two.states, one.client))
        assert meeting.text()[-1] == "Third. Written while it was down."


@pytest.mark.long
async def test_w1_a_stock_client_stays_where_nothing_happens(meeting: TestMeeting, node: StockProcess) -> None:
    """y-websocket leaves a server that was silent for 30 seconds, and an observer does not even hear itself."""
    reader = await node.open("reader", meeting.url, meeting.join("observer", "UNDP").token)
    await reader.synced()
    await asyncio.sleep(45)
    assert [event["status"] for event in reader.events if event["event"] == "status"] == ["connected"]
