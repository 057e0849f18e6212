"""W4: a locked paragraph stays as it is, whoever writes what; what else an update brings is taken.

`Stage.judge` compares every locked paragraph (reading, ids of its characters, order) before and after each update.
"""

import pytest

from crdt.gate import Accepted, Reason, Refusal, Refused
from crdt.gate.judging import NOTHING_NEW
from crdt.gate.locks import Reach
from tests.crdt.gate.stage import Client, Stage, behind
from tests.crdt.handmade import block, deleted, entry, mark, string, update

TEXT = "\nopen\nagreed 😀 text\nafter\nlast"
LOCKED = "1-5"
"""The second paragraph: newline (1, 5), "agreed " 6 to 12, 😀 13 and 14, " text" 15 to 19; the next newline is 20."""


def staged() -> Stage:
    stage = Stage(TEXT)
    stage.lock(LOCKED)
    return stage


@pytest.fixture
def stage() -> Stage:
    return staged()


def locked(*text: str, paragraphs: tuple[str, ...] = (LOCKED,)) -> Refusal:
    return Refusal(Reason.LOCKED, paragraphs, text)


# -- what is let be


@pytest.mark.parametrize(
    "data",
    [
        update(block(7, 0, string("x", *behind(2)))),
        update(block(7, 0, string("x", *behind(4)))),
        update(block(7, 0, string("x", *behind(20)))),
        update(block(7, 0, string("\n", *behind(4)))),
        update(block(7, 0, string("\nbeside", *behind(19)))),
        update(block(7, 0, string("\n\n", *behind(19)), string("x", (7, 1), (1, 20)))),
        update(delete={1: [(1, 4)]}),
        update(delete={1: [(21, 3)]}),
        update(delete={1: [(20, 6)]}),
        update(block(7, 0, mark("em", True, *behind(20)), mark("em", None, *behind(25)))),
        update(block(7, 0, mark("em", True, *behind(0)), mark("em", None, *behind(4)))),
        update(block(7, 0, entry("1-0", {"kind": "title"}))),
        update(block(7, 0, entry("1-20", {"kind": "item"}))),
    ],
    ids=[
        "typing before", "typing at the end of the one before", "typing at the beginning of the one behind",
        "Enter before it", "a paragraph beside it", "two beside it, and typing in the second", "deleting before",
        "deleting behind", "deleting the whole paragraph behind", "marks behind", "marks before", "a kind before",
        "a kind behind",
    ],
)  # fmt: skip
def test_w4_edits_beside_a_locked_paragraph_are_taken_as_they_come(stage: Stage, data: bytes) -> None:
    assert stage.say(data) == data


def test_w4_enter_at_the_end_opens_a_paragraph_that_can_be_written_in(stage: Stage) -> None:
    ann = Client(7, stage.document.state())
    place = stage.text.index("\nafter")
    for data in (ann.insert(place, "\n"), ann.insert(place + 1, "new"), ann.insert(place + 4, "\nnext")):
        stage.say(data)
    assert "agreed 😀 text\nnew\nnext\nafter" in stage.text


def test_w4_enter_in_an_empty_locked_paragraph_opens_one_beside_it(stage: Stage) -> None:
    stage.lock()
    stage.say(update(block(7, 0, string("\n", *behind(25)))))
    stage.lock("7-0")
    stage.say(update(block(8, 0, string("\nx", (7, 0), (1, 26)))), "bob")


def test_w4_tidying_redundant_marks_of_a_locked_paragraph_is_no_offence(stage: Stage) -> None:
    stage.lock()
    on = mark("em", True, *behind(5)), mark("em", True, (7, 0), (1, 6))
    off = mark("em", None, *behind(19)), mark("em", None, (7, 2), (1, 20))
    stage.say(update(block(7, 0, *on, *off)))
    stage.lock(LOCKED)
    tidy = update(delete={7: [(1, 1), (3, 1)]})
    assert stage.judge(tidy, "olga", Reason.READ_ONLY) == NOTHING_NEW
    assert stage.say(tidy, "bob") == tidy
    assert stage.refuse(update(delete={7: [(0, 1)]}), "bob") == locked()


# -- what is trimmed


def test_w4_typing_into_it_is_buried_and_comes_back(stage: Stage) -> None:
    for client, (left, right) in enumerate(((5, 6), (9, 10), (19, 20)), 7):
        trimmed = stage.trim(update(block(client, 0, string("new", (1, left), (1, right)))))
        assert trimmed.refusal == locked("new")
        assert trimmed.update == update(
            block(client, 0, string("new", (1, left), (1, right))), delete={client: [(0, 3)]}
        )


