"""B3, B5: what becomes of brackets while people edit, in the record, in events, and for those who come back."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from crdt.brackets import Register
from crdt.compose import Draft as Paragraph
from crdt.compose import compose
from crdt.document import Document
from crdt.paragraphs import Run
from server import times
from server.api.series import Pass, _grouped
from server.auth.policy import Principal
from server.fanout import LocalFanout
from server.rooms import Decision, Room, Rooms, Scene
from server.rooms.author import Author
from server.rooms.brackets import Life, position_event, position_row
from server.rooms.standing import written
from server.store import EMPTY, EntryDraft, Store, brackets
from server.tables import METADATA, Role
from server.verifying import verify
from tests.interop.yjs import Yjs, YjsDoc
from tests.server.conftest import Draft, add_draft
from tests.server.rooms.conftest import QUICK, SERVER_CLIENT
from tests.server.rooms.people import Listener
from tests.server.rooms.waiting import until

TEXT = ("Recalling [that] the Parties [shall][should] act,", "[KAZ: and [do] so]")
THAT, SHALL, SHOULD, OUTER, INNER = "[that]", "[shall]", "[should]", "[KAZ: and [do] so]", "[do]"


@pytest.fixture(scope="module")
def yjs() -> Iterator[Yjs]:
    with Yjs() as yjs:
        yield yjs


@pytest.fixture
async def draft(store: Store) -> Draft:
    draft = await store.write(add_draft)
    payload = compose([Paragraph((Run(text),)) for text in TEXT], SERVER_CLIENT)
    await store.append(draft.id, EMPTY, [EntryDraft("update", draft.chair, times.now(), payload)])
    return draft


@pytest.fixture
async def room(rooms: Rooms, draft: Draft) -> Room:
    return await rooms.room(draft.id)


class Page:
    """Somebody with real Yjs and its UndoManager in a room."""

    def __init__(self, yjs: Yjs, room: Room, participant: str, name: str, meeting: str, client: int) -> None:
        self.doc: YjsDoc = yjs.open(client)
        self.room = room
        self.line = Listener(participant)
        self.line.principal = Principal(participant, name, Role.DELEGATE, meeting, None)
        self.sent = 0
        room.join(self.line)
        self.line.synced = True
        self.doc.apply([room.missing(b"\0")])
        self.read = 0

    def receive(self) -> None:
        updates = self.line.heard("update")
        self.doc.apply(updates[self.read :])
        self.read = len(updates)

    async def send(self, updates: list[bytes]) -> None:
        for update in updates:
            self.sent += 1
            self.room.edit(self.line, update, self.sent)
        await until(lambda: any(told[0] >= self.sent for told in self.line.heard("saved")))

    async def insert(self, at: int, text: str) -> None:
        self.receive()
        await self.send(self.doc.edit([["insert", at, text, None]]))

    async def delete(self, words: str, instead: str = "") -> None:
        self.receive()
        at = self.doc.text.index(words)
        steps: list[list[Any]] = [["delete", at, len(words)]]
        await self.send(self.doc.edit([*steps, ["insert", at, instead, None]] if instead else steps))

    async def undo(self, redo: bool = False) -> None:
        self.receive()
        await self.send(self.doc.undo(redo))

    def told(self) -> list[dict[str, Any]]:
        return [event["data"] for event in self.line.heard("event") if event["kind"] == "resolution"]


@pytest.fixture
async def people(yjs: Yjs, room: Room, draft: Draft) -> AsyncIterator[tuple[Page, Page]]:
    pair = (
        Page(yjs, room, draft.delegate, "Delegate", draft.meeting, 501),
        Page(yjs, room, draft.chair, "Chair", draft.meeting, 502),
    )
    yield pair
    for page in pair:
        page.doc.close()


async def ids(room: Room) -> dict[str, str]:
    """The id of each open bracket, by its text."""
    sight = await room.read(lambda document: document.brackets.sight())
    return {seen.text: seen.id for name in (*sight.ids, *sight.unclosed) if (seen := sight.seen(name))}


def life(room: Room, name: str) -> Life:
    return room.standing.brackets.lives[name]


async def all_is_well(room: Room, draft: Draft, store: Store) -> None:
    """What others rebuild from the record is what stands here."""
    found = await verify(store, draft.id, "")
    assert found.failed is None, found.reason
    async with Rooms(store, LocalFanout(), pace=QUICK) as others:
        assert (await others.room(draft.id)).standing.brackets == room.standing.brackets


@pytest.mark.parametrize(
    ("words", "instead", "outcome"),
    [
        ("[that] ", "", "deleted"),
        ("[that]", "whether", "replaced"),
        ("[", "", "kept"),
        ("[tha", "", "replaced"),
        ("Recalling [that] the Parties", "The Parties", "replaced"),
    ],
)
async def test_b5_what_vanished_is_recorded_with_what_became_of_it_and_by_whom(
    people: tuple[Page, Page], room: Room, draft: Draft, store: Store, words: str, instead: str, outcome: str
) -> None:
    one, other = people
    name = (await ids(room))[THAT]
    await one.delete(words, instead)
    found = life(room, name)
    assert (found.outcome, found.by.id, found.was["text"]) == (outcome, draft.delegate, THAT)
    entries = (await store.entries(draft.id))[1:]
    assert [entry.kind for entry in entries] == ["update", "resolution"]
    assert found.seq == entries[1].seq
    (event,) = other.told()
    assert (event["bracket"], event["outcome"], event["was"]["text"]) == (name, outcome, THAT)
    await all_is_well(room, draft, store)


async def test_b5_both_brackets_gone_and_the_words_left_is_kept(people: tuple[Page, Page], room: Room) -> None:
    one, _ = people
    name = (await ids(room))[SHALL]
    one.receive()
    at = one.doc.text.index(SHALL)
    await one.send(one.doc.edit([["delete", at, 1], ["delete", at + 5, 1]]))
    assert life(room, name).outcome == "kept"


async def test_b5_who_says_it_is_not_what_is_said(people: tuple[Page, Page], room: Room) -> None:
    """The attribution goes with the brackets, and the words are kept."""
    one, _ = people
    await room.read(lambda document: document.brackets.live.rename(Register.of([("KAZ", "Kazakhstan")])))
    outer = (await ids(room))[OUTER]
    one.receive()
    at = one.doc.text.index(OUTER)
    await one.send(one.doc.edit([["delete", at + len(OUTER) - 1, 1], ["delete", at, len("[KAZ: ")]]))
    assert life(room, outer).outcome == "kept"


async def test_b5_nested_ones_go_with_it_and_have_their_own_entries(
    people: tuple[Page, Page], room: Room, draft: Draft, store: Store
) -> None:
    one, other = people
    names = await ids(room)
    await one.delete(OUTER)
    assert [life(room, names[text]).outcome for text in (OUTER, INNER)] == ["deleted", "deleted"]
    assert {event["bracket"] for event in other.told()} == {names[OUTER], names[INNER]}
    await all_is_well(room, draft, store)


async def test_b5_one_that_lost_its_end_alone_stays_open(people: tuple[Page, Page], room: Room) -> None:
    one, other = people
    name = (await ids(room))[OUTER]
    before = await room.read(lambda document: document.brackets.sight().counts)
    one.receive()
    await one.send(one.doc.edit([["delete", len(one.doc.text) - 1, 1]]))
    sight = await room.read(lambda document: document.brackets.sight())
    assert name in sight.unclosed
    assert sight.counts.pairs == before.pairs - 1
    assert other.told() == []
    await one.send(one.doc.edit([["insert", len(one.doc.text), "]", None]]))
    assert (await ids(room))[OUTER] == name


async def test_b5_a_slip_of_typing_is_no_bracket(people: tuple[Page, Page], room: Room) -> None:
    one, other = people
    await one.insert(5, "[")
    await one.delete("\nReca["[1:])
    assert other.told() == []
    await one.insert(1, "[")
    await other.delete("[")  # another's hand: nothing disappears silently
    assert [event["outcome"] for event in one.told()] == ["kept"]


async def test_b3_identity_through_edits_splits_and_joins(people: tuple[Page, Page], room: Room) -> None:
    one, other = people
    names = await ids(room)
    await one.insert(1, "New words\n")
    other.receive()
    at = other.doc.text.index(THAT) + 3
    await other.insert(at, "\n")
    one.receive()
    await one.send(one.doc.edit([["delete", at, 1]]))
    await other.insert(1, "x")
    now = await ids(room)
    assert {text: now[text] for text in names} == names


async def test_b3_what_an_undo_brings_back_goes_on_under_its_first_id(
    people: tuple[Page, Page], room: Room, draft: Draft, store: Store
) -> None:
    one, other = people
    name = (await ids(room))[THAT]
    await one.delete("[that] ")
    await one.undo()
    again = (await ids(room))[THAT]
    assert again != name
    brackets = room.standing.brackets
    assert (brackets.first(again), brackets.now(name)) == (name, again)
    assert other.told()[-1] == {"bracket": name, "outcome": "returned", "as": again}
    await one.undo(redo=True)
    assert life(room, again).outcome == "deleted"
    await one.undo()
    third = (await ids(room))[THAT]
    assert room.standing.brackets.first(third) == name
    assert room.standing.brackets.gone() == []
    await all_is_well(room, draft, store)


async def test_b3_an_undo_of_all_brings_back_each_in_its_place(
    people: tuple[Page, Page], room: Room, draft: Draft, store: Store
) -> None:
    """Two that read alike, nested ones, and words that another typed meanwhile."""
    one, other = people
    await one.insert(len(one.doc.text), " [that] more")
    first = {seen.id: seen for seen in await all_seen(room)}
    await one.delete(one.doc.text[1:])
    await other.insert(1, "meanwhile")
    await one.undo()
    now = await all_seen(room)
    brackets = room.standing.brackets
    assert [brackets.first(seen.id) for seen in now] == list(first)
    assert [seen.text for seen in now] == [seen.text for seen in first.values()]
    await all_is_well(room, draft, store)


async def all_seen(room: Room) -> list[Any]:
    sight = await room.read(lambda document: document.brackets.sight())
    return [sight.seen(name) for name in sight.ids]


async def test_b3_the_same_words_elsewhere_or_by_another_are_another_bracket(
    people: tuple[Page, Page], room: Room
) -> None:
    one, other = people
    name = (await ids(room))[THAT]
    at = one.doc.text.index(THAT)
    await one.delete(THAT)
    await one.insert(1, THAT)  # pasted somewhere else
    await other.insert(at + len(THAT), THAT)  # where it stood, by somebody else
    brackets = room.standing.brackets
    assert [seen.text for seen in await all_seen(room)].count(THAT) == 2
    assert all(brackets.first(seen.id) == seen.id for seen in await all_seen(room))
    assert [each.id for each in brackets.gone()] == [name]


async def test_b3_other_words_in_its_place_are_another_bracket(people: tuple[Page, Page], room: Room) -> None:
    one, _ = people
    await one.delete(THAT, "[this]")
    names = await ids(room)
    assert room.standing.brackets.first(names["[this]"]) == names["[this]"]


async def test_a_copy_beside_the_original_takes_nothing(people: tuple[Page, Page], room: Room) -> None:
    one, _ = people
    names = await ids(room)
    at = one.doc.text.index(THAT)
    await one.insert(at, THAT + " ")
    await one.delete(THAT + " ")
    await one.undo()
    seen = [each for each in await all_seen(room) if each.text == THAT]
    firsts = [room.standing.brackets.first(each.id) for each in seen]
    assert firsts[1] == names[THAT]
    assert firsts[0] != names[THAT]


async def test_a_bracket_is_recognised_after_the_room_was_opened_anew(
    yjs: Yjs, people: tuple[Page, Page], rooms: Rooms, room: Room, draft: Draft
) -> None:
    """Also from a checkpoint, where the letters of the dead are forgotten."""
    one, _ = people
    name = (await ids(room))[THAT]
    await one.delete(THAT)
    await room.checkpoint()
    room.close(1012, "test")  # type: ignore[arg-type]
    again = await rooms.room(draft.id)
    one.room = again
    again.join(one.line)
    one.line.told.clear()
    one.sent = one.read = 0
    await one.undo()
    assert again.standing.brackets.first((await ids(again))[THAT]) == name


async def test_what_another_process_recorded_is_known_and_told_here(
    people: tuple[Page, Page], store: Store, room: Room, draft: Draft
) -> None:
    one, _ = people
    async with Rooms(store, LocalFanout(), pace=QUICK) as others:
        elsewhere = await others.room(draft.id)
        reader = Listener(draft.observer, role=Role.OBSERVER, meeting=draft.meeting)
        elsewhere.join(reader)
        await one.delete(THAT)
        await others.look()
        await until(lambda: elsewhere.seq == room.seq)
        assert elsewhere.standing.brackets == room.standing.brackets
        kinds = [event["kind"] for event in reader.heard("event")]
        assert kinds == ["resolution"]
        assert "update" not in reader.heard("event")[0]["data"]


async def test_a_position_that_another_process_took_is_told_here_as_there(
    people: tuple[Page, Page], store: Store, room: Room, draft: Draft
) -> None:
    name = (await ids(room))[THAT]
    async with Rooms(store, LocalFanout(), pace=QUICK) as others:
        elsewhere = await others.room(draft.id)
        reader = Listener(draft.observer, role=Role.OBSERVER, meeting=draft.meeting)
        elsewhere.join(reader)
        await take_position(room, draft, name)
        await others.look()
        await until(lambda: reader.heard("event"))
        assert reader.heard("event") == people[0].line.heard("event")
        (event,) = reader.heard("event")
        assert set(event["data"]) == {"bracket", "delegation", "position"}


async def take_position(room: Room, draft: Draft, name: str) -> None:
    said = {"bracket": name, "delegation": "KAZ", "stance": "oppose", "note": None, "on_behalf": False}
    by = Author(draft.delegate, "Delegate", None)

    def decide(scene: Scene) -> Decision[None]:
        row = position_row(draft.id, name, scene.seq, scene.at, draft.delegate, said)
        entry = EntryDraft("position", draft.delegate, scene.at, written(said))
        return Decision(None, entry, (brackets.position(row),), position_event(said, scene.at, by), by)

    await room.act(decide)


async def test_keystrokes_without_brackets_read_nothing(people: tuple[Page, Page], room: Room) -> None:
    one, _ = people
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "paragraphs", _never)
        patch.setattr("crdt.brackets.watch.Watch.sight", _never)
        await one.insert(1, "words")
        await one.delete("words")


def _never(*_: object) -> None:
    raise AssertionError


async def test_many_that_vanish_at_once_are_all_recorded_in_a_bounded_number_of_entries(
    people: tuple[Page, Page], room: Room, draft: Draft, store: Store
) -> None:
    one, _ = people
    many = "".join(f"[{number}]" for number in range(250))
    await one.insert(1, many)
    before = room.seq
    await one.delete(many)
    assert room.seq == before + 101
    assert len(room.standing.brackets.gone()) == 250
    await all_is_well(room, draft, store)


@pytest.mark.parametrize("table", ["bracket", "position"])
async def test_r3_rows_that_are_not_as_the_record_says_are_found(
    people: tuple[Page, Page], room: Room, draft: Draft, store: Store, table: str
) -> None:
    one, _ = people
    name = (await ids(room))[THAT]
    await take_position(room, draft, name)
    await one.delete(THAT)
    await all_is_well(room, draft, store)
    await one.undo()
    again = (await ids(room))[THAT]
    assert room.standing.brackets.of(again)["KAZ"].stance == "oppose"  # B3
    await all_is_well(room, draft, store)
    await store.write(lambda connection: connection.execute(METADATA.tables[table].delete()))
    found = await verify(store, draft.id, "")
    assert "brackets and positions" in str(found.reason)


async def test_progress_is_the_same_at_once_and_step_by_step(
    people: tuple[Page, Page], room: Room, draft: Draft, store: Store
) -> None:
    one, other = people
    for number in range(4):
        await one.delete(INNER if number % 2 else THAT)
        await other.insert(1, "[new] ")
        await one.undo()
    entries = await store.entries(draft.id)
    at_once, by_steps = Pass(Register.of([])), Pass(Register.of([]))
    at_once.take(entries)
    for group in _grouped(entries):
        by_steps.take(group)
    assert at_once.series() == by_steps.series()
    sight = await room.read(lambda document: document.brackets.sight())
    last = at_once.series()[-1]
    assert (last.counts, last.seq) == (sight.counts, room.seq)
    outcomes = [outcome for point in at_once.series() for _, outcome in point.brackets]
    assert outcomes.count("deleted") == outcomes.count("returned") == 4
