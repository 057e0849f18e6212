"""The verdict on whole updates: bounds, authors, gaps, what is known already, and who may not write."""

import pytest

from crdt.gate import Accepted, Reason, Refusal, Trimmed, claims
from crdt.gate.judging import NOTHING_NEW
from crdt.update import PEER
from tests.crdt.gate.stage import GENESIS, Client, Stage, behind
from tests.crdt.handmade import block, deleted, deletes, entry, gc, mark, skip, string, uint, update

# -- bytes


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x01",
        b"\x00\x00\x00",
        b"\xff" * 9,
        update(block(7, 0, string("x", GENESIS)))[:-2],
        b"\x01\x00\x07\x00\x00",
    ],
)
def test_w7_malformed(data: bytes) -> None:
    assert Stage().refuse(data) == Refusal(Reason.MALFORMED)


def test_w7_too_large() -> None:
    data = update(block(7, 0, string("x" * PEER.size, GENESIS)))
    assert Stage().refuse(data) == Refusal(Reason.TOO_LARGE)


def test_w7_too_much_at_once() -> None:
    """It would be looked at for seconds, in which nobody else is served."""
    lines, structs = [string("\n\n\n\n", *behind(0))], [deleted(1, *behind(k)) for k in range(4)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "AT_ONCE", 3)
        for bad in (lines, structs):
            assert Stage().refuse(update(block(7, 0, *bad))).reason is Reason.TOO_LARGE
        patch.setattr(claims, "AT_ONCE", 4)
        for good in (lines, structs):
            Stage().say(update(block(7, 0, *good)))


def test_w7_what_kills_pycrdt_is_malformed() -> None:
    """60 kB of nested values end the process inside pycrdt."""
    nest = b"\x75\x01" * 30_000 + b"\x7e"
    assert Stage().refuse(update(block(7, 0, entry("1-0", nest)))).reason is Reason.MALFORMED


def test_w7_half_a_character_is_malformed() -> None:
    assert Stage().refuse(update(block(7, 0, string("\ud83d", GENESIS)))).reason is Reason.MALFORMED


# -- authors


def test_w5_a_client_id_belongs_to_the_first_who_used_it() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("a", *behind(0)))), "ann")
    refusal = stage.refuse(update(block(7, 1, string("b", (7, 0), (1, 1)))), "bob")
    assert refusal == Refusal(Reason.FOREIGN_AUTHOR, ("1-0",), ("b",))
    stage.say(update(block(7, 1, string("b", (7, 0), (1, 1)))), "ann")
    assert stage.document.owners == {1: "server", 7: "ann"}


def test_w5_a_refused_update_owns_nothing() -> None:
    stage = Stage()
    stage.refuse(update(block(7, 0, string("a\r", GENESIS))), "ann")
    stage.say(update(block(7, 0, string("a", GENESIS))), "bob")


def test_w5_one_foreign_struct_spoils_the_update() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("a", GENESIS))), "ann")
    mixed = update(block(8, 0, string("mine", GENESIS)), block(7, 1, string("hers", (7, 0))))
    assert stage.refuse(mixed, "bob").reason is Reason.FOREIGN_AUTHOR


def test_w5_ids_whose_owner_is_not_known_are_nobodys() -> None:
    stage = Stage()
    stage.document.owners.clear()
    assert stage.refuse(update(block(1, 30, string("x", (1, 29)))), "server").reason is Reason.FOREIGN_AUTHOR


def test_w5_deleting_the_text_of_others_is_no_forgery() -> None:
    stage = Stage()
    stage.say(update(delete={1: [(1, 5)]}))
    assert stage.text == "\n 😀 paragraph\nsecond one"


# -- gaps