def test_w4_the_offender_can_type_on(stage: Stage) -> None:
    """No gap arises: what comes behind the buried characters is taken where it is legal."""
    ann = Client(7, stage.document.state())
    stage.trim(ann.insert(8, "mine"))
    stage.say(ann.insert(1, "x"))
    assert stage.text.startswith("\nxopen")


def test_w4_deleting_from_it_is_left_out(stage: Stage) -> None:
    for ranges in ([(6, 14)], [(5, 1)], [(12, 3)], [(5, 15)]):
        assert stage.refuse(update(delete={1: ranges})) == locked()
    trimmed = stage.trim(update(delete={1: [(2, 10)]}))
    assert (trimmed.update, trimmed.refusal) == (update(delete={1: [(2, 3)]}), locked())


def test_w4_the_newline_behind_stays_while_text_follows_it(stage: Stage) -> None:
    assert stage.refuse(update(delete={1: [(20, 1)]})) == locked()
    trimmed = stage.trim(update(delete={1: [(16, 7)]}))
    assert trimmed.update == update(delete={1: [(21, 2)]})


def test_w4_joining_the_paragraph_before_or_behind_by_backspace(stage: Stage) -> None:
    ann = Client(7, stage.document.state())
    assert stage.refuse(ann.delete(5, 6)) == locked()
    bob = Client(8, stage.document.state())
    at = stage.text.index("\nafter")
    assert stage.refuse(bob.delete(at, at + 1), "bob") == locked()


def test_w4_pasting_over_everything_leaves_the_locked_text_where_it_was(stage: Stage) -> None:
    ann = Client(7, stage.document.state())
    verdict = stage.trim(ann.change([("delete", 1, len(stage.text)), ("insert", 1, "all new")]))
    assert verdict.refusal == locked()
    assert stage.text == "\n\nagreed 😀 text\nall new"


def test_w4_splitting_it_is_undone(stage: Stage) -> None:
    trimmed = stage.trim(update(block(7, 0, string("\n", *behind(9)))))
    assert trimmed.refusal == locked("\n")
    assert stage.trim(update(block(8, 0, string("a\nb", *behind(5)))), "bob").refusal == locked("a\nb")


def test_w4_of_a_paste_at_its_end_the_first_line_is_inside_and_the_others_beside(stage: Stage) -> None:
    trimmed = stage.trim(update(block(7, 0, string("tail\nnew\nparagraphs", *behind(19)))))
    assert trimmed.refusal == locked("tail")
    assert "agreed 😀 text\nnew\nparagraphs\nafter" in stage.text


def test_w4_a_paste_that_ends_behind_old_characters_is_inside_whole(stage: Stage) -> None:
    data = update(block(7, 0, string("a\nb", *behind(9)), string("c", *behind(19))))
    assert stage.trim(data).refusal == locked("a\nb", "c")


def test_w4_attributes_of_it_are_not_written(stage: Stage) -> None:
    trimmed = stage.trim(update(block(7, 0, entry(LOCKED, {"kind": "title"}), string("x", *behind(2)))))
    assert trimmed.refusal == locked()
    assert trimmed.update == update(block(7, 0, b"\x00\x01", string("x", *behind(2))))


def test_w4_attributes_that_are_written_on_behind_those_are_not_either(stage: Stage) -> None:
    """To its author the first entry is there, to all others only its id."""
    stage.trim(update(block(7, 0, entry(LOCKED, {"kind": "title"}))))
    stage.lock()
    trimmed = stage.trim(update(block(7, 1, entry(LOCKED, {"kind": "item"}, after=(7, 0)))))
    assert trimmed.refusal == locked(paragraphs=())
    assert stage.refuse(update(block(7, 2, string("x", (7, 0))))).reason is Reason.SCHEMA
    stage.say(update(block(8, 0, entry(LOCKED, {"kind": "item"}))), "bob")


def test_w4_attributes_of_it_are_not_deleted(stage: Stage) -> None:
    stage.lock()
    stage.say(update(block(7, 0, entry(LOCKED, {"kind": "title"}))))
    stage.lock(LOCKED)
    assert stage.refuse(update(delete={7: [(0, 1)]}), "bob") == locked()
    dead = stage.trim(update(block(8, 0, deleted(1, (7, 0)))), "bob")
    assert dead.update == update(block(8, 0, b"\x00\x01"))


