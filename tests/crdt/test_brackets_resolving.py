"""A resolution: what is left of a text, and that the update does what the preview says."""

import pytest

from crdt.brackets import Register
from crdt.brackets.resolving import Act, plan
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.paragraphs import Run

REGISTER = Register.of([("KAZ", "Kazakhstan"), ("IND", "India"), ("RUS", "Russian Federation")])
KEEP, DELETE, REPLACE, CHOOSE = Act


def resolved(text: str, act: Act, instead: str = "", which: int = 0) -> str:
    """The text after the bracket that opens as number `which` was resolved; paragraphs parted by line breaks."""
    document = Document.new()
    first = compose([Draft((Run(line, ()),)) for line in text.split("\n")], 5)
    document.judge(first, "ann")
    document.commit([first])
    document.brackets.live.rename(REGISTER)
    sight = document.brackets.sight()
    found = plan(sight, sight.ids[which], act, instead, REGISTER)
    assert found is not None
    before = {paragraph.id: paragraph.text for paragraph in document.paragraphs()}
    foreseen = {**before, **{change.paragraph: change.after for change in found.changes()}}
    update = found.update(document.index, 9)
    assert isinstance(document.judge(update, "chair", entire=True), Accepted)
    document.commit([update])
    document.check()
    after = {paragraph.id: paragraph.text for paragraph in document.paragraphs()}
    assert after == {name: text for name, text in foreseen.items() if text is not None}
    return document.text()[1:]


@pytest.mark.parametrize(
    ("text", "act", "expected"),
    [
        ("Parties [shall] act", KEEP, "Parties shall act"),
        ("Parties [ shall ] act", KEEP, "Parties shall act"),
        ("Parties [shall] act", DELETE, "Parties act"),
        ("Parties[, as agreed,] act", KEEP, "Parties, as agreed, act"),
        ("Parties, [as agreed], act", DELETE, "Parties, act"),
        ("Parties act, [at once].", DELETE, "Parties act."),
        ("Parties [, and] others", KEEP, "Parties, and others"),
        ("communication[s] of", KEEP, "communications of"),
        ("communication[s] of", DELETE, "communication of"),
        ("[In time,] Parties act", DELETE, "Parties act"),
        ("[In time], Parties act", DELETE, "Parties act"),
        ("act ([at once] or later)", DELETE, "act (or later)"),
        ("act (later [at once])", DELETE, "act (later)"),
        ("act [at once]", DELETE, "act"),
        ("[KAZ, RUS propose; IND opposes: shall] act", KEEP, "shall act"),
        ("Parties [shall - IND] act", KEEP, "Parties shall act"),
        ("Parties [shall] (KAZ, IND) act", KEEP, "Parties shall act"),
        ("Parties [shall] (KAZ, IND) act", DELETE, "Parties act"),
        ("Parties [DELETE: always] act", KEEP, "Parties always act"),
        ("а [должны] 😀 быть", KEEP, "а должны 😀 быть"),
        ("各方［应］合作", KEEP, "各方应合作"),
        ("各方［应］合作", DELETE, "各方合作"),
        ("[a [b] c] d", KEEP, "a [b] c d"),
        ("[a [b] c] d", DELETE, "d"),
        ("before\n[all of it]\nafter", DELETE, "before\nafter"),
        ("[all of it]\nafter", DELETE, "\nafter"),
        ("a [one\ntwo\nthree] b", KEEP, "a one\ntwo\nthree b"),
        ("a [one\ntwo\nthree] b\nc", DELETE, "a b\nc"),
        ("x\n[one\ntwo]\ny", DELETE, "x\ny"),
        ("[]x", KEEP, "x"),
    ],
)
def test_what_is_left(text: str, act: Act, expected: str) -> None:
    assert resolved(text, act) == expected


def test_replaced_by_what_the_chair_says() -> None:
    assert resolved("Parties [shall][should] act", REPLACE, "will 😀") == "Parties will 😀 [should] act"
    assert resolved("a [one\ntwo] b", REPLACE, "three") == "a three b"


@pytest.mark.parametrize(
    ("text", "which", "expected"),
    [
        ("Parties [shall][should] act", 0, "Parties shall act"),
        ("Parties [shall] [should] [may] act", 1, "Parties should act"),
        ("Parties [KAZ: shall] / [should] (IND) act", 0, "Parties shall act"),
        ("Parties [shall] or [should [not]] act", 1, "Parties should [not] act"),
        ("in [Africa] [and Asia].", 1, "in and Asia."),
    ],
)
def test_one_member_of_a_run_is_chosen(text: str, which: int, expected: str) -> None:
    assert resolved(text, CHOOSE, which=which) == expected


