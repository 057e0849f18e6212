"""W3: everyone reads the same, also those who join later; so nobody may claim neighbours that they cannot have seen."""

import random
from typing import Any

import pytest

from crdt.errors import Diverged
from crdt.gate import Accepted, Arrivals, Reason, causality
from crdt.gate.arrivals import NOTHING, Knowledge
from crdt.index import TextIndex
from crdt.update import DELETED, STRING, Id, Struct, Update, decode, encode
from tests.crdt.gate.stage import GENESIS, Client, Stage, behind
from tests.crdt.handmade import block, entry, string, update


def test_w3_a_client_knows_its_own_characters() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("a", *behind(5)))))
    assert stage.refuse(update(block(7, 1, string("b", *behind(5))))).reason is Reason.SCHEMA
    stage.say(update(block(7, 1, string("b", (7, 0), (1, 6)))))


def test_w3_whoever_named_an_id_knows_all_that_came_before_it() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("early", *behind(5)))), "ann")
    stage.say(update(block(8, 0, string("late", *behind(25)))), "bob")
    stage.say(update(block(9, 0, string("x", (8, 3), (1, 26)))), "eve")
    assert stage.refuse(update(block(9, 1, string("y", *behind(5)))), "eve").reason is Reason.SCHEMA
    assert stage.refuse(update(block(10, 0, string("y", (1, 5), (8, 0)))), "eve").reason is Reason.SCHEMA
    stage.say(update(block(9, 1, string("y", (7, 4), (1, 6)))), "eve")


def test_w3_what_others_wrote_meanwhile_need_not_be_known() -> None:
    stage = Stage()
    ann, bob = Client(7, stage.document.state()), Client(8, stage.document.state())
    for place, word in enumerate("ann was here"):
        stage.say(ann.insert(6 + place, word), "ann")
        stage.say(bob.insert(6, "b"), "bob")
    assert stage.text.count("b") == 12


def test_w3_what_others_write_on_after_what_was_named_need_not_be_known() -> None:
    stage = Stage()
    ann = Client(7, stage.document.state())
    stage.say(ann.insert(6, "first"), "ann")
    bob = Client(8, stage.document.state())
    stage.say(ann.insert(11, " second"), "ann")
    stage.say(bob.insert(11, "!"), "bob")


def test_w3_origins_are_in_order() -> None:
    stage = Stage()
    assert stage.refuse(update(block(7, 0, string("x", (1, 9), (1, 3))))).reason is Reason.SCHEMA
    assert stage.refuse(update(block(7, 0, string("x", (1, 9), (1, 9))))).reason is Reason.SCHEMA


def test_w3_a_page_reloaded_without_a_network_knows_its_first_half_past_the_server() -> None:
    """What one of a participant's clients knew of the others was not known to the participant's next client as well."""
    stage = Stage()
    before = Client(7, stage.document.state())
    offline = [before.insert(6, "one ")]
    after = Client(8, before.doc.get_update())
    offline.append(after.insert(10, "two"))
    stage.say(Client(9, stage.document.state()).insert(6, "meanwhile "), "bob")
    for data in offline:
        stage.say(data, "ann")
    assert "one two" in stage.text


def test_w3_but_what_is_said_to_have_passed_so_is_known_too() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("a", *behind(5)), string("z", *behind(15)))), "ann")
    stage.say(update(block(8, 0, string("b", (7, 0), (1, 6)), string("d", *behind(25)))), "ann")
    stage.say(update(block(9, 0, string("c", (8, 1), (1, 26)))), "ann")
    assert stage.refuse(update(block(9, 1, string("e", *behind(5)))), "ann").reason is Reason.SCHEMA
    stage.say(update(block(9, 1, string("e", *behind(15)))), "ann")


def test_w3_what_is_said_to_have_passed_over_two_is_known_too() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("a", *behind(5)), string("z", *behind(15)))), "ann")
    stage.say(update(block(8, 0, string("b", (7, 1), (1, 16)))), "ann")
    stage.say(update(block(9, 0, string("c", (8, 0), (1, 16)))), "ann")
    assert stage.refuse(update(block(9, 1, string("e", *behind(5)))), "ann").reason is Reason.SCHEMA


def test_w3_what_others_wrote_is_known_to_whom_it_passed_too() -> None:
    stage = Stage()
    stage.say(update(block(20, 0, string("early", *behind(5)), string("late", *behind(25)))), "bob")
    stage.say(update(block(8, 0, string("b", (20, 8), (1, 26)))), "ann")
    stage.say(update(block(9, 0, string("c", (8, 0), (1, 26)))), "ann")
    assert stage.refuse(update(block(9, 1, string("e", *behind(5)))), "ann").reason is Reason.SCHEMA


def test_w3_more_rivals_than_anybody_could_have_are_too_many() -> None:
    stage = Stage()
    for client in range(10, 15):
        stage.say(update(block(client, 0, string("x", *behind(5)))), str(client))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(causality, "RIVALS", 4)
        assert stage.refuse(update(block(7, 0, string("y", *behind(5))))).reason is Reason.TOO_LARGE
        patch.setattr(causality, "RIVALS", 5)
        stage.say(update(block(7, 0, string("y", *behind(5)))))