@pytest.mark.parametrize(
    "marks",
    [
        (mark("em", True, *behind(5)), mark("em", None, *behind(19))),
        (mark("em", True, *behind(9)), mark("em", None, *behind(12))),
        (mark("strong", True, *behind(2)), mark("strong", None, *behind(24))),
        (mark("strike", True, *behind(2)),),
    ],
    ids=["all of it", "a word", "from before to behind", "without an end"],
)
def test_w4_marks_that_reach_into_it_are_neutralised(stage: Stage, marks: tuple[bytes, ...]) -> None:
    trimmed = stage.trim(update(block(7, 0, *marks, string("x", *behind(1)))))
    assert trimmed.refusal == locked()
    assert trimmed.update == update(block(7, 0, *marks, string("x", *behind(1))), delete={7: [(0, len(marks))]})


def test_w4_taking_away_the_mark_that_ends_before_it(stage: Stage) -> None:
    stage.lock()
    stage.say(update(block(7, 0, mark("em", True, *behind(0)), mark("em", None, *behind(4)))))
    stage.lock(LOCKED)
    assert stage.refuse(update(delete={7: [(1, 1)]}), "bob") == locked()
    trimmed = stage.trim(update(delete={7: [(1, 1)], 1: [(1, 1)]}), "bob")
    assert trimmed.update == update(delete={1: [(1, 1)]})


def test_w4_the_same_words_by_another_hand_are_no_agreed_text(stage: Stage) -> None:
    """The digest would be the same; the authors would not."""
    again = update(block(7, 0, string("text", (1, 15), (1, 16))), delete={1: [(16, 4)]})
    assert stage.trim(again).refusal == locked("text")


def test_w4_nor_are_letters_of_the_paragraph_behind() -> None:
    stage = Stage("\nopen\nabab\nab")
    stage.lock("1-5")
    assert stage.refuse(update(delete={1: [(8, 3)]})).reason is Reason.LOCKED


def test_w4_words_typed_before_the_lock_came_through_come_back(stage: Stage) -> None:
    stage.lock()
    ann = Client(7, stage.document.state())
    pending = [ann.insert(8, "in "), ann.insert(11, "flight"), ann.delete(20, 23), ann.insert(3, "legal")]
    stage.lock(LOCKED)
    verdicts = [stage.judge(data) for data in pending]
    assert [getattr(verdict, "refusal", None) for verdict in verdicts] == [
        locked("in "),
        locked("flight"),
        locked(),
        None,
    ]
    assert "oplegalen" in stage.text


def test_w4_typing_where_a_paragraph_behind_it_was_deleted_meanwhile(stage: Stage) -> None:
    bob = Client(8, stage.document.state())
    stage.say(update(delete={1: [(20, 6)]}))
    at = len("\nopen\nagreed 😀 text\naf")
    assert stage.trim(bob.insert(at, "bob's words"), "bob").refusal == locked("bob's words")


def test_w4_neighbouring_locked_paragraphs_and_what_stands_between() -> None:
    stage = Stage("\none\ntwo\nthree")
    stage.lock("1-0", "1-4", "1-8")
    stage.say(update(block(7, 0, string("\n", *behind(3)))))
    assert stage.text == "\none\n\ntwo\nthree"
    stage.say(update(block(7, 1, string("between", (7, 0), (1, 4)))))
    stage.say(update(delete={7: [(0, 8)]}))
    assert stage.refuse(update(delete={1: [(4, 1)]})) == Refusal(Reason.LOCKED, ("1-4",))
    assert stage.refuse(update(delete={1: [(1, 12)]})).paragraphs == ("1-0", "1-4", "1-8")


def test_w4_the_first_paragraph_locked_and_everything_deleted() -> None:
    stage = Stage("\none\ntwo")
    stage.lock("1-0")
    trimmed = stage.trim(update(delete={1: [(0, 8)]}))
    assert trimmed.update == update(delete={1: [(4, 4)]})
    assert stage.text == "\none"


def test_w4_an_offline_batch_keeps_its_legal_part(stage: Stage) -> None:
    ann = Client(7, stage.document.state())
    before = ann.doc.get_state()
    ann.insert(3, "legal ")
    ann.insert(15, "illegal ")
    ann.write(LOCKED, {"level": 2})
    ann.write("1-20", {"level": 3})
    ann.delete(26, 28)
    ann.insert(len(str(ann.text)), " end")
    trimmed = stage.trim(ann.doc.get_update(before))
    assert trimmed.refusal == locked("illegal ")
    assert stage.text == "\noplegal en\nagreed 😀 text\nafter\nlast end"
    assert [paragraph.level for paragraph in stage.document.paragraphs()] == [1, 1, 3, 1]


