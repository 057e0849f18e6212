"""What another server wrote first is taken in behind what was judged here: it must come to the same as the record."""

import itertools
import random
from collections.abc import Sequence

import pytest

from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.gate.arrivals import Knowledge
from crdt.paragraphs import Run
from tests.writers import PycrdtWriter, Step, random_steps

START = compose([Draft((Run("The Parties 😀 shall cooperate"),)), Draft((Run("各方 and others"),), "item", 2)], 1)


def started() -> Document:
    document = Document.new()
    document.admit(START, "server")
    document.commit([START])
    return document


def judged(document: Document, update: bytes, participant: str, locked: frozenset[str] = frozenset()) -> bytes | None:
    """What goes to the record, if all or nothing of it does."""
    verdict = document.judge(update, participant, locked=locked, entire=bool(locked))
    assert locked or isinstance(verdict, Accepted), verdict
    return verdict.update if isinstance(verdict, Accepted) and verdict.fresh else None


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


# -- where paragraphs are locked

LOCKED = frozenset({"1-0"})
AGREED = "The Parties 😀 shall cooperate"
BEHIND = len(f"\n{AGREED}")
"""Where the newline of the open paragraph behind the locked one stands."""


def overtaken(others: list[Step], own: list[Step], before: list[Step]) -> tuple[Document, bool]:
    """A document in which `own` was judged before `others` came, both behind `before`."""
    here, there = started(), started()
    prior, theirs, ours = PycrdtWriter(6), PycrdtWriter(7), PycrdtWriter(8)
    prior.receive([START])
    first = prior.edit(before) if before else []
    for document in (here, there):
        for update in first:
            assert judged(document, update, "cat", LOCKED) == update
        document.commit([START, *first])
    for writer in (theirs, ours):
        writer.receive([START, *first])
    mark = here.mark()
    batches = []
    for document, writer, name, steps in ((there, theirs, "ann", others), (here, ours, "bob", own)):
        said = [judged(document, update, name, LOCKED) for update in writer.edit(steps)]
        assert all(said)
        batches.append([(update, name) for update in said if update])
    return here, here.overtake(mark, *batches, LOCKED) is not None


def agreed(document: Document) -> str:
    paragraph = document.index.paragraph("1-0")
    assert paragraph is not None
    return paragraph.text


def test_w4_words_within_open_paragraphs_need_not_be_judged_again() -> None:
    others: list[Step] = [["insert", BEHIND + 1, "all ", None], ["delete", BEHIND + 6, 3]]
    own: list[Step] = [["insert", BEHIND + 2, "the ", None], ["delete", BEHIND + 3, 1]]
    document, taken = overtaken(others, own, [])
    assert taken
    assert document.text() == f"\n{AGREED}\nall 各te nd others"
    assert agreed(document) == AGREED


@pytest.mark.parametrize("swapped", [False, True])
def test_w4_a_word_into_a_paragraph_that_another_removes_does_not_come_into_the_locked_one_before_it(
    swapped: bool,
) -> None:
    """Each of the two leaves the locked paragraph alone, and both together would not."""
    removing: list[Step] = [["delete", BEHIND, 1]]
    typing: list[Step] = [["insert", BEHIND + 1, "now", None]]
    both = (typing, removing) if swapped else (removing, typing)
    document, taken = overtaken(*both, [["insert", BEHIND, "\n", None]])
    assert not taken
    assert agreed(document) == AGREED


@pytest.mark.parametrize(
    "steps",
    [
        [["insert", BEHIND + 3, "\n", None]],
        [["format", BEHIND + 1, 2, {"em": True}]],
        [["insert", BEHIND + 1, "x", {"strong": True}]],
        [["set", "1-31", {"level": 3}]],
    ],
    ids=["a newline", "a mark", "marked words", "attributes"],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_w4_what_is_more_than_words_is_judged_again(steps: list[Step], swapped: bool) -> None:
    words: list[Step] = [["insert", BEHIND + 2, "x", None]]
    assert not overtaken(*((steps, words) if swapped else (words, steps)), [])[1]


@pytest.mark.parametrize("seed", range(20))
def test_w4_what_is_locked_reads_the_same_after_every_entry_whoever_is_overtaken(seed: int) -> None:
    rng = random.Random(seed)
    here, record, clients = started(), [START], itertools.count(10)
    for _ in range(12):
        state, mark = here.state(), here.mark()
        there = replayed(record)
        own, others = (said(rng, document, state, clients) for document in (here, there))
        if own and here.overtake(mark, others, own, LOCKED) is None:
            here = replayed([*record, *(update for update, _ in others)])
            own = [(taken, name) for update, name in own if (taken := judged(here, update, name, LOCKED))]
        elif not own:
            for update, name in others:
                here.admit(update, name)
        order = [update for update, _ in (*others, *own)]
        record += order
        if order:
            here.commit(order)
        here.check()
        assert here.paragraphs() == replayed(record).paragraphs()


def replayed(record: Sequence[bytes]) -> Document:
    """As the record makes it, which after every entry must read as it was agreed."""
    document = Document.new()
    for update in record:
        document.admit(update, "somebody")
        assert agreed(document) == AGREED
    document.commit(record)
    return document


def said(
    rng: random.Random, document: Document, state: bytes, clients: "itertools.count[int]"
) -> list[tuple[bytes, str]]:
    """What new people write at once in a text, as far as it is taken."""
    found = []
    for client in (next(clients), next(clients)):
        writer = PycrdtWriter(client)
        writer.receive([state])
        for update in writer.edit(near_the_locked_one(rng, writer.text)):
            taken = judged(document, update, "somebody", LOCKED)
            if taken is not None:
                found.append((taken, "somebody"))
    return found


def near_the_locked_one(rng: random.Random, text: str) -> list[Step]:
    """Where updates that leave it alone may yet change it together."""
    at = rng.randint(BEHIND, min(BEHIND + 4, len(text)))
    match rng.randrange(5):
        case 0:
            return [["insert", at, "\n", None]]
        case 1 if at < len(text):
            return [["delete", at, rng.randint(1, min(2, len(text) - at))]]
        case 2:
            return random_steps(rng, text, ["1-0", "1-31"], 1)
    return [["insert", at, rng.choice("abc"), None]]
