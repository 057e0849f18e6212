"""Threads follow their paragraphs: through splits, joins, deletions and undo, in any order (B3).

The model is what a reader expects of one change; what stands is told from the record alone, so that every process, one
that has opened the document anew in the middle, and `verify` come to the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crdt import anchors
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.paragraphs import Paragraph, Run
from crdt.sequence import head_of
from crdt.update import Update, decode
from server.auth.policy import Ground
from server.rooms import following
from server.rooms.author import Author
from server.rooms.opening import retrace
from server.rooms.standing import Standing, after, followed, written
from server.rooms.threads import Thread
from server.store import Entry
from server.tables import EntryKind
from tests.writers import PycrdtWriter

WORDS = ("shall", "должны", "各方", "😀", "a")
TEXTS = ("", "agree", "to agree", "согласны", "a a a", "a a a", "😀 ok")
PEOPLE = {1: "one", 2: "two"}
MARK = Author("one", "One", "KAZ")

Where = dict[str, tuple[int | None, bool]]
"""By thread: the index of its paragraph (None: it is gone), and whether it is detached."""


@dataclass
class Step:
    """Something that can be undone: whose it was, how the text read before, where the threads stood, and its update."""

    client: int
    texts: list[str]
    before: Where
    update: Update

    def undone_by(self, update: Update) -> bool:
        """Whether an undo took back this step: where nothing of the last one is left, it takes an earlier one."""
        copied = {struct.right_origin for struct in update.structs}
        written = {(struct.client, struct.clock + at) for struct in self.update.structs for at in range(struct.size)}
        return bool(copied & ids(self.update.deletes) or written & ids(update.deletes))


def ids(ranges: Mapping[int, Iterable[tuple[int, int]]]) -> set[tuple[int, int]]:
    return {(client, clock + at) for client, found in ranges.items() for clock, size in found for at in range(size)}


class Paragraphs(RuleBasedStateMachine):
    """Two people who write by turns in one document and see each other's changes at once."""

    @initialize(texts=st.lists(st.sampled_from(TEXTS), min_size=1, max_size=5))
    def begin(self, texts: list[str]) -> None:
        self.document = Document.new()
        self.standing = Standing(Ground("m"))
        self.entries: list[Entry] = []
        self.dumps: list[tuple[int, tuple[bytes, bytes, dict[int, str]], Standing]] = []
        self.writers = {client: PycrdtWriter(client) for client in PEOPLE}
        self.steps: list[Step] = []
        self.lost: set[str] = set()  # threads that ever were
        first = compose([Draft((Run(text),) if text else ()) for text in texts], 9)
        self.took(first, "secretary")
        for writer in self.writers.values():
            writer.receive([first])

    def took(self, update: bytes, participant: str) -> None:
        verdict = self.document.judge(update, participant)
        assert isinstance(verdict, Accepted)
        self.document.commit([verdict.update])
        self.standing, _ = followed(self.standing, self.document.index, verdict.update, participant)
        self.lost |= {thread.id for thread in self.standing.threads.values() if thread.detached is not None}
        self.record(EntryKind.UPDATE, verdict.update, participant)

    def record(self, kind: EntryKind, payload: bytes, participant: str) -> None:
        entry = Entry("d", len(self.entries) + 1, kind, participant, "2026", payload, b"", b"")
        self.entries.append(entry)

    def write(self, client: int, steps: list[list[Any]]) -> Where:
        """Where the threads stood before."""
        texts, before = self.texts, self.where()
        updates = self.writers[client].edit(steps)
        assert len(updates) == 1
        self.send(client, updates)
        self.steps.append(Step(client, texts, before, decode(updates[0])))
        return before

    def send(self, client: int, updates: list[bytes]) -> None:
        for update in updates:
            self.took(update, PEOPLE[client])
        for other, writer in self.writers.items():
            if other != client:
                writer.receive(updates)

    # -- what is there

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.document.paragraphs()]

    def start(self, index: int) -> int:
        """Where the newline of a paragraph stands, in code points."""
        return sum(1 + len(text) for text in self.texts[:index])

    def where(self) -> Where:
        ids = {each.id: each.index for each in self.document.paragraphs()}
        placed = following.placed(self.standing.threads.values(), self.document.index)
        return {each.thread.id: (ids.get(each.paragraph), each.thread.detached is not None) for each in placed}

    def quoted(self, id_: str) -> str:
        """What lives of a thread's quote."""
        return anchors.wording(self.document.index, self.standing.threads[id_].letters)

    def simple(self, thread: Thread) -> bool:
        """Whether it is about a paragraph as such, which was never joined to another."""
        return not thread.letters and self.document.index.paragraph(thread.anchor) is not None

    # -- what people do

    @rule(data=st.data(), quoting=st.booleans())
    def comment(self, data: st.DataObject, quoting: bool) -> None:
        paragraph = data.draw(st.sampled_from(self.document.paragraphs()))
        quote = None
        if quoting and paragraph.text:
            first = data.draw(st.integers(0, len(paragraph.text) - 1))
            quote = paragraph.text[first : first + data.draw(st.integers(1, 4))]
        self.say(paragraph, quote)

    def say(self, paragraph: Paragraph, quote: str | None) -> None:
        said: dict[str, Any] = {
            "action": "thread",
            "thread": f"t{len(self.entries)}",
            "comment": f"c{len(self.entries)}",
            "paragraph": paragraph.id,
            "quote": quote,
            "readers": None,
            "delegation": "KAZ",
            "body": "Why?",
            "mentions": [],
            "salt": "",
            "text": paragraph.text,
            "letters": anchors.letters(self.document.index, paragraph.id, quote) if quote else (),
        }
        payload = written(said)
        self.record(EntryKind.COMMENT, payload, MARK.id)
        self.standing = after(self.standing, len(self.entries), EntryKind.COMMENT, payload, "2026", MARK)

    @rule(client=st.sampled_from(list(PEOPLE)), data=st.data(), word=st.sampled_from(WORDS))
    def type(self, client: int, data: st.DataObject, word: str) -> None:
        index = data.draw(st.integers(0, len(self.texts) - 1))
        at = self.start(index) + 1 + data.draw(st.integers(0, len(self.texts[index])))
        before = self.write(client, [["insert", at, word, None]])
        assert self.where() == before

    @rule(client=st.sampled_from(list(PEOPLE)), data=st.data())
    def split(self, client: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(self.texts) - 1))
        offset = data.draw(st.integers(0, len(self.texts[index])))
        simple = {thread.id for thread in self.standing.threads.values() if self.simple(thread)}
        before = self.write(client, [["insert", self.start(index) + 1 + offset, "\n", None]])
        now = self.where()
        for id_, (place, lost) in before.items():
            if lost:  # a paragraph that reads as the one that is gone did is taken for it
                continue
            assert not now[id_][1]
            if place is not None and (place != index or id_ in simple):  # the first half keeps it
                assert now[id_][0] == place + (place > index)

    @precondition(lambda self: len(self.texts) > 1)
    @rule(client=st.sampled_from(list(PEOPLE)), data=st.data())
    def join(self, client: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(1, len(self.texts) - 1))
        self.remove(client, index, 0, index, 0, whole=not self.texts[index])

    @precondition(lambda self: len(self.texts) > 1)
    @rule(client=st.sampled_from(list(PEOPLE)), data=st.data())
    def delete(self, client: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(1, len(self.texts) - 1))
        self.remove(client, index, 0, index, len(self.texts[index]), whole=True)

    @precondition(lambda self: len(self.texts) > 1)
    @rule(client=st.sampled_from(list(PEOPLE)), data=st.data())
    def delete_from_the_middle_of_one_to_that_of_another(self, client: int, data: st.DataObject) -> None:
        first = data.draw(st.integers(0, len(self.texts) - 2))
        last = data.draw(st.integers(first + 1, len(self.texts) - 1))
        begin = data.draw(st.integers(0, len(self.texts[first])))
        end = data.draw(st.integers(0, len(self.texts[last])))
        size = self.start(last) + 1 + end - (self.start(first) + 1 + begin)
        texts = self.texts
        before = self.write(client, [["delete", self.start(first) + 1 + begin, size]])
        self.gone(before, texts, first, last, end == len(texts[last]))

    def remove(self, client: int, first: int, _begin: int, last: int, end: int, *, whole: bool) -> None:
        """The newline of a paragraph, with so much of its text."""
        texts = self.texts
        before = self.write(client, [["delete", self.start(first), 1 + end]])
        self.gone(before, texts, first - 1, last, whole)

    def gone(self, before: Where, texts: list[str], first: int, last: int, whole: bool) -> None:
        """All that stood between these two is gone; the last, unless it is gone, too, was joined to the first."""
        now, places = self.where(), len(texts) - len(self.texts)
        for id_, (place, lost) in before.items():
            if lost or place is None:
                assert now[id_][1]
            elif first < place < last or (place == last and whole):
                detached = self.standing.threads[id_].detached
                assert detached is not None
                assert detached.text == texts[place]
            elif place <= first:
                assert now[id_] == (place, False)
            else:
                assert now[id_] == (place - places if place > last else first, False)

    @rule(client=st.sampled_from(list(PEOPLE)), data=st.data())
    def erase(self, client: int, data: st.DataObject) -> None:
        """Words of one paragraph, or all of them."""
        index = data.draw(st.integers(0, len(self.texts) - 1))
        length = len(self.texts[index])
        if length:
            first = data.draw(st.integers(0, length - 1))
            size = data.draw(st.integers(1, length - first))
            before = self.write(client, [["delete", self.start(index) + 1 + first, size]])
            assert self.where() == before

    @precondition(lambda self: self.steps)
    @rule()
    def undo(self) -> None:
        """The last thing that anybody did: every thread stands where it did before, if the text reads as it did.

        It need not: a newline that somebody removed is dead, and the one that their undo wrote in its stead is theirs.
        Whoever had written the first has nothing to take back, and what it moved, with a quote or behind it, stays.
        And where nothing at all of a step is left, the undo takes back an earlier one, of which nothing is said.
        """
        step, before = self.steps.pop(), self.where()
        updates = self.writers[step.client].undo()
        self.send(step.client, updates)
        now = self.where()
        assert updates or now == before
        if not any(step.undone_by(decode(update)) for update in updates):
            return
        for id_, (place, lost) in step.before.items():
            if lost or place is None:
                continue
            assert not now[id_][1]
            if self.texts == step.texts:
                assert now[id_][0] == place

    # -- what always holds

    @invariant()
    def threads_stand_at_paragraphs_that_are_there(self) -> None:
        for id_, (place, lost) in self.where().items():
            assert lost or place is not None, id_

    @invariant()
    def threads_stand_where_their_quotes_are(self) -> None:
        index = self.document.index
        for thread in self.standing.threads.values():
            living = [
                item
                for client, clock, size in thread.letters
                for item in index.items.within(client, clock, clock + size)
                if item.alive
            ]
            if living and thread.detached is None:
                head = head_of(living[0])
                assert head is not None
                assert following.placed([thread], index)[0].paragraph == head.id

    @rule()
    def checkpoint(self) -> None:
        self.dumps.append((len(self.entries), self.document.dump(), self.standing))

    def teardown(self) -> None:
        """Whoever opens the document at a checkpoint, or replays it from its first entry, finds the same."""
        if not hasattr(self, "entries"):
            return
        for seq, dump, standing in [(0, None, Standing(Ground("m"))), *self.dumps[-3:]]:
            document = Document.new() if dump is None else Document.load(*dump)
            authors = {name: Author(name, name.title(), "KAZ") for name in (*PEOPLE.values(), "secretary")}
            _, found = retrace(document, standing, self.entries[seq:], authors)
            assert found.threads == self.standing.threads


