"""The decoder of Yjs updates: true to what Yjs writes, and bounded in everything that a peer may claim."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt import update as kinds
from crdt.errors import Malformed
from crdt.units import utf16_len
from crdt.update import (
    CLIENTS,
    CLOCKS,
    Bounds,
    Struct,
    Update,
    buried,
    collected,
    decode,
    encode,
    joined,
    tail,
)
from tests.crdt import handmade as hand

AT = (7, 0)
LONG_ID = (3_000_000_001, 70_000)


def only(struct: bytes, client: int = 7, clock: int = 5) -> Struct:
    """A struct, decoded, after a round trip that has to be exact with its source and without."""
    data = hand.update(hand.block(client, clock, struct))
    update = decode(data)
    assert encode(update) == data
    found = update.structs[0]
    assert found.source == struct
    return found


# -- what it reads


def test_a_keystroke() -> None:
    struct = only(hand.string("é", LONG_ID, (9, 3)), *LONG_ID)
    assert struct[:6] == (*LONG_ID, 1, kinds.STRING, LONG_ID, (9, 3))
    assert (struct.parent, struct.key, struct.value) == (None, None, "é")


@pytest.mark.parametrize(("text", "size"), [("a", 1), ("должны", 6), ("各方", 2), ("تتعاون", 6), ("😀é😀", 5)])
def test_sizes_are_utf16_units(text: str, size: int) -> None:
    """T2: ids count what Yjs counts; the next struct's clock follows from it."""
    data = hand.update(hand.block(7, 5, hand.string(text, AT), hand.string("x", AT)))
    first, second = decode(data).structs
    assert (first.size, second.clock) == (size, 5 + size)


@pytest.mark.parametrize(
    ("struct", "kind", "size", "value"),
    [
        (hand.gc(300), kinds.GC, 300, None),
        (hand.skip(2), kinds.SKIP, 2, None),
        (hand.deleted(9, AT), kinds.DELETED, 9, None),
        (hand.json_values(1, "b", after=AT), kinds.JSON, 2, None),
        (hand.binary(b"\x00\xff", AT), kinds.BINARY, 1, b"\x00\xff"),
        (hand.embed({"image": "x"}, AT), kinds.EMBED, 1, None),
        (hand.mark("em", True, AT), kinds.FORMAT, 1, ["em", True]),
        (hand.mark("em", None, AT), kinds.FORMAT, 1, ["em", None]),
        (hand.mark("link", {"to": ["é", 1.5]}, AT), kinds.FORMAT, 1, ["link", {"to": ["é", 1.5]}]),
        (hand.nested(3, "p", AT), kinds.TYPE, 1, None),
        (hand.nested(2, None, AT), kinds.TYPE, 1, None),
        (hand.subdoc("guid", AT), kinds.DOC, 1, None),
        (hand.item(8, b"\x02\x78\x7d\x45", AT), kinds.ANY, 2, [True, -5]),
    ],
)
def test_every_kind_of_content(struct: bytes, kind: int, size: int, value: Any) -> None:
    found = only(struct)
    assert (found.kind, found.size, found.value) == (kind, size, value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"\x7f", None),
        (b"\x7e", None),
        (b"\x78", True),
        (b"\x79", False),
        (b"\x7d\x3f", 63),
        (b"\x7d\x80\x01", 64),
        (b"\x7d\xc0\x01", -64),
        (b"\x7c\x3f\xc0\x00\x00", 1.5),
        (b"\x7b\x40\x09\x21\xfb\x54\x44\x2d\x18", 3.141592653589793),
        (b"\x7a\xff\xff\xff\xff\xff\xff\xff\xfe", -2),
        (b"\x77\x02\xc3\xa9", "é"),
        (b"\x74\x02\x00\x01", b"\x00\x01"),
        (b"\x75\x02\x78\x75\x00", [True, []]),
        (b"\x76\x01\x01a\x76\x00", {"a": {}}),
    ],
)
def test_every_value(written: bytes, value: Any) -> None:
    assert only(hand.item(8, b"\x01" + written, AT)).value == [value]


