"""W3, W4, W5: what is known by its bytes alone comes to the same as what is looked at closely."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from crdt.document import Document
from crdt.gate import Accepted, Reason, Refused, Trimmed, Verdict, judging
from crdt.gate.schema import BURIED
from crdt.update import CLOCKS
from tests.crdt.gate.stage import Stage, behind
from tests.crdt.handmade import block, deleted, mark, typed, update
from tests.fuzz.mutation import mutated
from tests.writers import PycrdtWriter, random_steps

LAST = 29
"""The clock of the last id of the stage's text."""


@contextmanager
def typing(by: Callable[..., bool]) -> Iterator[None]:
    there = judging.typed_on
    judging.typed_on = by
    try:
        yield
    finally:
        judging.typed_on = there


class Twins:
    """One document, and the same one whose gate looks closely at everything."""

    def __init__(self, one: Document, other: Document) -> None:
        self.one, self.other = one, other
        self.taken = 0  # by their bytes alone

    def judge(
        self,
        data: bytes,
        participant: str = "ann",
        refuse: Reason | None = None,
        locked: frozenset[str] = frozenset(),
    ) -> Verdict:
        known = judging.typed_on

        def counted(*arguments: Any) -> bool:
            taken = known(*arguments)
            self.taken += taken
            return taken

        with typing(counted):
            verdict = self.one.judge(data, participant, refuse, locked)
        with typing(lambda *_: False):
            assert self.other.judge(data, participant, refuse, locked) == verdict
        match verdict:
            case Accepted(taken, True) | Trimmed(taken, _):
                self.one.commit([taken])
                self.other.commit([taken])
        assert whole(self.one) == whole(self.other)
        return verdict

    def type(self, data: bytes, participant: str = "ann") -> bool:
        """Whether it was taken by its bytes alone."""
        before = self.taken
        self.judge(data, participant)
        return self.taken > before


def whole(document: Document) -> tuple[Any, ...]:
    return document.index.dump(), document.arrivals.dump(), document.owners, document.text()


def twins() -> Twins:
    return Twins(Stage().document, Stage().document)


def begun(text: str = "x") -> Twins:
    """Somebody has begun to type behind `first`, with the client id 7."""
    pair = twins()
    pair.judge(typed(7, 0, text, *behind(5)))
    return pair


@pytest.mark.parametrize("text", ["a", "an end", "мост", "桥", "😀", "ع"])
def test_typing_on_is_taken_by_its_bytes(text: str) -> None:
    pair = begun()
    assert pair.type(typed(7, 1, text, (7, 0), (1, 6)))
    assert f"firstx{text} " in pair.one.text()


def test_typing_on_at_the_end_of_the_text_is_too() -> None:
    pair = twins()
    pair.judge(typed(300, 0, "x", (1, LAST)))
    assert pair.type(typed(300, 1, "y", (300, 0)))
    assert pair.one.text().endswith("onexy")


def test_typing_under_anothers_client_id_is_refused() -> None:
    verdict = begun().judge(typed(7, 1, "y", (7, 0), (1, 6)), "bob")
    assert isinstance(verdict, Refused)
    assert verdict.refusal.reason is Reason.FOREIGN_AUTHOR


def test_typing_behind_what_was_deleted_is_looked_at() -> None:
    pair = begun("xy")
    pair.judge(update(delete={7: [(1, 1)]}), "bob")
    assert not pair.type(typed(7, 2, "z", (7, 1), (1, 6)))


def test_typing_behind_a_mark_is_looked_at() -> None:
    pair = begun()
    pair.judge(update(block(7, 1, mark("em", True, (7, 0), (1, 6)))))
    assert not pair.type(typed(7, 2, "z", (7, 1), (1, 6)))


def test_typing_elsewhere_is_looked_at() -> None:
    pair = begun()
    assert not pair.type(typed(7, 1, "z", *behind(10)))
    assert not pair.type(typed(7, 2, "z", (7, 1), (1, 12)))


def test_typing_where_another_wrote_is_looked_at() -> None:
    pair = begun()
    pair.judge(typed(8, 0, "bob", (7, 0), (1, 6)), "bob")
    assert not pair.type(typed(7, 1, "y", (7, 0), (1, 6)))


