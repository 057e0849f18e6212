"""The gate under fire: hostile updates against a live document, which honest people write in at the same time.

    python -m tests.fuzz.gate --count 5000000 --seed 1

What must hold: nothing but a verdict comes out of the gate; what honest people write is always taken; whatever is
taken, the index, pycrdt, real Yjs that followed and real Yjs that joined late show the same text, marks and attributes.
The work is done in a child process, so that a crash inside pycrdt is seen: its round and attempt are printed.
`--round N` runs one round of a seed again.
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pycrdt

from crdt.comparison import attributed, joined
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted, Reason, Refused, Trimmed, Verdict
from crdt.paragraphs import Run
from tests.fuzz.forgery import Forger
from tests.fuzz.mutation import mutated
from tests.fuzz.runner import fuzz
from tests.interop.yjs import Yjs, YjsDoc
from tests.writers import WORDS, PycrdtWriter, random_steps

ROUND = 400  # attempts on one document
SERVER = 1
HOSTILE = {"eve": (30, 31, 2**40), "mallory": (40, 5), "trudy": (50,)}
HONEST = {"ann": (1 << 33) + 7, "bob": 3}
READERS = (1 << 49) + 1  # client ids of replicas that only read: no mutant hits them


@dataclass
class Replica:
    """An honest participant, who receives late and writes in between."""

    name: str
    writer: PycrdtWriter
    received: int = 0


@dataclass
class Round:
    """One document's life."""

    rng: random.Random
    yjs: Yjs
    tally: Counter[str]
    document: Document = field(default_factory=Document.new)
    frames: list[bytes] = field(default_factory=list)
    waiting: list[bytes] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)
    """Updates of all sorts, to be mutated and replayed."""

    def begin(self) -> None:
        rng = self.rng
        drafts = [
            Draft(
                (Run(rng.choice(WORDS) * rng.randint(1, 4)), Run(rng.choice(WORDS), ("em",))), "item", rng.randint(1, 3)
            )
            for _ in range(rng.randint(1, 6))
        ]
        start = compose(drafts, SERVER)
        self.seen.append(start)
        self.take(start, "server", "honest")
        self.commit()
        self.document.owners.update({client: name for name, client in HONEST.items()})  # before a mutant takes one
        self.people = [Replica(name, PycrdtWriter(client)) for name, client in HONEST.items()]
        self.watcher: pycrdt.Doc[Any] = pycrdt.Doc()
        self.follower = self.yjs.open(READERS)
        self.followed = 0

    def attempt(self, number: int) -> None:
        rng = self.rng
        name = rng.choice(list(HOSTILE))
        what = rng.random()
        if what < 0.06:
            return self.write_honestly()
        if what < 0.55:
            others = tuple(client for other, mine in HOSTILE.items() if other != name for client in mine)
            kind, data = "forged", Forger(rng, self.document.index, HOSTILE[name], (*others, SERVER, 3)).update()
        elif what < 0.90:
            kind, data = "mutated", mutated(rng, rng.choice(self.seen), self.seen)
        elif what < 0.95:
            kind, data = "replayed", rng.choice(self.seen)
        else:
            kind, data = "random", rng.randbytes(rng.choice((1, 5, 30)))
        verdict = self.take(data, name, kind, rng.choice((None,) * 30 + (Reason.READ_ONLY,)))
        malformed = isinstance(verdict, Refused) and verdict.refusal.reason is Reason.MALFORMED
        if not malformed and (len(self.seen) < 300 or rng.random() < 0.05):
            self.remember(data)
        if self.waiting and rng.random() < 0.5:
            self.commit()
        if rng.random() < 0.02:
            self.follow()
        return None

    def follow(self) -> None:
        """Real Yjs receives, and tidies formatting marks, which it says (W4)."""
        self.commit()
        for data in self.follower.apply(self.frames[self.followed :]):
            assert not isinstance(self.take(data, "follower", "tidying"), Refused)
        self.followed = len(self.frames)

    def remember(self, data: bytes) -> None:
        if len(data) < 3000:
            self.seen.append(data)
            if len(self.seen) > 400:
                self.seen[self.rng.randrange(300)] = self.seen.pop()

    def take(self, data: bytes, name: str, kind: str, refuse: Reason | None = None) -> Verdict:
        verdict = self.document.judge(data, name, refuse)
        match verdict:
            case Accepted(update, True) | Trimmed(update, _):
                assert refuse is None
                self.waiting.append(update)
                self.tally[f"{kind} {type(verdict).__name__.lower()}"] += 1
            case Accepted():
                self.tally[f"{kind} known"] += 1
            case Refused(refusal):
                self.tally[f"{kind} {refusal.reason}"] += 1
        return verdict

    def write_honestly(self) -> None:
        """W5, W3: what comes from a real replica, however late it is, is taken whole whatever others forged."""
        rng = self.rng
        self.commit()
        person = rng.choice(self.people)
        if rng.random() < 0.6 or not person.received:
            person.writer.receive(self.frames[person.received :])
            person.received = len(self.frames)
        keys = [paragraph.id for paragraph in self.document.paragraphs()][:5]
        for data in person.writer.edit(random_steps(rng, person.writer.text, keys)):
            self.remember(data)
            verdict = self.take(data, person.name, "honest")
            assert isinstance(verdict, Accepted), verdict

    def commit(self) -> None:
        if self.waiting:
            self.frames.append(self.document.commit(self.waiting))
            self.waiting.clear()

    def end(self) -> None:
        """Everybody reads the same."""
        self.commit()
        while self.followed < len(self.frames):
            self.follow()
            self.commit()
        self.document.check()
        state = self.document.state()
        late: pycrdt.Doc[Any] = pycrdt.Doc()
        late.apply_update(state)
        for frame in self.frames:
            self.watcher.apply_update(frame)
        for doc in (late, self.watcher):
            assert shown(doc) == self.expected()
        joiner = self.yjs.open(READERS + 1)
        joiner.apply([state])
        for peer in (joiner, self.follower):
            assert shown_by_yjs(peer) == self.expected()
            peer.close()
        again = Document.load(*self.document.dump())
        assert again.paragraphs() == self.document.paragraphs()

    def expected(self) -> tuple[Any, ...]:
        index = self.document.index
        return str(index), attributed(index), index.values()


def shown(doc: "pycrdt.Doc[Any]") -> tuple[Any, ...]:
    text = doc.get("text", type=pycrdt.Text)
    return (
        str(text),
        joined((chunk, marks or {}) for chunk, marks in text.diff()),
        doc.get("paragraphs", type=pycrdt.Map).to_py(),
    )


def shown_by_yjs(peer: YjsDoc) -> tuple[Any, ...]:
    read = peer.read()
    assert not read["pending"]
    return read["text"], joined(map(tuple, read["delta"])), read["map"]


def tell(tally: Counter[str]) -> None:
    for kind, number in sorted(tally.items()):
        print(f"{number:>9}  {kind}")


if __name__ == "__main__":
    sys.exit(fuzz("tests.fuzz.gate", __doc__, Round, ROUND, 20_000, tell))
