"""What becomes of updates: saved, refused, passed on, held (W2 to W5)."""

import pytest

from crdt import sync
from crdt.sync import SyncStep1, SyncStep2, SyncUpdate
from tests.authors import Author, shake_hands
from tests.client import Client, Event, Line
from tests.meetings import TestMeeting


async def saved(line: Line, updates: int) -> Event:
    """The first `saved` that counts so many updates."""
    while True:
        event: Event = await line.until("saved")
        if event["updates"] >= updates:
            return event


async def test_w2_saved_counts_updates_and_names_the_entry(meeting: TestMeeting) -> None:
    person = meeting.join()
    async with Line.open(f"{meeting.url}?v=1", person.token) as line:
        author = await shake_hands(line)
        assert await line.until("saved") == {"type": "saved", "updates": 0, "step2": True, "seq": 1}
        for _ in range(3):
            await line.send(sync.update(author.append("x")))
        event = await saved(line, 3)
    assert event["step2"] is True
    assert event["seq"] == meeting.paragraphs()["seq"]
    assert meeting.text()[-1] == "Third.xxx"


async def test_w2_step_2_is_said_to_be_saved_even_when_it_brought_nothing(meeting: TestMeeting) -> None:
    observer = meeting.join("observer", "UNDP")
    async with Line.open(f"{meeting.url}?v=1", observer.token) as line:
        await line.until(SyncStep1)
        await line.send(sync.step2(b"\0\0"))
        assert (await line.until("saved"))["step2"] is True


async def test_w2_what_was_typed_offline_comes_as_step_2_and_is_saved(meeting: TestMeeting) -> None:
    person = meeting.join()
    async with Line.open(meeting.url, person.token) as line:
        author = await shake_hands(line)
    author.append(" typed offline")
    async with Line.open(f"{meeting.url}?v=1", person.token) as line:
        asked = await line.until(SyncStep1)
        await line.send(sync.step2(author.doc.get_update(asked.state_vector)))
        assert (await line.until("saved"))["seq"] == 2
    assert meeting.text()[-1] == "Third. typed offline"


async def test_w2_refused_updates_count_too_and_their_words_come_back(meeting: TestMeeting) -> None:
    observer = meeting.join("observer", "UNDP")
    async with Line.open(f"{meeting.url}?v=1", observer.token) as line:
        author = await shake_hands(line)
        await line.send(sync.update(author.append("Не для протокола 😀")))
        refused = await line.until("refused")
        assert (refused["update"], refused["reason"]) == (1, "read_only")
        assert refused["text"] == ["Не для протокола 😀"]
        assert refused["paragraphs"] == [meeting.paragraphs()["paragraphs"][2]["id"]]
        assert (await saved(line, 1))["seq"] == 1


async def test_w3_w4_two_who_write_converge_and_an_observer_reads_along(meeting: TestMeeting) -> None:
    kazakhstan, uzbekistan = meeting.join(), meeting.join(delegation="UZB", name="Bek")
    observer = meeting.join("observer", "UNDP", "Obs")
    async with (
        Client(meeting.url, kazakhstan.token) as one,
        Client(meeting.url, uzbekistan.token) as two,
        Client(meeting.url, observer.token) as reader,
    ):
        for client in (one, two, reader):
            await client.until(lambda client=client: client.synced)  # type: ignore[misc]
        for turn in range(20):
            one.type(f"a{turn} ")
            two.type(f"ы{turn} ", at=1)
        await one.saved()
        await two.saved()
        text = meeting.text()
        for client in (one, two, reader):
            await client.until(lambda client=client: str(client.text).split("\n")[1:] == text)  # type: ignore[misc]
        reader.type("not mine to write")
        assert (await reader.event("refused"))["reason"] == "read_only"
        assert meeting.text() == text


@pytest.mark.parametrize("query", ["", "?v=1"])
async def test_w5_a_client_id_belongs_to_whoever_used_it_first(meeting: TestMeeting, query: str) -> None:
    first, second = meeting.join(), meeting.join(delegation="UZB", name="Bek")
    async with Line.open(f"{meeting.url}?v=1", first.token) as line:
        author = await shake_hands(line, client_id=4711)
        await line.send(sync.update(author.append("mine")))
        await saved(line, 1)
    async with Line.open(meeting.url + query, second.token) as line:
        forger = await shake_hands(line)
        author.doc.apply_update(forger.doc.get_update())
        await line.send(sync.update(author.append(" and forged")))
        if query:
            assert (await line.until("refused"))["reason"] == "foreign_author"
            await line.send(sync.update(forger.append(" and honest")))
            await saved(line, 2)
        else:
            assert (await line.closed()).code == 4409
    assert meeting.text()[-1] == ("Third.mine and honest" if query else "Third.mine")


