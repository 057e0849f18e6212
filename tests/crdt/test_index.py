"""The index of characters: order by ids as Yjs integrates, and what can be seen of an update before it is taken."""

import random
from itertools import islice

import pytest

from crdt.comparison import attributed
from crdt.errors import Diverged, Malformed
from crdt.index import Changes, Piece, TextIndex
from crdt.sequence import BLOCK, following
from crdt.update import Id, Struct, Update, decode
from tests.crdt import handmade as hand
from tests.crdt.handmade import typed
from tests.writers import Drafting, PycrdtWriter, Writer

A, B = 10, 20  # clients; the lower one comes first where both write at one place
SEEDS = range(25)


def index_of(*updates: bytes) -> TextIndex:
    index = TextIndex()
    for update in updates:
        index.apply(decode(update))
    return index


def struct(update: bytes) -> Struct:
    return decode(update).structs[0]


def ids(index: TextIndex) -> list[tuple[int, int, bool]]:
    return [
        (item.client, clock, item.alive) for item in index.text for clock in range(item.clock, item.clock + item.size)
    ]


def drafted(seed: int, edits: int = 30) -> Drafting:
    """What three writers made of an empty paragraph."""
    rng = random.Random(seed)
    writers = [PycrdtWriter(client) for client in rng.sample(range(2, 1000), 3)]

    def take(_: Writer, update: bytes) -> bytes:
        return update

    drafting = Drafting(rng, writers, take)
    drafting.begin(typed(1, 0, "\nwe 😀"))
    drafting.run(edits)
    drafting.settle()
    return drafting


def is_ready(index: TextIndex, update: Update) -> bool:
    own = {struct.client: struct.clock + struct.size for struct in update.structs}
    deleted = [(client, clock + size - 1) for client, ranges in update.deletes.items() for clock, size in ranges]
    return index.fresh(update) is not None and all(
        index.knows(ident) or ident[1] < own.get(ident[0], 0) for ident in deleted
    )


# -- order


def test_what_two_write_at_one_place_stands_by_client_id() -> None:
    first = typed(A, 0, "\nxy")
    a = typed(A, 3, "aa", (A, 1), (A, 2))
    b = typed(B, 0, "bb", (A, 1), (A, 2))
    assert str(index_of(first, a, b)) == str(index_of(first, b, a)) == "\nxaabby"


def test_what_two_write_at_one_place_is_never_interleaved() -> None:
    """Typed one by one or at once, forwards or backwards."""
    first = typed(1, 0, "\n")
    a = [typed(A, clock, char, (A, clock - 1) if clock else (1, 0)) for clock, char in enumerate("abc")]
    b = [typed(B, 0, "x", (1, 0)), typed(B, 1, "y", (1, 0), (B, 0)), typed(B, 2, "z", (1, 0), (B, 1))]
    mixed = [update for pair in zip(a, b, strict=True) for update in pair]
    assert str(index_of(first, *a, *b)) == str(index_of(first, *b, *a)) == str(index_of(first, *mixed)) == "\nabczyx"


@pytest.mark.parametrize("seed", SEEDS)
def test_w3_the_order_of_arrival_does_not_matter(seed: int) -> None:
    """Whatever comes after what it names gives the same characters, ids, marks and values."""
    drafting = drafted(seed)
    rng = random.Random(seed)
    waiting = [decode(update) for _, update in drafting.log]
    rng.shuffle(waiting)
    index = TextIndex()
    while waiting:
        ready = [update for update in waiting if is_ready(index, update)]
        index.apply(ready[0])
        waiting.remove(ready[0])
    assert ids(index) == ids(drafting.index)
    assert attributed(index) == attributed(drafting.index)
    assert index.values() == drafting.index.values()


def test_typing_on_makes_no_new_item() -> None:
    """So that 20,000 keystrokes at one place cost as little as one."""
    index = index_of(typed(A, 0, "\nc"), typed(B, 0, "x", (A, 0), (A, 1)), typed(B, 1, "yz", (B, 0), (A, 1)))
    assert [item.text for item in index.text] == ["\n", "xyz", "c"]
    index.apply(decode(typed(B, 3, "!", (B, 2))))  # seen with another to its right: that decides where rivals stand
    assert [(item.text, item.right_origin) for item in index.text if item.client == B] == [("xyz", (A, 1)), ("!", None)]


def test_every_line_is_an_item() -> None:
    index = index_of(typed(A, 0, "\none\n\n😀two\n"))
    assert [(item.clock, item.text, item.head) for item in index.text] == [
        (0, "\none", True),
        (4, "\n", True),
        (5, "\n😀two", True),
        (11, "\n", True),
    ]


# -- the map