def test_a_quote_that_was_cut_in_two_keeps_its_first_part() -> None:
    """Else the second, when the first is erased, takes the thread away by undoing a join that had not moved it."""
    machine = Paragraphs()
    machine.begin(["ab"])
    machine.say(machine.document.paragraphs()[0], "ab")
    machine.write(1, [["insert", 2, "\n", None]])
    assert machine.where() == {"t1": (0, False)}
    machine.write(1, [["delete", 1, 1]])
    machine.write(1, [["delete", 1, 1]])
    assert machine.texts == ["b"]
    machine.undo()
    assert machine.texts == ["", "b"]
    assert machine.where() == {"t1": (0, False)}
    machine.threads_stand_where_their_quotes_are()
    machine.teardown()


def test_a_thread_stays_with_its_quote_where_an_undo_has_nothing_to_take_back() -> None:
    machine = Paragraphs()
    machine.begin(["ab"])
    machine.say(machine.document.paragraphs()[0], "a")
    machine.write(2, [["insert", 1, "\n", None]])
    machine.write(1, [["delete", 1, 3]])
    assert machine.where() == {"t1": (None, True)}
    machine.undo()
    assert (machine.texts, machine.where()) == (["", "ab"], {"t1": (1, False)})
    machine.undo()  # of the newline that is dead already
    assert (machine.texts, machine.where()) == (["", "ab"], {"t1": (1, False)})
    machine.teardown()