@pytest.mark.parametrize("query", ["", "?v=1"])
async def test_w5_an_update_past_a_gap_is_refused(meeting: TestMeeting, query: str) -> None:
    person = meeting.join()
    async with Line.open(meeting.url + query, person.token) as line:
        author = await shake_hands(line)
        lost, late = author.append("lost"), author.append("late")
        await line.send(sync.update(late))
        if query:
            refused = await line.until("refused")
            assert (refused["update"], refused["reason"]) == (1, "gap")
            await line.send(sync.update(lost))
            await line.send(sync.update(late))
            await saved(line, 3)
            assert meeting.text()[-1] == "Third.lostlate"
        else:
            assert (await line.closed()).code == 4409
            assert meeting.text()[-1] == "Third."


async def test_w5_what_is_typed_before_the_answer_is_held_and_judged_after_it_in_order(meeting: TestMeeting) -> None:
    person = meeting.join()
    async with Line.open(meeting.url, person.token) as line:
        author = await shake_hands(line)
    before = author.doc.get_state()
    author.append(" offline")
    offline = author.doc.get_update(before)
    async with Line.open(f"{meeting.url}?v=1", person.token) as line:
        await line.until(SyncStep1)
        for words in (" one", " two", " three"):
            await line.send(sync.update(author.append(words)))
        await line.send(sync.step1(b"\0"))
        await line.until(SyncStep2)  # the line has been read up to here
        assert meeting.paragraphs()["seq"] == 1
        await line.send(sync.step2(offline))
        events = [await line.until("saved")]
        while events[-1]["updates"] < 3:
            events.append(await line.until("saved"))
    assert events[-1] == {"type": "saved", "updates": 3, "step2": True, "seq": meeting.paragraphs()["seq"]}
    assert meeting.text()[-1] == "Third. offline one two three"


async def test_w5_w7_what_is_held_is_bounded(meeting: TestMeeting) -> None:
    person = meeting.join()
    async with Line.open(f"{meeting.url}?v=1", person.token) as line:
        author = Author(client_id=5)
        await line.until(SyncStep1)
        large = author.append("x" * 900_000)
        for _ in range(12):
            await line.send(sync.update(large))
        rest, closed = await line.rest()
    assert closed.code == 4400
    (refused,) = [event for event in rest if isinstance(event, dict) and event["type"] == "refused"]
    assert (refused["update"], refused["reason"]) == (10, "too_large")
    assert meeting.paragraphs()["seq"] == 1


@pytest.mark.parametrize("query", ["", "?v=1"])
async def test_w7_an_update_that_is_too_large_is_refused(meeting: TestMeeting, query: str) -> None:
    person = meeting.join()
    async with Line.open(meeting.url + query, person.token) as line:
        author = await shake_hands(line)
        await line.send(sync.update(author.append("x" * 1_100_000)))
        if query:
            assert (await line.until("refused"))["reason"] == "too_large"
        else:
            assert (await line.closed()).code == 4409
    assert meeting.text()[-1] == "Third."


async def test_w5_a_client_that_sends_back_all_that_it_hears_does_no_wrong(meeting: TestMeeting) -> None:
    """pycrdt's provider does: others' updates, under their client ids."""
    writer, echoer = meeting.join(), meeting.join("observer", "UNDP")
    async with Client(meeting.url, writer.token) as one, Line.open(f"{meeting.url}?v=1", echoer.token) as line:
        await one.until(lambda: one.synced)
        reader = await shake_hands(line)
        for _ in range(100):
            one.type("x")
        await one.saved()
        echoed = 0
        while str(reader.text) != str(one.text):
            message: SyncUpdate = await line.until(SyncUpdate)
            reader.doc.apply_update(message.update)
            await line.send(sync.update(message.update))
            echoed += 1
        assert (await saved(line, echoed))["seq"] == meeting.paragraphs()["seq"]
        assert not [event for event in await line.quiet(0.1) if isinstance(event, dict) and event["type"] == "refused"]
    assert meeting.text()[-1] == "Third." + "x" * 100