def test_w3_a_map_entry_stands_behind_those_its_author_knew() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, entry("1-0", {"kind": "title"}))))
    assert stage.refuse(update(block(7, 1, entry("1-0", {"kind": "item"})))).reason is Reason.SCHEMA
    stage.say(update(block(7, 1, entry("1-0", {"kind": "item"}, after=(7, 0)))))
    stage.say(update(block(8, 0, entry("1-0", {"kind": "body"}))), "bob")


def test_w3_a_refused_update_teaches_nothing() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("early", *behind(5)), string("late 😀", *behind(25)))), "ann")
    known, new = string("x", (7, 9), (1, 26)), string("y", *behind(5))
    for bad in (
        update(block(9, 0, known, string("\r", (9, 0), (1, 26)))),
        update(block(9, 0, known, new)),
        update(block(9, 0, string("cuts a character", (1, 3), (7, 11)))),
    ):
        stage.refuse(bad, "eve")
        stage.refuse(bad, "eve", Reason.FROZEN)
    stage.say(update(block(9, 0, new)), "eve")


def test_w3_not_even_of_what_may_have_passed_past_the_server() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("early", *behind(5)), string("late", *behind(25)))), "ann")
    stage.refuse(update(block(8, 0, string("x", (7, 8), (1, 26)), string("y", *behind(5)))), "ann")
    stage.say(update(block(8, 0, string("y", *behind(5)))), "ann")


def test_w3_arrivals_survive_a_dump() -> None:
    stage = Stage()
    stage.say(update(block(7, 0, string("a", *behind(5)))), "ann")
    stage.say(update(block(8, 0, string("b", (7, 0), (1, 6)))), "ann")
    stage.say(update(block(9, 0, string("c", (8, 0), (1, 6)))), "bob")
    arrivals = Arrivals.load(stage.document.arrivals.dump())
    assert arrivals.dump() == stage.document.arrivals.dump()
    assert arrivals.total == 33
    assert [arrivals.number(ident) for ident in (GENESIS, (1, 29), (7, 0), (9, 0))] == [0, 29, 30, 32]
    assert arrivals.knowledge((9, 0)) == Knowledge(31, {})
    assert arrivals.knowledge((8, 0)) == Knowledge(6, {7: 1})
    assert arrivals.knowledge((1, 0)) == Knowledge(NOTHING, {})


@pytest.mark.parametrize(
    "dump", [b"", b"{}\n", b"[]\n", b'{"total":1,"own":[],"steps":[["seen",7,9]]}\n1234', b"\xff\n"]
)
def test_a_dump_that_cannot_be_read_is_diverged(dump: bytes) -> None:
    with pytest.raises(Diverged):
        Arrivals.load(dump)


def test_w3_what_came_before_arrivals_were_counted_accuses_nobody() -> None:
    stage = Stage()
    stage.document.arrivals = Arrivals()
    stage.say(update(block(7, 0, string("x", (1, 5), (1, 20)))))
    assert stage.document.arrivals.number(GENESIS) == NOTHING


# -- forgeries at random: what the gate takes is read alike in whatever order it arrives


def joined_later(taken: list[Struct]) -> TextIndex:
    """The index of somebody who gets all at once, highest client first, as Yjs integrates a state."""
    order = sorted(taken, key=lambda struct: (-struct.client, struct.clock))
    index = TextIndex()
    index.apply(Update(tuple(order), {}))
    return index


def forged(rng: random.Random, index: TextIndex) -> Struct:
    """One character or dead id between any two places of the document, near each other more often than not."""
    order: list[Id | None] = [(i.client, k) for i in index.text for k in range(i.clock, i.clock + i.size)]
    left = rng.randrange(len(order))
    right = min(len(order), left + 1 + int(rng.expovariate(0.4)))
    client = rng.randrange(2, 7)
    kind, value = (STRING, rng.choice("abc\n")) if rng.random() < 0.9 else (DELETED, None)
    return Struct(client, index.end(client), 1, kind, order[left], [*order, None][right], value=value)


@pytest.mark.parametrize("seed", range(150))
def test_w3_late_joiners_read_what_the_others_read(seed: int) -> None:
    rng = random.Random(seed)
    stage = Stage("\n")
    taken: list[Struct] = list(decode(stage.document.state()).structs)
    for _ in range(30):
        struct = forged(rng, stage.document.index)
        # Clients 2 and 3 are one participant's, who may pass ids between them past the server.
        verdict = stage.judge(encode(Update((struct,), {})), f"p{max(3, struct.client)}")
        if isinstance(verdict, Accepted):
            taken.append(struct)
    late = joined_later(taken)
    assert places(late) == places(stage.document.index)


def places(index: TextIndex) -> list[Any]:
    return [(i.client, k) for i in index.text for k in range(i.clock, i.clock + i.size)]
