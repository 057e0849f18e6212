"""Records that several people write, for tests of what is read out of them."""

import random
from collections.abc import Sequence

from crdt.chronicle import Chronicle
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted, Refused
from crdt.paragraphs import Paragraph, Run
from crdt.restoring import plan
from tests.writers import KINDS, PycrdtWriter, Step, random_steps

SERVER = 1


class History:
    """`points`: how the document read after each entry, by the document itself; `points[0]`: before the first."""

    def __init__(self, *texts: str, kinds: Sequence[str] = ("body",)) -> None:
        self.document = Document.new()
        self.chronicle = Chronicle()
        self.points: list[tuple[Paragraph, ...]] = [()]
        self.writers: dict[str, PycrdtWriter] = {}
        drafts = [Draft((Run(text),), kinds[at % len(kinds)]) for at, text in enumerate(texts)]
        self.take("secretariat", compose(drafts, SERVER))

    @property
    def seq(self) -> int:
        return len(self.points) - 1

    def take(self, who: str, update: bytes, restores: int | None = None) -> None:
        verdict = self.document.judge(update, who)
        if not isinstance(verdict, Accepted):
            self.writers.pop(who)  # it goes on with a fresh replica
        if isinstance(verdict, Refused):
            return
        update = verdict.update
        self.document.commit([update])
        at = f"2026-11-26T{self.seq // 60:02}:{self.seq % 60:02}:00.000000Z"
        self.chronicle.take(self.seq + 1, who, at, update, restores)
        self.points.append(self.document.paragraphs())

    def edit(self, who: str, *steps: Step) -> None:
        self._take_all(who, self._writer(who).edit(steps))

    def undo(self, who: str, redo: bool = False) -> None:
        self._take_all(who, self._writer(who).undo(redo))

    def restore(self, who: str, seq: int) -> None:
        update = plan(self.document.paragraphs(), self.points[seq]).update(self.document.index, 1_000 + self.seq)
        if update is not None:
            self.take(who, update, restores=seq)

    def authors(self, seq: int | None = None) -> list[list[tuple[str, str]]]:
        """By paragraph: text and who wrote it first."""
        found: list[list[tuple[str, str]]] = []
        for past in self.chronicle.at(self.seq if seq is None else seq):
            runs: list[tuple[str, str]] = []
            for part in past.parts:
                who = self.chronicle.made[part.row.first].participant
                if runs and runs[-1][1] == who:
                    runs[-1] = (runs[-1][0] + part.text, who)
                else:
                    runs.append((part.text, who))
            found.append(runs)
        return found

    def _take_all(self, who: str, updates: Sequence[bytes]) -> None:
        for update in updates:
            if who in self.writers:
                self.take(who, update)

    def _writer(self, who: str) -> PycrdtWriter:
        writer = self.writers.setdefault(who, PycrdtWriter(10 + self.seq))
        writer.receive([self.document.state()])
        return writer


def random_history(seed: int, edits: int = 30) -> History:
    rng = random.Random(seed)
    history = History("The Parties shall cooperate.", "各方应当合作。", "Third [one] here.", kinds=KINDS)
    for _ in range(edits):
        who = rng.choice(("ann", "bob", "eve"))
        what = rng.random()
        if what < 0.1:
            history.undo(who, redo=what < 0.03)
        elif what < 0.2:
            history.restore("secretariat", rng.randint(1, history.seq))
        else:
            keys = [paragraph.id for paragraph in history.points[-1]][:4]
            history.edit(who, *random_steps(rng, history.document.text(), keys, most=3))
    return history