@pytest.mark.parametrize(
    "ending",
    [
        b"\x00\x00",  # no characters
        b"\x01y\x00\x00",  # more behind the end
        b"\x02y\x00",  # more said than there is
        b"\x02\xc3(\x00",  # not UTF-8
        b"\x01\x07\x00",  # not a character of a text
        b"\xc8" + b"t" * 200 + b"\x00",  # a count that goes on where characters seem to
        b"\x01y\x01",  # deletions to come
        b"",
    ],
)
def test_typing_of_what_cannot_be_read_or_stand_is_refused(ending: bytes) -> None:
    pair = begun()
    whole_one = typed(7, 1, "y", (7, 0), (1, 6))
    verdict = pair.judge(whole_one.removesuffix(b"\x01y\x00") + ending)
    assert isinstance(verdict, Refused)
    assert pair.taken == 0


def test_typing_whose_numbers_are_padded_is_looked_at() -> None:
    pair = begun()
    padded = b"\x01\x01" + b"\x87\x00" + typed(7, 1, "y", (7, 0), (1, 6))[3:]
    assert not pair.type(padded)


def test_typing_of_an_unreadable_client_is_refused() -> None:
    assert isinstance(begun().judge(b"\x01\x01" + b"\xff" * 20), Refused)


def test_typing_a_newline_is_looked_at() -> None:
    assert not begun().type(typed(7, 1, "y\nz", (7, 0), (1, 6)))


def test_typing_in_a_locked_paragraph_is_not_taken() -> None:
    pair = begun()
    verdict = pair.judge(typed(7, 1, "y", (7, 0), (1, 6)), locked=frozenset({"1-0"}))
    assert isinstance(verdict, Trimmed)
    assert verdict.refusal.text == ("y",)
    assert pair.taken == 0


def test_typing_beside_a_locked_paragraph_is_taken_by_its_bytes() -> None:
    pair = begun()
    pair.judge(typed(7, 1, "y", (7, 0), (1, 6)), locked=frozenset({"1-19"}))
    assert pair.taken == 1


def test_typing_beyond_the_last_clock_is_refused() -> None:
    pair = twins()
    graves, clock = [], 0
    while clock < CLOCKS - 8:
        size = min(BURIED, CLOCKS - 8 - clock)
        after = (7, clock - 1) if clock else (1, 5)
        graves.append(deleted(size, after, (1, 6)))
        clock += size
    pair.judge(update(block(7, 0, *graves)))
    pair.judge(typed(7, clock, "abcd", (7, clock - 1), (1, 6)))
    assert pair.type(typed(7, clock + 4, "e", (7, clock + 3), (1, 6)))
    assert isinstance(pair.judge(typed(7, clock + 5, "fgh", (7, clock + 4), (1, 6))), Refused)


def test_typing_on_what_came_before_ids_were_counted_is_looked_at() -> None:
    before = begun().one
    one, other = (Document.load(before.state(), None, before.owners) for _ in range(2))
    pair = Twins(one, other)
    pair.judge(typed(7, 1, "y", (7, 0), (1, 6)), refuse=Reason.FROZEN)
    assert not pair.type(typed(7, 1, "y", (7, 0), (1, 6)))
    assert pair.type(typed(7, 2, "z", (7, 1), (1, 6)))


def test_typing_by_who_may_not_write_is_refused() -> None:
    pair = begun()
    verdict = pair.judge(typed(7, 1, "y", (7, 0), (1, 6)), refuse=Reason.READ_ONLY)
    assert isinstance(verdict, Refused)


@pytest.mark.parametrize("seed", range(20))
def test_typing_at_random_comes_to_the_same(seed: int) -> None:
    """Also when bytes were changed on their way."""
    rng = random.Random(seed)
    pair = twins()
    seen: list[bytes] = []
    writers = [PycrdtWriter(client) for client in (2, 300, 1 << 31)]
    for writer in writers:
        writer.receive([pair.one.state()])
    for _ in range(60):
        writer = rng.choice(writers)
        for data in (*typed_by(rng, writer), *writer.edit(random_steps(rng, writer.text, ["1-0"], most=1))):
            seen.append(data)
            if rng.random() < 0.3:
                pair.judge(mutated(rng, data, seen), f"p{writer.client}", locked=frozenset({"1-0"}))
            pair.judge(data, f"p{writer.client}")
        if rng.random() < 0.5:
            writer.receive([pair.one.state()])
    assert pair.taken > 20


def typed_by(rng: random.Random, writer: PycrdtWriter) -> Iterator[bytes]:
    """Some characters, one by one."""
    at = rng.randrange(1, len(writer.text) + 1)
    for place in range(at, at + rng.randint(1, 5)):
        yield from writer.edit([["insert", place, rng.choice("aя桥"), None]])
