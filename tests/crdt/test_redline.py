"""A redline between any two points: nothing is missing from either text, and whoever is named did it."""

import random
import time

import pytest

from crdt.redline import Compared, Op, Status, compare
from crdt.redline.words import parts
from tests.crdt.histories import History, random_history


def redline(history: History, one: int, other: int | None = None) -> list[Compared]:
    other = history.seq if other is None else other
    acts = {seq: made.participant for seq, made in history.chronicle.made.items()}
    return compare(history.chronicle.at(one), history.chronicle.at(other), (one, other), acts)


def shown(history: History, one: int, other: int | None = None) -> list[tuple[str, str]]:
    """Status and spans: [-…-] went, {+…+} came, with who did it; (~) they stand elsewhere in the other text."""
    lines = []
    for each in redline(history, one, other):
        line = ""
        for piece in each.pieces:
            who = "" if piece.made is None else history.chronicle.made[piece.made].participant
            moved = "~" if piece.moved else ""
            match piece.op:
                case Op.STAYS:
                    line += piece.text
                case Op.GOES:
                    line += f"[-{piece.text}-{moved}{who}]"
                case Op.COMES:
                    line += f"{{+{piece.text}+{moved}{who}}}"
        lines.append((str(each.status), line))
    return lines


def told(each: Compared, *ops: Op) -> str:
    return "".join(piece.text for piece in each.pieces if piece.op in ops)


@pytest.mark.parametrize("seed", range(20))
def test_both_texts_can_be_read_out_of_it_and_every_change_has_an_author(seed: int) -> None:
    """`=` and `-` give the old text, `=` and `+` the new one, marks too; what one of them alone holds was made by an
    entry between the two points."""
    history, rng = random_history(seed), random.Random(seed)
    for _ in range(25):
        one, other = rng.randint(0, history.seq), rng.randint(0, history.seq)
        found = redline(history, one, other)
        old, new = history.points[one], history.points[other]
        assert [(e.id, told(e, Op.STAYS, Op.COMES)) for e in found if e.status is not Status.REMOVED] == [
            (each.id, each.text) for each in new
        ]
        olds = {(e.kin if e.id not in {p.id for p in old} else e.id): e for e in found if e.status is not Status.ADDED}
        assert {name: told(each, Op.STAYS, Op.GOES) for name, each in olds.items()} == {e.id: e.text for e in old}
        low, high = sorted((one, other))
        for each in found:
            if each.id in {p.id for p in old} & {p.id for p in new}:
                here = next(p for p in new if p.id == each.id).digest == next(p for p in old if p.id == each.id).digest
                assert (each.status is Status.SAME) == here
            for piece in each.pieces:
                assert piece.text
                assert (piece.made is None) == (piece.op is Op.STAYS)
                assert piece.made is None or low < piece.made <= high


def test_words_are_changed_as_a_whole_and_named_after_who_changed_them() -> None:
    history = History("The Parties shall cooperate.")
    history.edit("ann", ["delete", 13, 5], ["insert", 13, "should", None])
    history.edit("bob", ["insert", 29, "d", None])
    assert shown(history, 1) == [
        ("changed", "The Parties [-shall-ann]{+should+ann} [-cooperate-bob]{+cooperated+bob}.")
    ]
    assert shown(history, 3, 1) == [
        ("changed", "The Parties [-should-ann]{+shall+ann} [-cooperated-bob]{+cooperate+bob}.")
    ]


def test_a_phrase_that_was_replaced_is_read_in_one_piece() -> None:
    history = History("We note the report.")
    history.edit("ann", ["delete", 4, 15], ["insert", 4, "welcome all papers", None])
    assert shown(history, 1) == [("changed", "We [-note the report-ann]{+welcome all papers+ann}.")]


def test_words_that_met_where_a_space_went_are_changed_by_who_took_it() -> None:
    history = History("one two")
    history.edit("ann", ["delete", 4, 1], ["insert", 1, " ", None])
    assert shown(history, 1) == [("changed", "[-one-ann] [-two-ann]{+onetwo+ann}")]


def test_words_that_were_written_again_alike_have_not_changed() -> None:
    history = History("One two three.")
    history.edit("ann", ["delete", 5, 3], ["insert", 5, "two", None])
    assert shown(history, 1) == [("same", "One two three.")]
    history.edit("ann", ["insert", 14, " more", None])
    assert shown(history, 1) == [("changed", "One two three{+ more+ann}.")]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("各方应当合作。", "各方应合作。", "各方应[-当-ann]合作。"),
        ("ประเทศไทยรับ", "ประเทศไทยไม่รับ", "ประเทศไทย{+ไม่+ann}รับ"),
        ("Les États", "Les Etats", "Les [-États-ann]{+Etats+ann}"),
        ("यह भारत है", "यह भारती है", "यह [-भारत-ann]{+भारती+ann} है"),
    ],
)
def test_chinese_and_thai_go_by_character_other_scripts_by_word(before: str, after: str, line: str) -> None:
    history = History(before)
    start = next(at for at in range(len(after)) if before[at : at + 1] != after[at])
    rest = next(at for at in range(len(after)) if before[::-1][at] != after[::-1][at])
    rest = min(rest, len(before) - start, len(after) - start)
    size = len(before) - start - rest
    steps = [["delete", start + 1, size]] if size else []
    new = after[start : len(after) - rest]
    history.edit("ann", *steps, *([["insert", start + 1, new, None]] if new else []))
    assert shown(history, 1) == [("changed", line)]