def test_where_a_struct_stands() -> None:
    assert only(hand.string("x")).parent == "text"
    assert only(hand.string("x", root=(7, 3))).parent == (7, 3)
    entry = only(hand.entry("1-0", {"kind": "item"}))
    assert (entry.parent, entry.key, entry.value) == ("paragraphs", "1-0", [{"kind": "item"}])
    later = only(hand.item(8, b"\x01\x7e", after=AT, key=None, flags=32))  # Yjs sets the flag and leaves the key out
    assert (later.parent, later.key) == (None, None)


def test_delete_ranges_come_out_sorted_and_joined() -> None:
    """Two ranges that meet inside a surrogate pair corrupt pycrdt: what is not tidy is written anew."""
    tidy = decode(hand.update(delete={9: [(0, 2), (5, 1)], 3: [(1, 1)]}))
    assert (tidy.deletes, tidy.tidy) == ({9: [(0, 2), (5, 1)], 3: [(1, 1)]}, True)
    for ranges in ([(5, 1), (0, 2)], [(0, 3), (2, 4)], [(0, 2), (2, 1)]):
        update = decode(hand.update(delete={9: ranges}))
        assert not update.tidy
        assert update.deletes == {9: joined(ranges)}
        assert decode(encode(update)) == Update((), {9: joined(ranges)})
    assert joined([(4, 1), (0, 3), (2, 1), (3, 1)]) == [(0, 5)]


def test_nothing_is_an_update_too() -> None:
    assert decode(b"\0\0") == Update((), {})


# -- what it refuses


def whole() -> bytes:
    return hand.update(
        hand.block(9, 3, hand.string("a😀", LONG_ID, AT), hand.mark("em", True, AT), hand.gc(2)),
        hand.block(7, 0, hand.entry("1-0", {"kind": "item", "level": 2}), hand.embed([1], AT)),
        delete={9: [(0, 1)], 4: [(300, 5)]},
    )


def test_w7_an_update_cut_off_anywhere() -> None:
    data = whole()
    decode(data)
    for end in range(len(data)):
        with pytest.raises(Malformed):
            decode(data[:end])


