"""Attacks on locked paragraphs, one after another, by several people at once.

    python -m tests.fuzz.locks --count 500000 --seed 1

What must hold after every single update (W3, W4): no locked paragraph reads otherwise or has other characters than when
it was locked, and their order is the same; the index, pycrdt on the server and a pycrdt client show the same document.
Real Yjs follows update by update, some attempts later: it never shows a locked paragraph otherwise, and shows the same
document when it has sent the marks that it tidied. (If it deleted a mark by itself that seemed redundant, and meanwhile
something came to depend on it, its marks differ until it is told that this is not taken, and loads the document anew.)
The work is done in a child process, so that a crash inside pycrdt is seen: its round and attempt are printed.
`--round N` runs one round of a seed again.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pycrdt

from crdt.comparison import attributed
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted, Reason, Refused, Trimmed
from crdt.paragraphs import KINDS, Paragraph, Run
from tests.crdt.gate.stage import held
from tests.fuzz.attacks import ATTACKS, Scene
from tests.fuzz.gate import READERS, shown, shown_by_yjs
from tests.fuzz.runner import fuzz
from tests.interop.yjs import Yjs
from tests.writers import MARKS, WORDS, PycrdtWriter, Writer, YjsWriter

ROUND = 100  # attacks on one document
SERVER = 1
NAMES = ("delegate", "chair", "secretariat")
NAMED = tuple(ATTACKS)
ENTIRE = {"a_resolution_of_the_server", "restoring_an_earlier_text"}
"""What the server writes itself: all of it is taken, or nothing changes."""


Shown = tuple[list[Any], Any]
"""A paragraph as a replica shows it: [client, clock, character, marks] of its characters, and its attributes."""


def paragraphs_shown(
    items: Iterable[Sequence[Any]], chunks: Iterable[Sequence[Any]], entries: Mapping[str, Any]
) -> dict[str, Shown]:
    """Paragraphs by id, from [client, clock, text] of living characters and [text, marks] in order, and the map."""
    marks = [found for text, found in chunks for _ in text]
    paragraphs: dict[str, Shown] = {}
    here: list[Any] = []
    at = 0
    for client, clock, text in items:
        for char in text:
            if char == "\n":
                name = f"{client}-{clock}"
                here = []
                paragraphs[name] = here, entries.get(name)
            else:
                here.append((client, clock, char, marks[at]))
            at += 1
            clock += 2 if char > "\uffff" else 1
    return paragraphs


def without_marks(paragraphs: Mapping[str, Shown]) -> dict[str, Shown]:
    return {name: ([character[:3] for character in text], entry) for name, (text, entry) in paragraphs.items()}


@dataclass
class Person:
    """Somebody with a replica, who loads the document anew after a refusal, or does not care."""

    name: str
    writer: Writer
    spare: tuple[int, ...]
    received: int = 0
    astray: bool = False
    """Something of this replica was not taken."""


@dataclass
class Round:
    rng: random.Random
    yjs: Yjs
    tally: Counter[str]
    document: Document = field(default_factory=Document.new)
    locked: set[str] = field(default_factory=set)
    frames: list[bytes] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    points: list[tuple[Paragraph, ...]] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    watcher: "pycrdt.Doc[Any]" = field(default_factory=pycrdt.Doc)
    unfollowed: list[tuple[bytes, dict[str, Shown]]] = field(default_factory=list)
    """Frames that real Yjs has not yet received, and how locked paragraphs read then."""
    clients: int = 100

    def begin(self) -> None:
        self.follower = self.yjs.open(READERS)
        start = compose([self.draft() for _ in range(self.rng.randint(4, 9))], SERVER)
        self.send(start, "server", "start")
        self.versions.append(self.document.text())
        self.points.append(self.document.paragraphs())
        for paragraph in self.document.paragraphs():
            if self.rng.random() < 0.4:
                self.locked.add(paragraph.id)
        for number, name in enumerate(NAMES):
            person = Person(name, PycrdtWriter(0), (1000 + number, 2000 - number))
            self.people.append(person)
            self.load(person)

    def draft(self) -> Draft:
        rng = self.rng
        runs = [
            Run(rng.choice(WORDS) * rng.randint(1, 2), tuple(rng.sample(MARKS, rng.choice((0, 0, 0, 1, 2)))))
            for _ in range(rng.randint(0, 4))
        ]
        return Draft(tuple(runs), rng.choice(sorted(KINDS)), rng.randint(1, 3))

    def load(self, person: Person) -> None:
        """The page drops its document and loads it anew, under a new client id."""
        self.clients += 1
        client = self.clients if self.rng.random() < 0.5 else (1 << 40) - self.clients
        if isinstance(person.writer, YjsWriter):
            person.writer.doc.close()
        person.writer = YjsWriter(self.yjs, client) if self.rng.random() < 0.3 else PycrdtWriter(client)
        person.received, person.astray = len(self.frames), False
        self.tidy(person, person.writer.receive([self.document.state()]))

    def tidy(self, person: Person, updates: list[bytes]) -> None:
        for data in updates:
            self.send(data, person.name, "tidying", person)

    def receive(self, person: Person) -> None:
        if person.received < len(self.frames):
            frames = self.frames[person.received :]
            person.received = len(self.frames)
            self.tidy(person, person.writer.receive(frames))

    def attempt(self, number: int) -> None:
        attack = NAMED[number % len(NAMED)]
        rng = self.rng
        person = rng.choice(self.people)
        if person.astray and rng.random() < 0.5:
            self.load(person)
        elif rng.random() < 0.85:
            self.receive(person)
        foreign = (SERVER, *(other.writer.client for other in self.people if other is not person))
        scene = Scene(
            rng, self.document, person.writer, person.spare, foreign, self.locked, self.sent, self.versions, self.points
        )
        updates = ATTACKS[attack](scene)
        for name, early in scene.before_lock:
            self.locked.add(name)
            updates += early
        for data in updates:
            self.send(data, person.name, attack, person)
        self.tally[f"{attack}: attempts"] += 1
        if rng.random() < 0.1:
            self.follow()
        if rng.random() < 0.1:
            self.move_locks()

    def move_locks(self) -> None:
        names = [paragraph.id for paragraph in self.document.paragraphs()]
        self.locked = {name for name in sorted(self.locked) if self.rng.random() < 0.8}
        self.locked.update(self.rng.sample(names, min(len(names), 2)))
        self.versions = [*self.versions[-5:], self.document.text()]
        self.points = [*self.points[-5:], self.document.paragraphs()]

    def send(self, data: bytes, name: str, attack: str, person: Person | None = None) -> bool:
        """Whether it was taken whole."""
        before = held(self.document, self.locked)
        entire, text = attack in ENTIRE, self.document.text()
        verdict = self.document.judge(data, name, None, frozenset(self.locked), entire=entire)
        assert held(self.document, self.locked) == before
        assert not entire or isinstance(verdict, Accepted) or self.document.text() == text
        assert not (entire and isinstance(verdict, Trimmed))
        match verdict:
            case Accepted(update, True) | Trimmed(update, _):
                self.frames.append(self.document.commit([update]))
                self.show(self.frames[-1])
                self.sent = [*self.sent[-60:], data]
        match verdict:
            case Accepted():
                self.tally[f"{attack}: taken"] += 1
            case Trimmed(_, refusal):
                self.tally[f"{attack}: trimmed"] += 1
            case Refused(refusal):
                self.tally[f"{attack}: {refusal.reason}"] += 1
                assert attack != "tidying" or refusal.reason is Reason.LOCKED
        whole = isinstance(verdict, Accepted)
        if not whole and person is not None:
            person.astray = True
        return whole

    def show(self, frame: bytes) -> None:
        """Everybody else receives it, and shows what the server shows."""
        self.document.check()
        self.watcher.apply_update(frame)
        index = self.document.index
        assert shown(self.watcher) == (str(index), attributed(index), index.values())
        items = [(item.client, item.clock, item.text) for item in index.text if item.alive and item.text]
        paragraphs = paragraphs_shown(items, attributed(index), index.values())
        self.unfollowed.append((frame, {name: paragraphs[name] for name in self.locked}))

    def follow(self) -> None:
        while self.unfollowed:
            frames, self.unfollowed = self.unfollowed, []
            tidied, reads = self.follower.follow([frame for frame, _ in frames])
            for (_, expected), read in zip(frames, reads, strict=True):
                found = paragraphs_shown(read["items"], read["delta"], read["map"])
                shown = {name: found[name] for name in expected}
                assert shown == expected or (tidied and without_marks(shown) == without_marks(expected))
            taken = [self.send(data, "follower", "tidying") for data in tidied]
            if not all(taken):
                self.tally["tidying: follower loaded anew"] += 1
                self.follower.close()
                self.follower = self.yjs.open(READERS)
                self.unfollowed = []
                for data in self.follower.apply([self.document.state()]):
                    self.send(data, "follower", "tidying")
        index = self.document.index
        assert shown_by_yjs(self.follower) == (str(index), attributed(index), index.values())

    def end(self) -> None:
        self.follow()
        late: pycrdt.Doc[Any] = pycrdt.Doc()
        late.apply_update(self.document.state())
        assert shown(late) == shown(self.watcher)
        opened = Document.load(*self.document.dump())
        assert held(opened, self.locked) == held(self.document, self.locked)
        self.follower.close()
        for person in self.people:
            if isinstance(person.writer, YjsWriter):
                person.writer.doc.close()


def tell(tally: Counter[str]) -> None:
    for name in (*ATTACKS, "tidying"):
        found = {key.split(": ")[1]: count for key, count in sorted(tally.items()) if key.startswith(f"{name}:")}
        print(f"{name:42}", ", ".join(f"{count} {what}" for what, count in found.items()))


if __name__ == "__main__":
    sys.exit(fuzz("tests.fuzz.locks", __doc__, Round, ROUND, 5_000, tell))