@pytest.mark.parametrize(
    "data",
    [
        update(block(7, 1, string("x", GENESIS))),
        update(block(7, 0, skip(1), string("x", GENESIS))),
        update(block(7, 0, string("x", (1, 30)))),
        update(block(7, 0, string("x", (2, 0)))),
        update(block(7, 0, string("x", GENESIS, (1, 30)))),
        update(block(7, 0, string("x", root=(9, 0)))),
        update(block(7, 0, string("x", (7, 0)))),
        update(block(7, 0, string("x", (7, 5)))),
        update(block(7, 0, string("a", (8, 0))), block(8, 0, string("b", (7, 0)))),
        update(block(7, 0, string("a", GENESIS), string("b", (8, 1))), block(8, 0, string("c", GENESIS))),
        update(block(7, 0, entry("9-0", {}))),
        update(block(7, 0, entry("7-1", {}))),
        update(delete={1: [(29, 2)]}),
        update(delete={9: [(0, 1)]}),
        update(block(7, 0, string("ab", GENESIS)), delete={7: [(1, 2)]}),
    ],
    ids=[
        "clock", "skipped", "origin", "unknown client", "right origin", "parent", "itself", "its own future",
        "a circle", "in the middle", "attributes of what is not there", "attributes of its own future",
        "deletion beyond the end",        "deletion of nobody", "deletion of its own future",
    ],
)  # fmt: skip
def test_w5_nothing_past_a_gap(data: bytes) -> None:
    assert Stage().refuse(data).reason is Reason.GAP


def test_w5_several_client_ids_of_one_participant_in_any_order() -> None:
    """Two sessions of a page that was closed without a network come in one answer to step 1."""
    stage = Stage()
    stage.say(
        update(
            block(9, 0, string("old ", (1, 5), (1, 6))),
            block(8, 0, string("new", (9, 3), (1, 6)), string("est", (8, 2), (1, 6))),
            delete={1: [(6, 1)], 9: [(0, 1)]},
        )
    )
    assert stage.text == "\nfirstld newest😀 paragraph\nsecond one"
    assert stage.document.owners[8] == stage.document.owners[9] == "ann"


# -- what is known already


def test_w3_a_duplicate_has_no_effect() -> None:
    stage = Stage()
    data = update(block(7, 0, string("x", GENESIS)), delete={1: [(1, 1)]})
    assert stage.judge(data) == Accepted(data)
    assert stage.judge(data) == NOTHING_NEW
    assert stage.judge(b"\x00\x00") == NOTHING_NEW


def test_w3_only_what_is_new_is_passed_on() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("ab", GENESIS, (1, 1))), delete={1: [(2, 1)]}))
    whole = update(block(7, 0, string("abc", GENESIS, (1, 1))), delete={1: [(1, 3)]})
    assert stage.say(whole) == update(block(7, 2, string("c", (7, 1), (1, 1))), delete={1: [(1, 1), (3, 1)]})


def test_w3_structs_that_are_known_are_not_passed_on() -> None:
    stage = Stage()
    known, new = string("a", *behind(3)), string("b", *behind(25))
    stage.say(update(block(7, 0, known)))
    assert stage.say(update(block(7, 0, known, new))) == update(block(7, 1, new))


def test_w3_a_whole_state_sent_back_brings_only_what_is_new() -> None:
    stage = Stage()
    ann = Client(7, stage.document.state())
    ann.delete(3, 5)
    ann.insert(4, "x")
    ann.write("1-0", {"kind": "title"})
    assert len(stage.say(ann.doc.get_update())) < len(ann.doc.get_update())
    assert stage.judge(ann.doc.get_update(), "bob") == NOTHING_NEW


def test_w5_a_forged_replay_is_harmless() -> None:
    """The same ids with other words: what is known is never looked at again, and never passed on."""
    stage = Stage()
    stage.say(update(block(7, 0, string("true", *behind(0)))), "ann")
    for forged in (string("lies", *behind(0)), string("lies", *behind(5)), deleted(4, *behind(0))):
        assert stage.judge(update(block(7, 0, forged)), "bob") == NOTHING_NEW
    assert stage.text.startswith("\ntrue")


def test_w5_a_forged_beginning_is_not_passed_on() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("ab", GENESIS, (1, 1)))))
    assert stage.say(update(block(7, 0, string("xyc", (1, 20), (1, 1))))) == update(
        block(7, 2, string("c", (7, 1), (1, 1)))
    )


def test_w3_a_deletion_of_the_dead_is_not_passed_on() -> None:
    stage = Stage()
    stage.say(update(delete={1: [(1, 3)]}))
    assert stage.judge(update(delete={1: [(1, 3)]})) == NOTHING_NEW
    assert stage.say(update(delete={1: [(1, 4), (9, 1)]})) == update(delete={1: [(4, 1), (9, 1)]})


def test_w3_untidy_deletions_are_tidied() -> None:
    """Two ranges that meet inside a surrogate pair corrupt pycrdt's document."""
    stage = Stage()
    raw = b"\x00" + deletes({1: [(8, 1), (7, 1)]})
    assert stage.say(raw) == update(delete={1: [(7, 2)]})


