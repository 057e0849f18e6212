"""The document: what is judged, what is committed, and two engines that watch each other."""

import random
from typing import Any

import pycrdt
import pytest

from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.errors import Diverged, Malformed
from crdt.gate import Accepted
from crdt.paragraphs import Run
from crdt.update import CLIENTS, Id, decode
from tests.crdt import handmade as hand
from tests.writers import Drafting, PycrdtWriter, Writer

START = compose([Draft((Run("The Parties 😀 "), Run("shall", ("em",)))), Draft((Run("各方"),), "item", 2)], 1)
PAIR = 13  # the clock of the emoji's first half


def started() -> Document:
    document = Document.new()
    taken(document, START, "server")
    document.commit([START])
    return document


def taken(document: Document, update: bytes, participant: str = "ann") -> bytes:
    verdict = document.judge(update, participant)
    assert isinstance(verdict, Accepted), verdict
    return verdict.update


def typed(client: int, clock: int, text: str, after: Id = (1, 0), before: Id = (1, 1)) -> bytes:
    return hand.update(hand.block(client, clock, hand.string(text, after, before)))


def entry(value: dict[str, Any]) -> bytes:
    return hand.update(hand.block(7, 0, hand.entry("1-0", value)))


def client_of(state: bytes) -> "pycrdt.Doc[Any]":
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc.apply_update(state)
    return doc


def text_of(doc: "pycrdt.Doc[Any]") -> str:
    return str(doc.get("text", type=pycrdt.Text))


def vector(*pairs: Id) -> bytes:
    return hand.uint(len(pairs)) + b"".join(hand.uint(client) + hand.uint(clock) for client, clock in pairs)


def test_w3_what_is_judged_is_seen_by_nobody_before_it_is_committed() -> None:
    document = started()
    state, had = document.state(), document.state_vector()
    update = taken(document, typed(7, 0, "!"))
    assert document.text().startswith("\n!The")
    assert (document.state(), document.state_vector()) == (state, had)
    assert text_of(client_of(document.missing(b"\0"))).startswith("\nThe")
    assert document.commit([update]) == update
    assert text_of(client_of(document.state())) == document.text()


def test_w3_one_merged_update_stands_for_a_batch() -> None:
    document = started()
    receiver = client_of(document.state())
    batch = [taken(document, typed(client, 0, str(client)), str(client)) for client in (9, 7, 8)]
    replaced = hand.update(hand.block(7, 1, hand.string("x", (7, 0), (1, 1))), delete={7: [(0, 1)]})
    batch.append(taken(document, replaced, "7"))
    receiver.apply_update(document.commit(batch))
    document.check()
    assert text_of(receiver) == document.text()
    assert document.text().startswith("\nx89The")
    assert document.owners == {1: "server", 9: "9", 7: "7", 8: "8"}


def test_what_somebody_lacks() -> None:
    document = started()
    mine = client_of(document.state())
    document.commit([taken(document, typed(7, 0, "new "))])
    mine.apply_update(document.missing(mine.get_state()))
    assert text_of(mine) == document.text()
    assert document.missing(mine.get_state()) == b"\0\0"
    assert document.missing(b"\0") == document.missing(vector((99, 5))) == document.state()


@pytest.mark.parametrize("clock", [*range(40), (1 << 32) + PAIR + 1, CLIENTS - 1])
def test_a_vector_may_claim_anything(clock: int) -> None:
    """Half of a surrogate pair, and more than there is, too: what comes back completes an honest replica."""
    document = started()
    lacking = document.missing(vector((1, clock), (99, 1 << 40)))
    whole = client_of(document.state())
    whole.apply_update(lacking)
    assert text_of(whole) == document.text()
    if clock >= 40:  # pycrdt would read its last 32 bits
        assert lacking == b"\0\0"
    if clock == PAIR + 1:
        assert lacking == document.missing(vector((1, PAIR)))


