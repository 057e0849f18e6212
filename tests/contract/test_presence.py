"""Who is there and who points where: awareness under the server's names (W6), presence (W2)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pycrdt
import pytest

from crdt import awareness, sync
from crdt.awareness import State
from crdt.sync import Awareness
from tests.authors import shake_hands
from tests.client import Line
from tests.meetings import Person, TestMeeting


async def says(line: Line, client: int, clock: int, fields: dict[str, Any] | None) -> None:
    await line.send(sync.awareness(awareness.encode([State(client, clock, fields)])))


async def hears(line: Line, client: int) -> State:
    """The next that is told of this client, empty signs of life and others passed over."""
    while True:
        message: Awareness = await line.until(Awareness)
        for state in awareness.decode(message.update):
            if state.client == client:
                return state


async def overhears(line: Line, last: Callable[[State], bool] | None = None) -> list[State]:
    """All that is told: up to this one, which may take its time, and on until it is quiet."""
    told: list[State] = []
    while last is not None and not any(map(last, told)):
        message: Awareness = await line.until(Awareness)
        told += awareness.decode(message.update)
    messages = [message for message in await line.quiet(0.3) if isinstance(message, Awareness)]
    return told + [state for message in messages for state in awareness.decode(message.update)]


@pytest.fixture
def kazakhstan(meeting: TestMeeting) -> Person:
    return meeting.join()


@pytest.fixture
def uzbekistan(meeting: TestMeeting) -> Person:
    return meeting.join(delegation="UZB", name="Bek")


def stamp(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "delegation": person.delegation, "role": person.role}


async def test_w6_names_and_roles_are_the_servers_whatever_the_client_wrote(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    forged = {"name": "Chair", "delegation": "UZB", "role": "chair", "id": uzbekistan.id, "color": "#ff0000"}
    async with Line.open(meeting.url, kazakhstan.token) as line, Line.open(meeting.url, uzbekistan.token) as other:
        await shake_hands(line)
        await shake_hands(other)
        await says(line, 7, 1, {"user": forged, "cursor": {"anchor": 1}})
        told = await hears(other, 7)
        assert told == State(7, 1, {"user": stamp(kazakhstan) | {"color": "#ff0000"}, "cursor": {"anchor": 1}})
        await says(line, 7, 2, {"user": "Chair"})
        assert (await hears(other, 7)).fields == {"user": stamp(kazakhstan)}
        await says(line, 7, 3, {})
        assert (await hears(other, 7)).fields == {"user": stamp(kazakhstan)}


async def test_w6_one_socket_speaks_for_one_client_and_for_nobody_else(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    async with Line.open(meeting.url, kazakhstan.token) as line, Line.open(meeting.url, uzbekistan.token) as forger:
        await shake_hands(line)
        await shake_hands(forger)
        await says(line, 7, 5, {"cursor": 1})
        await hears(forger, 7)
        await says(forger, 7, 9, {"cursor": "forged"})  # as the first word of a socket …
        await says(forger, 7, 10, None)
        await says(forger, 8, 1, {"cursor": 2})
        await says(forger, 7, 11, {"cursor": "forged"})  # … and as a later one
        await says(forger, 9, 1, {"cursor": 3})
        both = sync.awareness(awareness.encode([State(7, 12, {"cursor": "forged"}), State(8, 2, {"cursor": 4})]))
        await forger.send(both)
        states = await overhears(line, lambda state: state.client == 8 and (state.fields or {}).get("cursor") == 4)
    assert {state.client for state in states} == {7, 8}
    assert [state.fields for state in states if state.client == 7] == [None, {"user": stamp(kazakhstan), "cursor": 1}]
    assert [state.fields for state in states if state.client == 8][-1] == {"user": stamp(uzbekistan), "cursor": 4}


async def test_w6_the_client_id_of_somebodys_text_is_theirs_in_awareness_too(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    async with Line.open(f"{meeting.url}?v=1", kazakhstan.token) as line:
        author = await shake_hands(line, client_id=4711)
        await line.send(sync.update(author.append("mine")))
        while (await line.until("saved"))["updates"] < 1:
            pass
    async with Line.open(meeting.url, uzbekistan.token) as forger, Line.open(meeting.url, kazakhstan.token) as line:
        await shake_hands(forger)
        await shake_hands(line)
        await says(forger, 4711, 1, {"cursor": "forged"})
        await says(forger, 8, 1, {"cursor": 2})
        assert [state.client for state in await overhears(line, lambda state: state.client == 8)] == [8]


async def test_w6_observers_have_no_cursor_but_see_those_of_others(meeting: TestMeeting, kazakhstan: Person) -> None:
    observer = meeting.join("observer", "UNDP")
    async with Line.open(meeting.url, kazakhstan.token) as line, Line.open(meeting.url, observer.token) as silent:
        await shake_hands(line)
        await shake_hands(silent)
        await says(silent, 7, 1, {"cursor": 1})
        await says(line, 8, 1, {"cursor": 2})
        assert (await hears(silent, 8)).fields == {"user": stamp(kazakhstan), "cursor": 2}
        assert {state.client for state in await overhears(line, lambda state: state.client == 8)} == {8}


async def test_w6_one_who_joins_or_asks_is_told_who_is_there_and_who_leaves_is_gone(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    async with Line.open(meeting.url, uzbekistan.token) as other:
        async with Line.open(meeting.url, kazakhstan.token) as line:
            await says(line, 7, 1, {"cursor": 1})
            await hears(other, 7)
            async with Line.open(meeting.url, uzbekistan.token) as late:
                assert (await hears(late, 7)).fields == {"user": stamp(kazakhstan), "cursor": 1}
                await late.send(b"\x03")
                assert (await hears(late, 7)).clock == 1
            await line.hang_up()
        assert (await hears(other, 7)).fields is None
        async with Line.open(meeting.url, uzbekistan.token) as later:
            assert await overhears(later) == []


async def test_w6_one_who_says_good_bye_is_gone_at_once(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    async with Line.open(meeting.url, kazakhstan.token) as line, Line.open(meeting.url, uzbekistan.token) as other:
        await says(line, 7, 1, {"cursor": 1})
        await hears(other, 7)
        await says(line, 7, 1, None)
        assert (await hears(other, 7)) == State(7, 1, None)
        await says(line, 7, 2, {"cursor": 2})
        assert (await hears(other, 7)).clock == 2


async def test_w6_one_who_comes_back_with_the_same_client_id_is_seen_again(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    """Peers do not listen to a clock that they have heard, so the server makes the client count on."""
    theirs = pycrdt.Awareness(pycrdt.Doc(client_id=8))
    mine = pycrdt.Awareness(pycrdt.Doc(client_id=7))
    mine.set_local_state({"cursor": 1})
    async with Line.open(meeting.url, uzbekistan.token) as other:
        for _ in range(3):
            async with Line.open(meeting.url, kazakhstan.token) as line:
                await line.send(sync.awareness(mine.encode_awareness_update([7])))
                asked: Awareness = await line.until(Awareness)
                mine.apply_awareness_update(asked.update, "server")
                await line.send(sync.awareness(mine.encode_awareness_update([7])))
                while 7 not in theirs.states:
                    theirs.apply_awareness_update((await other.until(Awareness)).update, "server")
                await line.hang_up()
            while 7 in theirs.states:
                theirs.apply_awareness_update((await other.until(Awareness)).update, "server")


async def test_w6_many_movements_are_told_at_most_twenty_times_a_second(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    async with Line.open(meeting.url, kazakhstan.token) as line, Line.open(meeting.url, uzbekistan.token) as other:
        await shake_hands(line)
        await shake_hands(other)
        began = asyncio.get_running_loop().time()
        for clock in range(1, 151):
            await says(line, 7, clock, {"cursor": clock})
        told = [await hears(other, 7)]
        while told[-1].clock < 150:
            told.append(await hears(other, 7))
        passed = asyncio.get_running_loop().time() - began
    assert len(told) <= 2 + passed * 20
    assert told[-1].fields == {"user": stamp(kazakhstan), "cursor": 150}


async def test_w6_states_too_large_to_be_a_cursor_are_not_passed_on(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    async with Line.open(meeting.url, kazakhstan.token) as line, Line.open(meeting.url, uzbekistan.token) as other:
        await says(line, 7, 1, {"cursor": "x" * 3000})
        await says(line, 7, 2, {"cursor": 2})
        assert (await hears(other, 7)).clock == 2


async def test_w2_presence_names_delegates_once_and_counts_observers(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    observer = meeting.join("observer", "UNDP")
    async with Line.open(f"{meeting.url}?v=1", kazakhstan.token) as line:
        told = await line.until("presence")
        assert told == {"type": "presence", "online": [stamp(kazakhstan)], "observers": 0}
        async with (
            Line.open(meeting.url, kazakhstan.token),
            Line.open(meeting.url, uzbekistan.token),
            Line.open(meeting.url, observer.token),
            Line.open(f"{meeting.url}?v=1", observer.token) as late,
        ):
            while len(told["online"]) < 2 or not told["observers"]:
                told = await line.until("presence")
            assert told == {"type": "presence", "online": [stamp(kazakhstan), stamp(uzbekistan)], "observers": 1}
            assert await late.until("presence") == told
        while len(told["online"]) > 1:
            told = await line.until("presence")
        assert told == {"type": "presence", "online": [stamp(kazakhstan)], "observers": 0}


async def test_w2_presence_is_told_at_most_once_a_second(
    meeting: TestMeeting, kazakhstan: Person, uzbekistan: Person
) -> None:
    loop, times = asyncio.get_running_loop(), []
    began = loop.time()
    async with Line.open(f"{meeting.url}?v=1", kazakhstan.token) as line:

        async def told(people: int) -> None:
            while len((await line.until("presence"))["online"]) != people:
                times.append(loop.time())
            times.append(loop.time())

        await told(1)
        for _ in range(2):
            async with Line.open(meeting.url, uzbekistan.token):
                await told(2)
            await told(1)
    # From before the first was sent: one of them may have been long under way, and the next not.
    assert times[-1] - began > 0.9 * (len(times) - 1)
    assert len(times) >= 5


async def test_p2_participants_are_listed_with_who_is_online(meeting: TestMeeting, kazakhstan: Person) -> None:
    def online() -> dict[str, bool]:
        answer = meeting.admin.get(f"/api/meetings/{meeting.id}/participants")
        return {person["id"]: person["online"] for person in answer.json()["items"]}

    assert online()[kazakhstan.id] is False
    async with Line.open(meeting.url, kazakhstan.token) as line:
        await line.receive()
        assert online()[kazakhstan.id] is True