def test_an_erased_quote_is_not_looked_for_among_other_words() -> None:
    """What an undo writes anew is known by what it stands for, not by how it reads: the second "a" was never quoted."""
    machine = Paragraphs()
    machine.begin(["", "a", "ab"])
    machine.say(machine.document.paragraphs()[1], "a")
    machine.write(1, [["delete", 2, 2]])
    assert (machine.texts, machine.where()) == (["", "ab"], {"t1": (1, False)})
    machine.write(1, [["delete", 1, 3]])
    assert (machine.texts, machine.where()) == ([""], {"t1": (None, True)})
    machine.undo()
    machine.undo()
    assert (machine.texts, machine.where()) == (["", "a", "ab"], {"t1": (1, False)})
    assert machine.quoted("t1") == "a"
    machine.teardown()


def test_a_newline_before_old_words_does_not_bring_back_what_stood_behind_them() -> None:
    """They read like the lost paragraph, and lived all along in another. It comes back when it is there again."""
    machine = Paragraphs()
    machine.begin(["a", "a"])
    machine.say(machine.document.paragraphs()[1], "a")
    machine.write(1, [["delete", 2, 2]])
    assert machine.where() == {"t1": (None, True)}
    machine.write(1, [["insert", 1, "\n", None]])
    assert (machine.texts, machine.where()) == (["", "a"], {"t1": (None, True)})
    machine.undo()
    machine.undo()
    assert (machine.texts, machine.where()) == (["a", "a"], {"t1": (1, False)})
    machine.threads_stand_where_their_quotes_are()
    machine.teardown()