def test_t1_the_last_writer_of_a_key_wins_and_the_displaced_die() -> None:
    kind = [{"kind": kind} for kind in ("item", "title", "heading", "body")]
    index = index_of(hand.update(hand.block(A, 0, hand.entry("1-0", kind[0]))))
    index.apply(decode(hand.update(hand.block(A, 1, hand.entry("1-0", kind[1], after=(A, 0))))))
    assert index.value("1-0") == kind[1]
    index.apply(decode(hand.update(hand.block(B, 0, hand.entry("1-0", kind[2], after=(A, 0))))))
    assert index.value("1-0") == kind[2]  # beside A's second one, of a higher client
    index.apply(decode(hand.update(hand.block(5, 0, hand.entry("1-0", kind[3], after=(A, 0))))))
    assert index.value("1-0") == kind[2]  # of a lower one
    assert list(index.pieces(5, 0, 1)) == list(index.pieces(A, 0, 2)) == []
    index.apply(decode(hand.update(delete={B: [(0, 1)]})))
    assert (index.value("1-0"), index.values()) == (None, {})


# -- looking before taking


def test_w5_an_update_past_a_gap_brings_nothing() -> None:
    index = index_of(typed(A, 0, "\nabc"))
    gaps = [
        typed(A, 5, "x", (A, 3)),  # a clock too far
        typed(B, 0, "x", (A, 4)),  # behind what nobody knows
        typed(B, 0, "x", (A, 3), (7, 0)),
        typed(B, 0, "x", (B, 0)),  # behind itself
        hand.update(hand.block(A, 4, hand.skip(1), hand.string("x", (A, 3)))),
        hand.update(hand.block(A, 4, hand.string("x", (B, 0))), hand.block(B, 0, hand.string("y", (A, 4)))),
    ]
    for data in gaps:
        assert index.fresh(decode(data)) is None
        with pytest.raises(Diverged):
            index.apply(decode(data))
    assert str(index) == "\nabc"


def test_what_an_update_adds_comes_after_what_it_names() -> None:
    index = index_of(typed(A, 0, "\n"))
    data = hand.update(
        hand.block(7, 0, hand.string("2", (B, 0)), hand.string("4", (B, 1))),
        hand.block(B, 0, hand.string("1", (A, 0)), hand.string("3", (7, 0)), hand.string("5", (7, 1))),
    )
    fresh = index.fresh(decode(data))
    assert fresh is not None
    assert [one.value for one in fresh] == ["1", "2", "3", "4", "5"]


def test_a_long_chain_across_clients_is_put_in_order_at_once() -> None:
    """In reverse it would take the square of its length, were every struct tried again and again."""
    count = 20_000
    a = hand.block(A, 0, hand.string("\n"), *(hand.string("a", (B, clock)) for clock in range(count)))
    b = hand.block(B, 0, *(hand.string("b", (A, clock)) for clock in range(count)))
    fresh = TextIndex().fresh(decode(hand.update(b, a)))
    assert fresh is not None
    assert [one.client for one in fresh[:4]] == [A, B, A, B]
    assert len(fresh) == 2 * count + 1


def test_what_is_known_is_passed_over_and_what_is_known_in_part_is_cut() -> None:
    index = index_of(typed(A, 0, "\nabc"))
    assert index.fresh(decode(typed(A, 0, "\nabc"))) == ()
    assert index.fresh(decode(typed(A, 2, "bcde", (A, 1)))) == (Struct(A, 4, 2, 4, (A, 3), value="de"),)
    with pytest.raises(Malformed):
        index.fresh(decode(typed(A, 3, "😀", (A, 2))))
    index.apply(decode(typed(A, 2, "bcde", (A, 1))))
    assert str(index) == "\nabcde"


def test_where_an_id_stands() -> None:
    index = index_of(
        typed(A, 0, "\na\nb"),
        hand.update(hand.block(A, 4, hand.entry("10-0", {}), hand.gc(2))),
        typed(B, 0, "x", (A, 5)),  # beside what was collected
        typed(B, 1, "x", (A, 1), (A, 6)),
    )
    assert [home and home.key for home in map(index.home, [(A, 1), (A, 4), (A, 5), (B, 0)])] == [
        None,
        "10-0",
        None,
        None,
    ]
    assert index.home((A, 1)) is index.text
    assert (index.home((A, 5)), index.home((B, 0)), index.home((B, 1))) == (None, None, None)
    assert [index.paragraph_of((A, clock)) for clock in range(4)] == ["10-0", "10-0", "10-2", "10-2"]
    index.apply(decode(hand.update(delete={A: [(2, 2)]})))
    assert index.paragraph_of((A, 3)) == "10-0"  # the dead stand where they stood