# -- surrogate pairs


@pytest.mark.parametrize(
    "data",
    [
        update(block(7, 0, string("x", (1, 7)))),
        update(block(7, 0, string("x", (1, 7), (1, 8)))),
        update(block(7, 0, string("x", None, (1, 8)))),
        update(block(7, 0, deleted(1, (1, 7)))),
        update(block(7, 0, mark("em", True, (1, 7)))),
        update(delete={1: [(7, 1)]}),
        update(delete={1: [(8, 1)]}),
        update(delete={1: [(3, 5)]}),
        update(delete={1: [(8, 4)]}),
        update(block(7, 0, string("😀", (1, 3)), string("x", (7, 0)))),
        update(block(7, 0, string("a😀", (1, 3))), delete={7: [(0, 2)]}),
        update(block(7, 0, string("a", (1, 3)), string("bc", (7, 0))), delete={1: [(8, 1)]}),
    ],
)  # fmt: skip
def test_w3_no_character_is_cut(data: bytes) -> None:
    assert Stage().refuse(data).reason is Reason.SCHEMA


def test_w3_a_known_beginning_that_ends_inside_a_character_is_a_forgery() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("a", GENESIS))))
    assert stage.refuse(update(block(7, 0, string("😀", GENESIS)))).reason is Reason.SCHEMA


# -- the first newline


def test_t1_nothing_is_typed_before_the_first_newline() -> None:
    stage = Stage()
    refusal = stage.refuse(Client(7, stage.document.state()).insert(0, "title"))
    assert refusal == Refusal(Reason.SCHEMA, ("1-0",), ("title",))


def test_t1_not_even_behind_a_mark_or_a_dead_character_before_it() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, mark("em", True, before=GENESIS), deleted(2, (7, 0), GENESIS))))
    for ident in ((7, 0), (7, 1), (7, 2)):
        assert stage.refuse(update(block(7, 3, string("x", ident, GENESIS)))).reason is Reason.SCHEMA
    stage.say(update(block(7, 3, string("x", GENESIS, (1, 1)))))


def test_t1_not_behind_a_mark_that_comes_with_it_either() -> None:
    data = update(block(7, 0, mark("em", True, before=GENESIS), string("x", (7, 0), GENESIS)))
    assert Stage().refuse(data).reason is Reason.SCHEMA


def test_t1_a_paragraph_may_come_before_the_first_one() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("\ntitle", before=GENESIS))))
    assert stage.text.startswith("\ntitle\nfirst")
    verdict = stage.judge(update(delete={7: [(0, 6)]}))
    assert isinstance(verdict, Trimmed)
    assert stage.text.startswith("\n\nfirst")


def test_t1_characters_before_a_new_first_newline_are_refused() -> None:
    assert Stage().refuse(update(block(7, 0, string("x\n", before=GENESIS)))).reason is Reason.SCHEMA


def test_t1_the_first_newline_stays_whoever_deletes_all() -> None:
    stage = Stage()
    verdict = stage.judge(Client(7, stage.document.state()).delete(0, len(stage.text)))
    assert verdict == Trimmed(update(delete={1: [(1, 29)]}), Refusal(Reason.SCHEMA, ("1-0",)))
    assert stage.text == "\n"


def test_t1_the_rest_of_an_update_that_deletes_it_is_taken() -> None:
    stage = Stage()
    verdict = stage.judge(update(block(7, 0, string("new", (1, 5))), delete={1: [(0, 3)]}))
    assert verdict == Trimmed(
        update(block(7, 0, string("new", (1, 5))), delete={1: [(1, 2)]}), Refusal(Reason.SCHEMA, ("1-0",))
    )


def test_t1_an_update_that_deletes_nothing_else_is_refused() -> None:
    stage = Stage("\nfirst")
    assert stage.refuse(update(delete={1: [(0, 1)]})) == Refusal(Reason.SCHEMA, ("1-0",))


def test_t1_an_empty_document_begins_with_a_newline() -> None:
    stage = Stage()
    stage.document = type(stage.document).new()
    assert stage.refuse(update(block(7, 0, string("text")))).reason is Reason.SCHEMA
    stage.say(update(block(7, 0, string("\ntext"))))


# -- who may not write