def test_w4_a_frozen_document_is_frozen_first(stage: Stage) -> None:
    data = update(block(7, 0, string("x", *behind(9))))
    assert stage.refuse(data, refuse=Reason.FROZEN) == Refusal(Reason.FROZEN, (LOCKED,), ("x",))


def test_w4_unlocked_it_can_be_edited_again(stage: Stage) -> None:
    stage.trim(update(block(7, 0, string("x", *behind(9)))))
    stage.lock()
    stage.say(update(block(7, 1, string("y", (7, 0), (1, 10)))))
    assert "agrey" in stage.text
    assert isinstance(stage.judge(update(delete={1: [(5, 3)]})), Accepted)


def test_w4_a_lock_holds_after_the_document_was_opened_anew(stage: Stage) -> None:
    stage.trim(update(block(7, 0, string("x", *behind(9)), entry(LOCKED, {"kind": "title"}))))
    stage.document = type(stage.document).load(*stage.document.dump())
    assert stage.trim(update(block(8, 0, string("y", *behind(9)))), "bob").refusal == locked("y")


def test_w4_locked_again_elsewhere_it_stays_as_it_was_then(stage: Stage) -> None:
    """Another process unlocked it, took an edit, and locked it: this one reads that in the record."""
    stage.say(update(block(7, 0, mark("em", True, *behind(2)), mark("em", None, *behind(3)))))
    edit = update(block(8, 0, string("re", *behind(5))))
    stage.document.admit(edit, "bob")
    stage.document.commit([edit])
    assert stage.trim(update(block(9, 0, string("x", *behind(9)))), "eve").refusal == locked("x")


def test_w4_own_words_that_were_deleted_again_are_no_offence(stage: Stage) -> None:
    data = update(block(7, 0, string("abc", *behind(9))), delete={7: [(0, 3)]})
    assert stage.say(data) == data
    trimmed = stage.trim(update(block(8, 0, string("abc", *behind(9))), delete={8: [(1, 1)]}), "bob")
    assert trimmed.refusal == locked("ac")


def test_w4_own_marks_that_were_deleted_again_stay_so_when_nothing_of_the_others_is_taken(stage: Stage) -> None:
    marks = mark("em", True, *behind(2)), mark("strong", True, *behind(3))
    trimmed = stage.trim(update(block(7, 0, *marks), delete={7: [(0, 1)]}))
    assert trimmed.update == update(block(7, 0, *marks), delete={7: [(0, 2)]})


def test_t1_a_new_first_newline_stays_in_a_document_with_locks_too(stage: Stage) -> None:
    stage.judge(update(block(7, 0, string("\n", before=(1, 0)), string("x", *behind(9))), delete={7: [(0, 1)]}))
    assert stage.text.startswith("\n\nopen")


def test_w4_the_digests_have_the_last_word(stage: Stage) -> None:
    """If trimming were not enough, nothing of the update would be taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reach, "buried_at", lambda *_: ())
        assert stage.refuse(update(block(7, 0, string("x", *behind(9)), string("y", *behind(2))))) == locked("y", "x")
    stage.say(update(block(7, 0, string("y", *behind(2)))))


def test_w4_many_new_paragraphs_in_one_update_are_looked_at_once(stage: Stage) -> None:
    """Not by recursion, and not each against all before it."""
    data = update(block(7, 0, string("\n" * 30_000, *behind(19)), string("x" * 10, *behind(9))))
    assert stage.trim(data).refusal.text == ("xxxxxxxxxx",)


def test_w4_an_update_of_the_server_is_taken_entirely_or_not_at_all(stage: Stage) -> None:
    """What it would delete elsewhere stays, too; what reaches into no lock is taken."""
    both = update(block(7, 0, string("x", *behind(2))), delete={1: [(3, 1), (7, 2)]})
    before = stage.seen(), stage.held()
    verdict = stage.document.judge(both, "ann", None, stage.locked, entire=True)
    assert verdict == Refused(locked("x"))
    assert (stage.seen(), stage.held()) == before
    open_only = update(block(7, 0, string("x", *behind(2))), delete={1: [(3, 1)]})
    assert stage.document.judge(open_only, "ann", None, stage.locked, entire=True) == Accepted(open_only)