@pytest.mark.parametrize(
    "data",
    [b"", b"\1", b"\1\7", b"\0\0", vector((7, 1)) + b"\0", b"\xff" * 9 + b"\1", vector((CLIENTS, 1)), hand.uint(2**40)],
)
def test_w7_no_state_vector(data: bytes) -> None:
    with pytest.raises(Malformed):
        started().missing(data)


def test_the_record_is_taken_as_it_stands() -> None:
    """An update of the record was judged when it came; who may write may have changed since."""
    document = Document.new()
    document.admit(START, "server")
    document.admit(typed(7, 0, "!"), "ann")
    document.commit([START, typed(7, 0, "!")])
    document.check()
    assert document.owners == {1: "server", 7: "ann"}
    with pytest.raises(Diverged):
        document.admit(typed(8, 3, "!"), "ann")


def test_whatever_pycrdt_raises_is_a_divergence() -> None:
    """Its panics, which are no Exceptions, too."""
    document = started()
    deep = hand.update(hand.block(7, 0, hand.string("a", (1, 0)), hand.nested(7)))
    for batch in ([b"\1"], [deep, b"\1"], [START, b""]):
        with pytest.raises(Diverged):
            document.commit(batch)


# -- two engines


@pytest.mark.parametrize(
    "behind_the_back",
    [
        typed(7, 0, "x"),
        hand.update(hand.block(1, 40, hand.mark("em", True, (1, 2), (1, 3)))),
        hand.update(delete={1: [(2, 1)]}),
        hand.update(hand.block(7, 0, hand.entry("1-0", {"kind": "title"}))),
    ],
)
def test_a_difference_is_found(behind_the_back: bytes) -> None:
    document = started()
    document.check()
    document.commit([behind_the_back])
    with pytest.raises(Diverged):
        document.check()
    with pytest.raises(Diverged):
        document.dump()


@pytest.mark.parametrize(
    ("judged", "committed"),
    [
        (typed(7, 0, "a"), typed(7, 0, "b")),
        (
            hand.update(hand.block(7, 0, hand.mark("em", True, (1, 2), (1, 3)))),
            hand.update(hand.block(7, 0, hand.mark("em", None, (1, 2), (1, 3)))),
        ),
        (entry({"kind": "title"}), entry({"kind": "item"})),
    ],
)
def test_the_same_ids_with_something_else_are_found(judged: bytes, committed: bytes) -> None:
    """A forged client id: state vectors are equal, the documents are not."""
    document = started()
    document.index.apply(decode(judged))
    document.commit([committed])
    with pytest.raises(Diverged):
        document.check()


# -- opening


@pytest.mark.parametrize("seed", range(10))
def test_a_document_opens_as_it_was_and_goes_on(seed: int) -> None:
    rng = random.Random(seed)
    document = Document.new()

    def take(writer: Writer, update: bytes) -> bytes | None:
        nonlocal document
        verdict = document.judge(update, "server" if update is START else str(writer.client))
        assert isinstance(verdict, Accepted), verdict
        if not verdict.fresh:
            return None
        document.commit([verdict.update])
        if rng.random() < 0.2:
            state, index_dump, owners = document.dump()
            document = Document.load(state, index_dump, owners)
        return verdict.update

    drafting = Drafting(rng, [PycrdtWriter(client) for client in (5, 6, 7)], take)
    drafting.begin(START)
    drafting.run(30)
    drafting.settle()
    document.check()
    assert document.paragraphs() == drafting.index.paragraphs()
    assert document.owners == {1: "server"} | {writer.client: str(writer.client) for writer in drafting.writers}
    state, _, owners = document.dump()
    anew = Document.load(state, None, owners)
    anew.check()
    assert anew.paragraphs() == document.paragraphs()


def test_an_index_that_does_not_fit_its_state() -> None:
    state, index_dump, owners = started().dump()
    document = started()
    document.commit([taken(document, typed(7, 0, "x"))])
    other = document.dump()[1]
    for dump in (other, b"", index_dump[:32], index_dump[:-1], index_dump[:40] + index_dump[41:]):
        with pytest.raises(Diverged):
            Document.load(state, dump, owners)
    with pytest.raises(Diverged):
        Document.load(state[:-1], None, owners)
