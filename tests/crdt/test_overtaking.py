"""What another server wrote first is taken in behind what was judged here: it must come to the same as the record."""

import random

import pytest

from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.gate.arrivals import Knowledge
from crdt.paragraphs import Run
from tests.writers import PycrdtWriter, random_steps

START = compose([Draft((Run("The Parties 😀 shall cooperate"),)), Draft((Run("各方 and others"),), "item", 2)], 1)


def started() -> Document:
    document = Document.new()
    document.admit(START, "server")
    document.commit([START])
    return document


def judged(document: Document, update: bytes, participant: str) -> bytes | None:
    """What goes to the record."""
    verdict = document.judge(update, participant)
    assert isinstance(verdict, Accepted), verdict
    return verdict.update if verdict.fresh else None


class Server:
    """A replica that judges what its own people write."""

    def __init__(self, rng: random.Random, first_client: int) -> None:
        self.document = started()
        self.rng = rng
        self.people = [(PycrdtWriter(first_client + at), f"p{first_client + at}") for at in range(2)]
        for writer, _ in self.people:
            writer.receive([START])

    def batch(self) -> list[tuple[bytes, str]]:
        found = []
        for _ in range(self.rng.randint(1, 4)):
            writer, name = self.rng.choice(self.people)
            for update in writer.edit(random_steps(self.rng, writer.text, ["1-0"])):
                taken = judged(self.document, update, name)
                if taken is not None:
                    found.append((taken, name))
                    for other, _ in self.people:
                        if other is not writer:
                            other.receive([taken])
        return found

    def hear(self, batch: list[tuple[bytes, str]]) -> None:
        for writer, _ in self.people:
            writer.receive([update for update, _ in batch])


@pytest.mark.parametrize("seed", range(40))
def test_w3_whoever_is_overtaken_has_what_the_record_makes_and_goes_on_judging_alike(seed: int) -> None:
    rng = random.Random(seed)
    here, there = Server(rng, 10), Server(rng, 20)
    replayed = started()
    for _ in range(8):
        mark = here.document.mark()
        own, others = here.batch(), [batch for _ in range(rng.randint(1, 2)) if (batch := there.batch())]
        for batch in others:  # each of them was first, one after the other
            between = here.document.overtake(mark, batch, own)
            assert between is not None
            mark = between
        order = [*(each for batch in others for each in batch), *own]
        for update, name in order:
            replayed.admit(update, name)
        for update, name in own:
            there.document.admit(update, name)
        if order:
            for document in (replayed, here.document, there.document):
                document.commit([update for update, _ in order])
        here.hear([each for batch in others for each in batch])
        there.hear(own)
        for document in (here.document, there.document):
            document.check()
            assert document.paragraphs() == replayed.paragraphs()
            assert document.owners == replayed.owners
            assert document.arrivals.total == replayed.arrivals.total
            assert known(document) == known(replayed)


def known(document: Document) -> list[tuple[int, Knowledge]]:
    """When each id came, and what its client knew then."""
    ids = [(client, clock) for client, end in sorted(document.index.items.ends.items()) for clock in range(end)]
    return [(document.arrivals.number(each), document.arrivals.knowledge(each)) for each in ids]


def test_w5_what_the_same_client_wrote_in_both_places_is_judged_again() -> None:
    document = started()
    writer = PycrdtWriter(7)
    writer.receive([START])
    mark = document.mark()
    (first,) = writer.edit([["insert", 1, "one ", None]])
    taken = judged(document, first, "ann")
    assert taken is not None
    before = document.arrivals.dump(), document.text()
    assert document.overtake(mark, [(first, "ann")], [(taken, "ann")]) is None
    assert (document.arrivals.dump(), document.text()) == before