@pytest.mark.parametrize("reason", [Reason.READ_ONLY, Reason.FROZEN])
def test_w4_an_update_changes_nothing_and_its_words_come_back(reason: Reason) -> None:
    stage = Stage()
    ann = Client(7, stage.document.state())
    data = ann.change([("insert", 25, "late "), ("insert", 3, "ear\n"), ("insert", 7, "ly"), ("delete", 12, 14)])
    refusal = stage.refuse(data, refuse=reason)
    assert (refusal.reason, refusal.text) == (reason, ("ear\nly", "late "))
    assert set(refusal.paragraphs) == {"1-0", "1-19"}


def test_w4_words_that_were_deleted_again_do_not_come_back() -> None:
    stage = Stage()
    data = update(block(7, 0, string("abc", *behind(3)), string("def", *behind(25))), delete={7: [(1, 1), (3, 3)]})
    assert stage.refuse(data, refuse=Reason.FROZEN).text == ("ac",)


@pytest.mark.parametrize(
    "data",
    [
        update(delete={1: [(1, 1)]}),
        update(delete={7: [(2, 1)]}),
        update(delete={7: [(0, 1)], 1: [(5, 1)]}),
        update(block(8, 0, mark("em", True, (1, 5)))),
        update(block(8, 0, entry("1-0", {}))),
        update(block(8, 0, deleted(1, (1, 5)))),
        update(delete={1: [(0, 1)]}),
        update(delete={1: [(100, 1)]}),
        update(delete={1: [(7, 1)]}),
        update(block(8, 0, gc(1))),
    ],
)
def test_w4_deletions_and_marks_are_refused_without_text(data: bytes) -> None:
    stage = Stage()
    stage.say(
        update(block(7, 0, mark("em", True, *behind(5)), mark("em", None, *behind(9)), entry("1-0", {"kind": "title"})))
    )
    refusal = stage.refuse(data, "olga", Reason.READ_ONLY)
    assert (refusal.reason, refusal.text) == (Reason.READ_ONLY, ())


def test_w4_tidying_marks_is_no_offence_and_is_dropped() -> None:
    """Yjs clients delete redundant formatting marks by themselves and send that."""
    stage = Stage()
    stage.say(update(block(7, 0, mark("em", True, *behind(5)), mark("em", None, *behind(9))), delete={1: [(20, 1)]}))
    for tidy in (
        update(delete={7: [(0, 2)]}),
        update(delete={7: [(1, 1)], 1: [(20, 1)]}),
        update(delete={1: [(20, 1)]}),
    ):
        before = stage.seen()
        assert stage.judge(tidy, "olga", Reason.READ_ONLY) == NOTHING_NEW
        assert stage.seen() == before


def test_w4_what_is_known_is_no_offence() -> None:
    stage = Stage()
    olga = Client(7, stage.document.state())
    assert stage.judge(olga.doc.get_update(), "olga", Reason.READ_ONLY) == NOTHING_NEW


def test_w4_malformed_is_malformed_whoever_sends_it() -> None:
    assert Stage().refuse(b"\x01", refuse=Reason.READ_ONLY).reason is Reason.MALFORMED


# -- what a refusal says


def test_w2_strings_of_an_update_that_has_no_place_come_back_as_they_were_written() -> None:
    stage = Stage()
    data = update(block(7, 1, string("one ", (9, 0)), string("two", (7, 4)), string("three", (9, 0))))
    assert stage.refuse(data) == Refusal(Reason.GAP, (), ("one two", "three"))


def test_w2_a_refusal_names_the_paragraphs_that_were_written_to_or_deleted_from() -> None:
    stage = Stage()
    data = update(block(7, 0, string("a\r", (1, 3))), delete={1: [(20, 3)]})
    assert stage.refuse(data).paragraphs == ("1-0", "1-19")
    assert stage.refuse(update(block(7, 0, entry("1-19", {"level": 0})))).paragraphs == ("1-19",)


def test_w2_legal_parts_of_a_mixed_update_do_not_survive_an_illegal_one() -> None:
    stage = Stage()
    data = update(block(8, 0, string("good", (1, 3))), block(7, 0, string("bad\x00", (1, 5))), delete={1: [(9, 1)]})
    assert set(stage.refuse(data).text) == {"good", "bad\x00"}
    stage.say(update(block(8, 0, string("good", (1, 3)))))


def test_varints_longer_than_they_need_be_are_read_alike() -> None:
    stage = Stage()
    long = update(block(7, 0, string("x", GENESIS))).replace(uint(7), b"\x87\x00", 1)
    assert stage.say(long) == long