def test_where_a_surrogate_pair_would_be_split() -> None:
    index = index_of(typed(A, 0, "\na😀b"))
    assert [index.splits_pair((A, clock)) for clock in range(5)] == [False, False, False, True, False]
    index.apply(decode(hand.update(delete={A: [(1, 3)]})))
    assert index.splits_pair((A, 3))  # until the deletion is committed, which the document's next opening shows
    for cut in (typed(B, 0, "x", (A, 2)), typed(B, 0, "x", (A, 0), (A, 3)), hand.update(delete={A: [(3, 1)]})):
        with pytest.raises(Malformed):
            index_of(typed(A, 0, "\na😀b"), cut)


def test_what_lives_in_a_delete_range() -> None:
    index = index_of(
        typed(A, 0, "\nab😀cd"),
        hand.update(hand.block(A, 7, hand.mark("em", True, (A, 1)), hand.entry("10-0", {}))),
        hand.update(delete={A: [(6, 1)]}),
    )
    assert list(index.pieces(A, 2, 6)) == [Piece(A, 2, 4, "b😀c", None), Piece(A, 7, 1, "", None)]
    assert list(index.pieces(A, 8, 1)) == [Piece(A, 8, 1, "", "10-0")]
    assert list(index.pieces(A, 6, 1)) == []


def test_a_document_of_another_shape_is_not_taken() -> None:
    for data in (
        typed(A, 0, "x").replace(b"\x04text", b"\x04tixt"),
        hand.update(hand.block(A, 0, hand.string("x", key="k"))),
        hand.update(hand.block(A, 0, hand.embed(1, None))),
        hand.update(hand.block(A, 0, hand.string("x", root="paragraphs", key="k"))),
        hand.update(hand.block(A, 0, hand.entry("k", 1, root="text"))),
        hand.update(delete={A: [(0, 1)]}),
    ):
        with pytest.raises(Diverged):
            index_of(data)


# -- taking back


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_reverted_has_never_been(seed: int) -> None:
    """Text, order, marks, map and paragraphs, also when these were read in between; only splits stay."""
    drafting = drafted(seed)
    rng = random.Random(seed)
    index = TextIndex()
    for _, data in drafting.log:
        update = decode(data)
        before = (ids(index), attributed(index), index.values(), dict(index.items.ends))
        paragraphs = index.paragraphs()
        changes = Changes()
        fresh = index.fresh(update)
        assert fresh is not None
        index.integrate(fresh, update.deletes, changes)
        if rng.random() < 0.5:
            index.paragraphs()
        index.revert(changes)
        assert (ids(index), attributed(index), index.values(), index.items.ends) == before
        assert index.paragraphs() == paragraphs
        index.apply(update)
    assert ids(index) == ids(drafting.index)
    assert index.paragraphs() == drafting.index.paragraphs()


# -- many items


@pytest.mark.parametrize("seed", range(6))
def test_paragraphs_are_found_across_blocks(seed: int) -> None:
    """Against a walk over the whole text, with newlines so rare that whole blocks have none."""
    rng = random.Random(seed)
    index = index_of(typed(1, 0, "\n"), typed(2, 0, "\n", None, (1, 0)))
    known: list[Id] = [(1, 0), (2, 0)]
    for clock in range(12 * BLOCK):
        origin = rng.choice(known)
        index.apply(decode(typed(A, clock, "\n" if rng.random() < 0.004 else "x", origin)))
        known.append((A, clock))
        if rng.random() < 0.2:
            client, clock = rng.choice(known[1:])
            index.apply(Update((), {client: [(clock, 1)]}))
        if rng.random() < 0.01:  # as many again, taken back: whole blocks come and go
            changes = Changes()
            index.integrate((struct(typed(B, 0, "\n" * BLOCK, rng.choice(known))),), {}, changes)
            index.revert(changes)
    head = None
    for item in index.text:
        if item.head:
            head = item.id
        assert index.paragraph_of((item.client, item.clock)) == head
    blocks = {item.block for item in index.text}
    assert len(blocks) > 8
    for block in blocks:
        assert block is not None
        items = list(islice(following(block.first), block.count))
        assert 0 < len(items) <= BLOCK
        assert all(item.block is block for item in items)
        assert block.heads == sum(item.head for item in items)


def test_blocks_without_a_head_are_passed_over_unread() -> None:
    """So that it does not matter how much stands before."""
    index = index_of(typed(A, 0, "\n"))
    for clock in range(5 * BLOCK):
        index.apply(decode(typed(B, clock, "\n" if clock == BLOCK else "x", (B, clock - 1) if clock else (A, 0), None)))
        index.apply(decode(typed(7, clock, "y", (B, clock), None)))
    middle = index.items.at((B, BLOCK)).block
    assert middle is not None
    assert index.paragraph_of((7, 5 * BLOCK - 1)) == f"{B}-{BLOCK}"
    middle.heads = 0
    assert index.paragraph_of((7, 5 * BLOCK - 1)) == f"{A}-0"
