"""T1: what a document may hold. Each case goes through the whole gate, and pycrdt never sees what is refused."""

from typing import Any

import pytest

from crdt.gate import Accepted, Reason
from crdt.gate.schema import BURIED, paragraph_id
from tests.crdt import handmade as by_hand
from tests.crdt.gate.stage import GENESIS, Stage

END = (1, 29)
"""The last character of the stage's text."""

NOT_IN_THE_TEXT = {
    "an embed": by_hand.embed({"image": "x"}, after=END),
    "a nested text": by_hand.nested(2, after=END),
    "a nested map": by_hand.nested(1, after=END),
    "an XML element": by_hand.nested(3, "p", after=END),
    "a subdocument": by_hand.subdoc("d", after=END),
    "binary": by_hand.binary(b"\x00\x01", after=END),
    "JSON": by_hand.json_values({"a": 1}, after=END),
    "any values": by_hand.item(8, b"\x01" + by_hand.plain("x"), after=END),
    "collected ids": by_hand.gc(3),
    "too many dead ids": by_hand.deleted(BURIED + 1, after=END),
    "another mark": by_hand.mark("color", True, after=END),
    "a mark of the map": by_hand.mark("kind", "title", after=END),
    "a mark that is text": by_hand.mark("strong", "yes", after=END),
    "a mark that is false": by_hand.mark("strong", False, after=END),
    "a mark that is one": by_hand.mark("em", 1, after=END),
    "a mark that is an object": by_hand.mark("em", {}, after=END),
    "a carriage return": by_hand.string("a\rb", after=END),
    "a vertical tab": by_hand.string("\x0b", after=END),
    "NUL": by_hand.string("\x00", after=END),
    "an escape": by_hand.string("\x1b[31m", after=END),
    "DEL": by_hand.string("\x7f", after=END),
    "a C1 control": by_hand.string("\x85", after=END),
    "a non-character": by_hand.string("\uffff", after=END),
    "a byte order turned round": by_hand.string("\ufffe", after=END),
    "another root": by_hand.string("x", root="title"),
    "another root's map": by_hand.entry("1-0", {"kind": "item"}, root="attributes"),
    "an attribute of the text itself": by_hand.entry("1-0", {"kind": "item"}, root="text"),
    "characters under a key of the text": by_hand.string("x", root="text", key="1-0"),
    "text in the map without a key": by_hand.string("\nx", root="paragraphs"),
    "text under a key of the map": by_hand.string("x", root="paragraphs", key="1-0"),
    "a mark under a key of the map": by_hand.mark("em", True, root="paragraphs", key="1-0"),
    "a nested text under a key": by_hand.nested(2, root="paragraphs", key="1-0"),
    "a child of a character": by_hand.string("x", root=GENESIS),
    "XML beside the text": by_hand.nested(3, "p", root="prosemirror"),
}

NOT_IN_THE_MAP: dict[str, tuple[str, Any]] = {
    "no object": ("1-0", "title"),
    "null": ("1-0", None),
    "a list": ("1-0", [{"kind": "title"}]),
    "another attribute": ("1-0", {"colour": "red"}),
    "an unknown kind": ("1-0", {"kind": "chapter"}),
    "a kind that is no string": ("1-0", {"kind": 1}),
    "level 0": ("1-0", {"level": 0}),
    "level 2147483648": ("1-0", {"level": 1 << 31}),
    "a negative level": ("1-0", {"level": -1}),
    "level true": ("1-0", {"level": True}),
    "a level that is a string": ("1-0", {"level": "2"}),
    "level 1.5": ("1-0", {"level": b"\x7b\x3f\xf8\x00\x00\x00\x00\x00\x00"}),
    "level NaN": ("1-0", {"level": b"\x7b\x7f\xf8\x00\x00\x00\x00\x00\x00"}),
    "level null": ("1-0", {"level": None}),
    "label null": ("1-0", {"label": None}),
    "a long label": ("1-0", {"label": "x" * 65}),
    "a label of two lines": ("1-0", {"label": "OP1\nOP2"}),
    "a label with a tab": ("1-0", {"label": "OP\t1"}),
    "a nested object": ("1-0", {"label": {"text": "x"}}),
    "a key that is no id": ("title", {"kind": "title"}),
    "an empty key": ("", {"kind": "title"}),
    "a key with a leading zero": ("01-0", {"kind": "title"}),
    "a key in other digits": ("١-0", {"kind": "title"}),
    "a key with a sign": ("1--0", {"kind": "title"}),
    "a key beyond 2^53": ("9007199254740992-0", {"kind": "title"}),
    "a key with a newline": ("1-0\n", {"kind": "title"}),
    "a key that goes on": ("1-0-0", {"kind": "title"}),
}


@pytest.mark.parametrize("struct", NOT_IN_THE_TEXT.values(), ids=NOT_IN_THE_TEXT.keys())
def test_t1_nothing_else_exists(struct: bytes) -> None:
    stage = Stage()
    assert stage.refuse(by_hand.update(by_hand.block(7, 0, struct))).reason is Reason.SCHEMA


