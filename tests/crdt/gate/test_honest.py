"""W3, W5: whoever tells the truth is believed, however long they were away and however often they reloaded the page."""

import random

import pytest

from crdt.document import Document
from crdt.gate import Accepted
from tests.crdt.gate.stage import Stage
from tests.writers import PycrdtWriter, random_steps


class Person:
    """Writes, goes away, closes the page and opens it again from what it kept; sends all that the server lacks."""

    def __init__(self, name: str, client: int, state: bytes) -> None:
        self.name = name
        self.writer = PycrdtWriter(client)
        self.writer.receive([state])
        self.received = 0

    def reload(self, client: int) -> None:
        kept = self.writer.doc.get_update()
        self.writer = PycrdtWriter(client)
        self.writer.receive([kept])


def send(person: Person, document: Document, frames: list[bytes]) -> None:
    """The answer to the server's step 1: structs that it lacks, and all deletions."""
    verdict = document.judge(person.writer.doc.get_update(document.state_vector()), person.name)
    assert isinstance(verdict, Accepted), verdict
    if verdict.fresh:
        frames.append(document.commit([verdict.update]))


@pytest.mark.parametrize("seed", range(60))
def test_honest_people_are_believed(seed: int) -> None:
    rng = random.Random(seed)
    document = Stage("\nabc").document  # short, so that they write in the same spots
    frames: list[bytes] = []
    clients = iter(rng.sample(range(2, 1 << 32), 200))
    people = [Person(f"p{number}", next(clients), document.state()) for number in range(4)]
    for _ in range(80):
        person = rng.choice(people)
        what = rng.random()
        if what < 0.6:
            person.writer.edit(random_steps(rng, person.writer.text, ["1-0", "1-1"], most=1))
        elif what < 0.7:
            person.reload(next(clients))
        elif what < 0.85:
            send(person, document, frames)
        else:
            last = rng.randint(person.received, len(frames))
            person.writer.receive(frames[person.received : last])
            person.received = last
    for _ in range(2):
        for person in people:
            send(person, document, frames)
            person.writer.receive(frames[person.received :])
            person.received = len(frames)
    document.check()
    assert {person.writer.text for person in people} == {document.text()}