def test_there_is_nothing_to_choose_from_outside_a_run() -> None:
    with pytest.raises(AssertionError):
        resolved("Parties [shall] act", CHOOSE)


@pytest.mark.parametrize(
    ("text", "act", "which", "expected"),
    [
        ("Parties [shall][should] act", KEEP, 0, "Parties shall [should] act"),
        ("Parties [shall][should] act", KEEP, 1, "Parties [shall] should act"),
        ("Parties [shall][should] act", REPLACE, 1, "Parties [shall] will act"),
        ("Parties [shall][should][may] act", KEEP, 1, "Parties [shall] should [may] act"),
        ("Parties [shall][should][may] act", REPLACE, 1, "Parties [shall] will [may] act"),
        ("Parties [shall][should] act", DELETE, 0, "Parties [should] act"),
        ("Parties [shall] / [should] act", DELETE, 0, "Parties [should] act"),
        ("Parties [shall] / [should] act", DELETE, 1, "Parties [shall] act"),
        ("[A] or [B] or [C]", DELETE, 1, "[A] or [C]"),
        ("[A]/[B]/[C]", DELETE, 2, "[A]/[B]"),
        ("[A] (KAZ) или [B]", DELETE, 0, "[B]"),
        ("[A] (KAZ) or [B] (IND), act", DELETE, 1, "[A] (KAZ), act"),
        ("Parties [shall] [should] act", KEEP, 1, "Parties [shall] should act"),
        ("Parties [shall][should]act", KEEP, 0, "Parties shall [should]act"),
        ("Parties [shall][ should] act", KEEP, 0, "Parties shall[ should] act"),
        ("Parties [KAZ: shall] (IND)[RUS: should - IND] act", KEEP, 0, "Parties shall [RUS: should - IND] act"),
        ("Parties [KAZ: shall] (IND)[RUS: should - IND] act", KEEP, 1, "Parties [KAZ: shall] (IND) should act"),
        ("Parties [shall]/[should] act", KEEP, 0, "Parties shall/[should] act"),
        ("Parties [shall]/[should] act", REPLACE, 1, "Parties [shall]/will act"),
        ("Parties [shall] / [should] act", KEEP, 1, "Parties [shall] / should act"),
        ("Parties [shall]or[should] act", KEEP, 0, "Parties shall or[should] act"),
        ("Parties [shall]or[should] act", KEEP, 1, "Parties [shall]or should act"),
        ("Parties [shall][should [not]][may] act", KEEP, 1, "Parties [shall] should [not] [may] act"),
        ("Parties act [at once,][later] or", KEEP, 0, "Parties act at once, [later] or"),
        ("Parties [act][, as agreed,] or", KEEP, 0, "Parties act[, as agreed,] or"),
        ("Parties [act][, as agreed,] or", KEEP, 1, "Parties [act], as agreed, or"),
        ("Parties, [5][10] of them", KEEP, 1, "Parties, [5] 10 of them"),
        ("in 20[15][16] and", KEEP, 0, "in 2015[16] and"),
        ("a communication[s][es] of", KEEP, 0, "a communications[es] of"),
        ("the modalit[y][ies] of", KEEP, 1, "the modalit[y]ies of"),
        ("the [un][re]known", KEEP, 0, "the un[re]known"),
        ("[shall][]", KEEP, 1, "[shall]"),
        ("а [должны][могут] быть", KEEP, 0, "а должны [могут] быть"),
        ("各方［应］［可］合作", KEEP, 0, "各方应［可］合作"),
        ("各方，［应］［可］，", KEEP, 0, "各方，应［可］，"),
        ("各方[应[不]][可]合作", KEEP, 2, "各方[应[不]]可合作"),
        ("各方[应，][可]合作", KEEP, 0, "各方应，[可]合作"),
    ],
)
def test_what_is_left_of_a_member_stands_apart_from_its_run(text: str, act: Act, which: int, expected: str) -> None:
    assert resolved(text, act, "will" if act is REPLACE else "", which) == expected


def test_what_the_chair_says_is_parted_where_it_has_to_be() -> None:
    assert resolved("[act][react] or", REPLACE, ", as agreed,", 1) == "[act], as agreed, or"
    assert resolved("[act][react] or", REPLACE, "stay ", 0) == "stay [react] or"
    assert resolved("the modalit[y][ies] of", REPLACE, "ie", 0) == "the modalitie[ies] of"
    assert resolved("a [shall] b", REPLACE, "will", 0) == "a will b"