@pytest.mark.parametrize(("key", "value"), NOT_IN_THE_MAP.values(), ids=NOT_IN_THE_MAP.keys())
def test_t1_attributes_are_kind_level_and_label_of_a_paragraph(key: str, value: Any) -> None:
    stage = Stage()
    assert stage.refuse(by_hand.update(by_hand.block(7, 0, by_hand.entry(key, value)))).reason is Reason.SCHEMA


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"kind": "title"},
        {"kind": "operative", "level": 12, "label": "OP3 bis"},
        {"label": ""},
        {"label": "ОП3 бис 😀" + "x" * 54},
        {"level": 1},
    ],
)
def test_t1_attributes_that_are_taken(value: dict[str, Any]) -> None:
    stage = Stage()
    stage.say(by_hand.update(by_hand.block(7, 0, by_hand.entry("1-19", value))))
    paragraph = stage.document.paragraphs()[1]
    assert {"kind": paragraph.kind, "level": paragraph.level, "label": paragraph.label} == {
        "kind": "body",
        "level": 1,
        "label": None,
    } | value


@pytest.mark.parametrize("level", [b"\x7c\x40\x00\x00\x00", b"\x7b\x40" + bytes(7), b"\x7a" + bytes(7) + b"\x02"])
def test_t1_a_level_is_passed_on_as_an_integer(level: bytes) -> None:
    """pycrdt writes 2 as a float; as a 64-bit integer it would be another type in every browser."""
    stage = Stage()
    taken = stage.say(by_hand.update(by_hand.block(7, 0, by_hand.entry("1-0", {"level": level}))))
    assert taken == by_hand.update(by_hand.block(7, 0, by_hand.entry("1-0", {"level": 2})))


def test_t1_values_that_yjs_joined_are_taken_and_the_last_counts() -> None:
    """An undo manager keeps what it displaced, and Yjs joins what one client wrote on end."""
    stage = Stage()
    stage.say(
        by_hand.update(by_hand.block(7, 0, by_hand.entry("1-0", {"kind": "title"}, {"kind": "item", "level": 2})))
    )
    assert stage.document.paragraphs()[0].kind == "item"
    assert stage.document.index.end(7) == 2
    refusal = stage.refuse(by_hand.update(by_hand.block(8, 0, by_hand.entry("1-19", {"kind": "nothing"}, {}))), "bob")
    assert refusal.reason is Reason.SCHEMA


def test_t1_dead_entries_are_bounded_like_dead_characters() -> None:
    for size, reason in ((1, None), (BURIED + 1, Reason.SCHEMA)):
        stage = Stage()
        verdict = stage.judge(
            by_hand.update(by_hand.block(7, 0, by_hand.deleted(size, root="paragraphs", key="1-0"))), "ann"
        )
        assert getattr(getattr(verdict, "refusal", None), "reason", None) is reason


def test_t1_a_map_entry_stands_behind_the_last_one() -> None:
    stage = Stage()
    stage.say(by_hand.update(by_hand.block(7, 0, by_hand.entry("1-0", {"kind": "title"}))))
    before = by_hand.entry("1-0", {"kind": "item"}, before=(7, 0))
    assert stage.refuse(by_hand.update(by_hand.block(8, 0, before)), "bob").reason is Reason.SCHEMA


@pytest.mark.parametrize(
    "struct",
    [
        by_hand.string("tab\tand\nline", after=END),
        by_hand.string("﷽ 😀 各方 تتعاون ́ \u202e\u2028", after=END),
        by_hand.mark("strong", True, after=END),
        by_hand.mark("em", None, after=END),
        by_hand.deleted(5, after=END),
        by_hand.mark("strike", True, before=GENESIS),
        by_hand.deleted(5, before=GENESIS),
    ],
)
def test_t1_what_may_stand_in_the_text(struct: bytes) -> None:
    stage = Stage()
    assert isinstance(stage.judge(by_hand.update(by_hand.block(7, 0, struct))), Accepted)


@pytest.mark.parametrize(
    ("after", "before"),
    [((1, 5), (7, 0)), ((7, 0), (1, 5)), ((8, 0), (7, 0))],
    ids=["text to map", "map to text", "key to key"],
)
def test_t1_both_origins_stand_in_the_same_place(after: tuple[int, int], before: tuple[int, int]) -> None:
    stage = Stage()
    stage.say(by_hand.update(by_hand.block(7, 0, by_hand.entry("1-0", {}))))
    stage.say(by_hand.update(by_hand.block(8, 0, by_hand.entry("1-19", {}))))
    for struct in (by_hand.string("x", after, before), by_hand.entry("1-0", {}, after=after, before=before)):
        assert stage.refuse(by_hand.update(by_hand.block(9, 0, struct))).reason is Reason.SCHEMA


def test_t1_origins_in_the_same_update_agree_too() -> None:
    stage = Stage()
    data = by_hand.update(
        by_hand.block(
            7, 0, by_hand.entry("1-0", {}), by_hand.string("x", after=(1, 5)), by_hand.string("y", (7, 0), (7, 1))
        )
    )
    assert stage.refuse(data).reason is Reason.SCHEMA


@pytest.mark.parametrize(
    ("key", "ident"),
    [
        ("0-0", (0, 0)),
        ("9007199254740991-2147483647", (2**53 - 1, 2**31 - 1)),
        ("1-2147483648", None),
        ("-1-0", None),
        ("1_0", None),
        ("1-0 ", None),
    ],
)
def test_t2_an_id_is_written_client_dash_clock(key: str, ident: tuple[int, int] | None) -> None:
    assert paragraph_id(key) == ident