@pytest.mark.parametrize(
    "data",
    [
        whole() + b"\0",
        b"\x01\x00\x07\x00\x00",  # a block of no structs
        hand.update(hand.block(7, 0, hand.string("a", AT)), hand.block(7, 1, hand.string("b", AT))),
        hand.update(hand.block(7, 0, hand.string("", AT))),
        hand.update(hand.block(7, 0, hand.deleted(0, AT))),
        hand.update(hand.block(7, 0, hand.gc(0))),
        hand.update(hand.block(7, 0, hand.item(8, b"\x00", AT))),
        hand.update(hand.block(7, 0, b"\x80" + hand.gc(1)[1:])),  # pycrdt reads it as an item
        hand.update(hand.block(7, 0, hand.item(11, b"", AT))),
        hand.update(hand.block(7, 0, hand.item(20, b"\x01a", AT))),  # pycrdt reads the last four bits as a string
        hand.update(hand.block(7, 0, b"\x04\x02\x04text\x01a")),  # a parent that is neither
        hand.update(hand.block(7, 0, hand.nested(7, None, AT))),
        hand.update(hand.block(7, 0, hand.string("\ud83d", AT))),
        hand.update(hand.block(7, 0, hand.item(4, b"\x01\xff", AT))),
        hand.update(hand.block(7, 0, hand.item(4, b"\x02\xc0\x80", AT))),
        hand.update(hand.block(7, 0, hand.item(6, b"\x02em\x04True", AT))),
        hand.update(hand.block(7, 0, hand.item(6, b"\x02em\x03NaN", AT))),
        hand.update(hand.block(7, 0, hand.item(6, b"\x02em\x08" + b'"\\ud83d"', AT))),
        hand.update(hand.block(7, 0, hand.item(8, b"\x01\x73", AT))),
        hand.update(hand.block(7, 0, hand.entry("1-0", b"\x7d" + b"\xff" * 9 + b"\x01"))),
        b"\x01\x01" + b"\x80" * 9 + b"\x01" + b"\x00",
        hand.update(delete={7: [(0, 0)]}),
        b"\x00\x02\x07\x01\x00\x01\x07\x01\x05\x01",  # the same client twice
    ],
)
def test_w7_what_yjs_does_not_write(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        hand.update(hand.block(CLIENTS, 0, hand.gc(1))),
        hand.update(hand.block(7, CLOCKS, hand.gc(1))),
        hand.update(hand.block(7, CLOCKS - 1, hand.gc(1))),
        hand.update(hand.block(7, CLOCKS - 2, hand.gc(1), hand.gc(1))),
        hand.update(hand.block(7, 0, hand.gc(CLOCKS))),
        hand.update(hand.block(7, 0, hand.string("a", (CLIENTS, 0)))),
        hand.update(hand.block(7, 0, hand.string("a", (7, CLOCKS)))),
        hand.update(delete={CLIENTS: [(0, 1)]}),
        hand.update(delete={7: [(CLOCKS, 1)]}),
        hand.update(delete={7: [(CLOCKS - 2, 2)]}),
        hand.update(hand.block(7, 0, hand.entry("1-0", b"\x7d\xbf" + hand.uint(CLIENTS - 1)))),  # beyond 2^53
    ],
)
def test_ids_are_bounded(data: bytes) -> None:
    """Absurd clocks and lengths make pycrdt fail later, when the text is read."""
    with pytest.raises(Malformed):
        decode(data)


@pytest.mark.parametrize("count", [2**24, 2**30, 2**52])
def test_counts_are_bounded_by_the_bytes_behind_them(count: int) -> None:
    """pycrdt reserves memory for whatever is claimed."""
    many = hand.uint(count)
    for data in (
        many,
        b"\x01" + many + b"\x07\x00",
        b"\x00" + many,
        b"\x00\x01\x07" + many,
        hand.update(hand.block(7, 0, hand.item(8, many, AT))),
        hand.update(hand.block(7, 0, hand.item(2, many, AT))),
        hand.update(hand.block(7, 0, hand.entry("1-0", b"\x75" + many))),
        hand.update(hand.block(7, 0, hand.entry("1-0", b"\x76" + many))),
        hand.update(hand.block(7, 0, hand.item(4, many, AT))),
    ):
        with pytest.raises(Malformed):
            decode(data)


@pytest.mark.parametrize("open_one", [b"\x75\x01", b"\x76\x01\x01a"])
def test_depth_is_bounded(open_one: bytes) -> None:
    """60 kB of nested values end the process inside pycrdt, 10 kB break every browser."""

    def nested(depth: int) -> bytes:
        return hand.update(hand.block(7, 0, hand.entry("1-0", open_one * depth + b"\x7e")))

    decode(nested(Bounds().depth))
    for depth in (Bounds().depth + 1, 30_000):
        with pytest.raises(Malformed):
            decode(nested(depth))
    with pytest.raises(Malformed):
        decode(hand.update(hand.block(7, 0, hand.item(6, b"\x02em" + hand.text_of("[" * 100_000), AT))))


def test_size_structs_and_ranges_are_bounded() -> None:
    data = whole()
    decode(data, Bounds(size=len(data), structs=5, ranges=2))
    for bounds in (Bounds(size=len(data) - 1), Bounds(structs=4), Bounds(ranges=1)):
        with pytest.raises(Malformed):
            decode(data, bounds)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_update_or_malformed(data: bytes) -> None:
    assert_update_or_malformed(data)


