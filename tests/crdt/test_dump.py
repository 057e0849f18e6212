"""The index as bytes: the same after it, and never half of it."""

import random

import pytest

from crdt.comparison import attributed
from crdt.errors import Diverged
from crdt.index import TextIndex
from crdt.update import OWN, Update, decode
from tests.crdt import handmade as hand
from tests.writers import Drafting, PycrdtWriter, Writer


def everything(index: TextIndex) -> list[object]:
    """Ids in their order with what is known of each, the map, and the ends."""
    rows: list[object] = [
        (
            item.client,
            clock,
            item.alive,
            item.origin if clock == item.clock else (item.client, clock - 1),
            item.right_origin,
        )
        for sequence in (index.text, *index.entries.values())
        for item in sequence
        for clock in range(item.clock, item.clock + item.size)
    ]
    return [*rows, attributed(index), index.values(), index.items.ends, index.paragraphs()]


@pytest.mark.parametrize("seed", range(20))
def test_an_index_is_the_same_after_a_dump_and_goes_on_the_same(seed: int) -> None:
    rng = random.Random(seed)
    dumped = TextIndex()

    def take(_: Writer, update: bytes) -> bytes:
        nonlocal dumped
        dumped.apply(decode(update))
        if rng.random() < 0.3:
            dumped = TextIndex.load(dumped.dump())
        return update

    drafting = Drafting(rng, [PycrdtWriter(client) for client in (5, 6, 1 << 40)], take)
    drafting.begin(hand.update(hand.block(1, 0, hand.string("\na 😀"), hand.gc(3))))
    drafting.run(40)
    drafting.settle()
    assert everything(dumped) == everything(drafting.index)
    assert TextIndex.load(dumped.dump()).dump() == dumped.dump()


def test_what_one_client_wrote_or_deleted_in_one_go_is_one_item_again() -> None:
    index = TextIndex()
    index.apply(decode(hand.update(hand.block(1, 0, hand.string("\n"), hand.string("abcdefgh", (1, 0))))))
    for clock in (3, 5, 4, 7):
        index.apply(Update((), {1: [(clock, 1)]}))
    assert [(item.clock, item.text) for item in TextIndex.load(index.dump()).text] == [
        (0, "\nab"),
        (3, ""),
        (6, "f"),
        (7, ""),
        (8, "h"),
    ]


def test_an_empty_index() -> None:
    assert everything(TextIndex.load(TextIndex().dump())) == everything(TextIndex())


def test_bytes_that_are_no_dump() -> None:
    index = TextIndex()
    index.apply(decode(hand.update(hand.block(1, 0, hand.string("\nabc"), hand.entry("1-0", {"kind": "item"}))), OWN))
    dump = index.dump()
    for data in (b"", b"RTI0" + dump[4:], dump[:-1], dump[:20] + b"\xff" + dump[21:], dump[:5]):
        with pytest.raises(Diverged):
            TextIndex.load(data)