def test_paragraphs_that_read_alike_come_back_each_to_its_own_threads() -> None:
    """One that an undo brings back is nobody else's, and what was deleted in one go comes back the same in a document
    that was opened anew, where neighbours among the dead are one item."""
    machine = Paragraphs()
    machine.begin(["", "a", "", "a", "a"])
    for paragraph in machine.document.paragraphs():
        machine.say(paragraph, None)
    before = machine.where()
    machine.write(1, [["delete", 3, 1]])
    machine.write(1, [["delete", 1, 2]])
    machine.checkpoint()
    machine.write(1, [["delete", 1, 4]])
    assert machine.texts == [""]
    machine.checkpoint()
    machine.undo()
    machine.undo()
    machine.undo()
    assert machine.where() == before
    machine.teardown()


def test_words_that_are_written_again_are_the_same_where_a_document_was_opened_anew() -> None:
    """Not by an undo: neither copy says which of the two it is."""
    machine = Paragraphs()
    machine.begin(["", "a", "a"])
    for paragraph in machine.document.paragraphs()[1:]:
        machine.say(paragraph, None)
    machine.write(1, [["delete", 1, 4]])
    assert machine.where() == {"t1": (None, True), "t2": (None, True)}
    machine.checkpoint()
    machine.write(2, [["insert", 1, "\na\na", None]])
    assert machine.where() == {"t1": (1, False), "t2": (2, False)}
    machine.teardown()


def test_a_paragraph_that_comes_back_in_two_parts_is_that_of_its_thread() -> None:
    """Another brought back a newline in the middle of it meanwhile: the words do not read as they did."""
    machine = Paragraphs()
    machine.begin(["", "ab", ""])
    machine.write(2, [["insert", 3, "\n", None]])
    machine.write(2, [["delete", 3, 1]])
    machine.say(machine.document.paragraphs()[1], None)
    machine.say(machine.document.paragraphs()[1], "b")
    machine.write(1, [["delete", 1, 3]])
    machine.send(2, machine.writers[2].undo())
    assert machine.texts == ["", "", ""]
    machine.send(1, machine.writers[1].undo())
    assert (machine.texts, machine.where()) == (["", "a", "b", ""], {"t3": (1, False), "t4": (2, False)})
    machine.teardown()


def test_an_empty_paragraph_is_known_by_an_undo_alone() -> None:
    machine = Paragraphs()
    machine.begin(["a", "", "b"])
    machine.say(machine.document.paragraphs()[1], None)
    machine.write(1, [["delete", 2, 1]])
    machine.write(1, [["insert", 2, "\n", None]])
    assert (machine.texts, machine.where()) == (["a", "", "b"], {"t1": (None, True)})
    machine.undo()
    machine.undo()
    assert (machine.texts, machine.where()) == (["a", "", "b"], {"t1": (1, False)})
    machine.teardown()


def test_threads_follow_their_paragraphs() -> None:
    run_state_machine_as_test(
        Paragraphs, settings=settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True)
    )


@pytest.mark.long
def test_threads_follow_their_paragraphs_at_length() -> None:
    run_state_machine_as_test(Paragraphs, settings=settings(max_examples=2_000, stateful_step_count=50, deadline=None))