@given(st.lists(st.tuples(st.integers(0, len(whole()) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_change_of_bytes_is_an_update_or_malformed(changes: list[tuple[int, int]]) -> None:
    data = bytearray(whole())
    for at, byte in changes:
        data[at] = byte
    assert_update_or_malformed(bytes(data))


def assert_update_or_malformed(data: bytes) -> None:
    try:
        update = decode(data)
    except Malformed:
        return
    written = encode(update)
    assert encode(decode(written)) == written
    assert {struct.source for struct in decode(written).structs} == {struct.source for struct in update.structs}
    assert decode(written).deletes == {client: ranges for client, ranges in update.deletes.items() if ranges}


# -- what it writes


IDS = st.tuples(st.integers(0, CLIENTS - 1), st.integers(0, CLOCKS - 1))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, CLOCKS - 1) | st.text(max_size=5),
    lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
CONTENTS = st.one_of(
    st.text(min_size=1, max_size=9).map(lambda text: (kinds.STRING, utf16_len(text), text)),
    st.tuples(st.text(max_size=5), st.none() | st.booleans() | st.text(max_size=3)).map(
        lambda mark: (kinds.FORMAT, 1, list(mark))
    ),
    st.lists(VALUES, min_size=1, max_size=3).map(lambda values: (kinds.ANY, len(values), values)),
    st.integers(1, 1000).map(lambda size: (kinds.DELETED, size, None)),
    st.integers(1, 1000).map(lambda size: (kinds.GC, size, None)),
)


@st.composite
def updates(draw: st.DrawFn) -> Update:
    structs: list[Struct] = []
    for client in sorted(draw(st.sets(st.integers(0, CLIENTS - 1), max_size=3)), reverse=True):
        clock = draw(st.integers(0, 1 << 30))
        for kind, size, value in draw(st.lists(CONTENTS, min_size=1, max_size=4)):
            origin, right = (None, None) if kind == kinds.GC else (draw(st.none() | IDS), draw(st.none() | IDS))
            rooted = kind != kinds.GC and origin is None and right is None
            parent = draw(st.sampled_from(["text", "paragraphs"]) | IDS) if rooted else None
            key = draw(st.none() | st.text(max_size=5)) if rooted else None
            structs.append(Struct(client, clock, size, kind, origin, right, parent, key, value))
            clock += size
    ranges = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 1 << 20)), min_size=1, max_size=4).map(joined)
    return Update(tuple(structs), draw(st.dictionaries(st.integers(0, CLIENTS - 1), ranges, max_size=3)))


@given(updates())
def test_what_is_written_reads_the_same(update: Update) -> None:
    data = encode(update)
    read = decode(data)
    assert encode(read) == data
    assert read._replace(structs=tuple(struct._replace(source=b"") for struct in read.structs)) == update


def test_a_hole_in_a_clients_ids_is_never_written() -> None:
    """Every id behind it would be another one."""
    first, last = Struct(7, 0, 1, kinds.GC), Struct(7, 2, 1, kinds.GC)
    with pytest.raises(ValueError, match="hole"):
        encode(Update((first, last), {}))


# -- rewriting


def test_the_tail_of_a_struct_stands_behind_its_beginning() -> None:
    struct = only(hand.string("a😀bc", AT, (9, 9)))
    assert tail(struct, 3) == Struct(7, 8, 2, kinds.STRING, (7, 7), (9, 9), value="bc")
    with pytest.raises(Malformed):
        tail(struct, 2)
    assert tail(only(hand.gc(5)), 2) == Struct(7, 7, 3, kinds.GC)


def test_a_struct_is_buried_in_its_place_or_collected() -> None:
    """A trimmed insertion keeps its ids, so that no gap arises (W5)."""
    struct = only(hand.string("a😀", AT, (9, 9)))
    assert buried(struct) == Struct(7, 5, 3, kinds.DELETED, AT, (9, 9))
    assert collected(struct) == Struct(7, 5, 3, kinds.GC)