@pytest.mark.parametrize(
    "text",
    [
        "State's parties, co-operation 3.5%",
        "各方应当合作。",
        "ประเทศไทยกำลัง",
        "مَدّ النظر",
        "👩‍🚀🇰🇿 e\u0301té",
        "\u200b\x00 \u2028",
    ],
)
def test_nothing_of_a_text_is_lost_between_its_parts(text: str) -> None:
    assert "".join(parts(text)) == text


def test_a_split_and_a_join_delete_nothing_and_write_nothing() -> None:
    history = History("One two.", "Three.")
    history.edit("ann", ["insert", 4, "\n", None])
    assert shown(history, 1) == [("changed", "One[- two.-~ann]"), ("added", "{+ two.+~ann}"), ("same", "Three.")]
    first, second, _ = redline(history, 1)
    assert (second.kin, first.pieces[1].moved) == (first.id, second.id)
    history.edit("bob", ["delete", 10, 1])
    assert shown(history, 2) == [
        ("same", "One"),
        ("changed", " two.{+Three.+~bob}"),
        ("removed", "[-Three.-~bob]"),
    ]


def test_a_paragraph_that_was_cut_and_pasted_has_moved() -> None:
    text = "Calls upon all States to take further measures."
    history = History("First.", text, "Second.", "Third.")
    history.edit("ann", ["delete", 7, len(text) + 1])
    history.edit("ann", ["insert", len("\nFirst.\nSecond."), f"\n{text}", None])
    assert shown(history, 1) == [("same", "First."), ("same", "Second."), ("moved", text), ("same", "Third.")]
    moved = redline(history, 1)[2]
    assert moved.kin == history.points[1][1].id
    assert moved.made is not None
    assert history.chronicle.made[moved.made].participant == "ann"
    history.edit("bob", ["insert", len("\nFirst.\nSecond.\nCalls upon all "), "Member ", None])
    assert shown(history, 1)[2] == ("moved", text.replace("States", "{+Member +bob}States"))


def test_a_paragraph_that_an_undo_brings_back_in_its_place_is_the_same() -> None:
    history = History("First.", "Calls upon all States.", "Third.")
    history.edit("ann", ["delete", 7, 23])
    history.undo("ann")
    assert list(shown(history, 1)) == [
        ("same", "First."), ("same", "Calls upon all States."), ("same", "Third.")
    ]  # fmt: skip
    assert redline(history, 1)[1].kin == history.points[1][1].id


def test_marks_and_attributes_change_a_paragraph_though_its_words_stay() -> None:
    history = History("One two.", "Three.")
    history.edit("ann", ["format", 5, 3, {"strong": True}], ["set", history.points[1][1].id, {"kind": "heading"}])
    one, other = redline(history, 1)
    assert (one.status, [(piece.text, piece.marks, piece.was) for piece in one.pieces]) == (
        Status.CHANGED,
        [("One ", (), None), ("two", ("strong",), ()), (".", (), None)],
    )
    assert (other.status, other.kind, other.was) == (Status.CHANGED, "heading", ("body", 1, None))


def test_what_was_brought_back_names_its_first_author_and_who_brought_it() -> None:
    history = History("One.")
    history.edit("ann", ["insert", 5, " Words.", None])
    kept = history.seq
    history.edit("bob", ["delete", 5, 7])
    history.restore("secretariat", kept)
    (back,) = [piece for each in redline(history, 3) for piece in each.pieces if "Words" in piece.text]
    assert (back.op, back.made, back.first) == (Op.COMES, 4, 2)


def test_a_paragraph_of_very_many_words_that_was_all_replaced_does_not_take_long() -> None:
    rng = random.Random(1)
    words = [" ".join(rng.choice("abcdefghij") + rng.choice("xyz") for _ in range(4_000)) for _ in range(2)]
    history = History(words[0])
    history.edit("ann", ["delete", 1, len(words[0])], ["insert", 1, words[1], None])
    begun = time.process_time()
    assert told(redline(history, 1)[0], Op.STAYS, Op.COMES) == words[1]
    assert time.process_time() - begun < 5
