"""B3, B5: whatever is edited, a bracket is the same as long as its `[` lives, and none goes unnoticed."""

import random

import pytest

from crdt.brackets.places import ident
from crdt.brackets.watch import Sight, Watch
from crdt.gate import Accepted
from tests.crdt.gate.stage import Client, Stage
from tests.crdt.handmade import update
from tests.crdt.test_brackets_live import SNIPPETS

ROUNDS = 120


def updates(rng: random.Random, client: Client) -> bytes:
    """Typing, splits and joins, deletions of any size, and words that replace others."""
    text = str(client.text)
    at = rng.randint(1, len(text))
    if rng.random() < 0.55 or len(text) < 3:
        return client.insert(at, rng.choice(SNIPPETS))
    start = rng.randint(1, len(text) - 1)
    stop = min(len(text), start + rng.choice((1, 1, 2, 6, 30)))
    steps = [("delete", start, stop)]
    return client.change([*steps, ("insert", start, rng.choice(SNIPPETS))] if rng.random() < 0.3 else steps)


def pairs(sight: Sight) -> dict[str, str]:
    found = [seen for name in sight.ids if (seen := sight.seen(name))]
    assert all(
        (seen.size, seen.text[:2]) == (len(seen.text), cut.text) for seen in found if (cut := sight.seen(seen.id, 2))
    )
    return {seen.id: seen.text for seen in found}


def opening_signs(stage: Stage) -> set[str]:
    """The ids of the `[` that live, one character after another."""
    found: set[str] = set()
    for item in stage.document.index.text:
        at = item.clock
        for char in item.text if item.alive else "":
            if char in "[［":
                found.add(f"{item.client}-{at}")
            at += 2 if char > "\uffff" else 1
    return found


@pytest.mark.parametrize("seed", range(10))
def test_none_goes_unnoticed_and_none_is_taken_for_another(seed: int) -> None:
    rng = random.Random(seed)
    stage = Stage("\nbegin [one [two]] [three]\nsecond", owner="ann")
    client = Client(7, stage.document.state())
    watch = stage.document.brackets
    for _ in range(ROUNDS):
        before = pairs(watch.sight())
        verdict = stage.judge(updates(rng, client))
        assert isinstance(verdict, Accepted)
        lost = watch.lost(verdict.update) if watch.alarmed else []
        living = opening_signs(stage)
        gone = {name for name in before if name not in living}
        assert {each.was.id for each in lost if each.was.closed} == gone
        assert all(each.was.text == before[each.was.id] for each in lost if each.was.closed)
        now, scratch = watch.sight(), Watch(stage.document.index).sight()
        assert (now.ids, now.unclosed, now.reading, now.counts) == (
            scratch.ids, scratch.unclosed, scratch.reading, scratch.counts,
        )  # fmt: skip
        assert set(now.ids) <= living


def test_of_one_that_went_in_part_the_words_that_are_left_decide() -> None:
    for text, start, stop, outcome in (
        ("\na [b c] d", 3, 8, "deleted"),
        ("\na [b c] d", 3, 4, "kept"),
        ("\na [b c] d", 3, 6, "replaced"),
        ("\na [ ] d", 3, 6, "deleted"),
        ("\na [😀] d", 3, 6, "deleted"),
        ("\na [lost d", 3, 4, "kept"),
    ):
        stage = Stage(text, owner="server")
        client = Client(7, stage.document.state())
        said = stage.say(client.delete(start, stop))
        (lost,) = stage.document.brackets.lost(said)
        assert lost.outcome == outcome, (text, start, stop)


def test_an_update_that_is_refused_takes_none_away() -> None:
    stage = Stage("\na [b] c", owner="server")
    client = Client(7, stage.document.state())
    stage.lock("1-0")
    refused = client.delete(3, 6)
    stage.refuse(refused)
    assert stage.document.brackets.lost(refused) == []
    assert stage.document.index.items.at(ident("1-3")).alive


def test_a_deletion_that_cuts_a_character_in_two_is_refused_as_before() -> None:
    stage = Stage("\na [😀] c", owner="server")
    assert stage.refuse(update(delete={1: [(4, 1)]})).reason == "schema"


@pytest.mark.parametrize("text", ["[" * 8_000 + "]" * 8_000, "[\n" * 2_000 + "]\n" * 2_000], ids=["nested", "crossing"])
def test_many_nested_ones_that_vanish_at_once_are_not_written_out_each(text: str) -> None:
    """Their texts would be some hundred million characters."""
    stage = Stage("\n" + text, owner="server")
    size = len(text)
    said = stage.document.judge(update(delete={1: [(1, size)]}), "ann")
    assert isinstance(said, Accepted)
    lost = stage.document.brackets.lost(said.update)
    assert len(lost) == text.count("[")
    assert lost[0].was.size == len(text.rstrip("\n"))
    assert sum(len(each.was.text) for each in lost) <= 1_000 * len(lost)
