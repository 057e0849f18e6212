"""The chronicle of one document, taken from the updates of its record, one after another."""

from collections.abc import Sequence
from typing import NamedTuple

from crdt.chronicle.credit import brought_back, given_back
from crdt.chronicle.lives import Births, Stretches
from crdt.chronicle.past import Entries, Past, past_at
from crdt.chronicle.rows import FOREVER, Row, rows_of
from crdt.errors import Diverged
from crdt.index import Changes, TextIndex
from crdt.update import ANY, OWN, Struct, decode


class Made(NamedTuple):
    """Who made an entry that changed the text, and when."""

    participant: str
    at: str


class Chronicle:
    def __init__(self) -> None:
        self.seq = 0  # of the last entry that was taken
        self.made: dict[int, Made] = {}  # by seq
        self._index = TextIndex()
        self._births = Births()
        self._deaths = Stretches()
        self._credits = Stretches()  # words that were brought back: the entry that wrote them first
        self._rows: list[Row] | None = []
        self._entries: Entries | None = {}

    def take(self, seq: int, participant: str, at: str, update: bytes, restores: int | None = None) -> None:
        """The next change of the text. `restores`: the seq whose text it brings back. Diverged when it does not fit."""
        earlier = None if restores is None else self.at(restores)
        decoded = decode(update, OWN)
        structs = self._index.fresh(decoded)
        if structs is None:
            raise Diverged(f"entry {seq} leaves a gap")
        self.made[seq] = Made(participant, at)
        changes = Changes()
        self._index.integrate(structs, decoded.deletes, changes)
        self._note(seq, structs, changes)
        if earlier is None:
            self._credit_undone(structs, participant)
        else:
            self._credit_restored(earlier, {struct.client for struct in structs})
        self.seq = seq

    def rows(self) -> list[Row]:
        """All that ever was, in order."""
        if self._rows is None:
            self._rows = rows_of(self._index, self._births, self._deaths, self._credits)
        return self._rows

    def at(self, seq: int) -> list[Past]:
        """The paragraphs after entry `seq`, which has been taken."""
        return past_at(self.rows(), self.entries(), seq)

    def entries(self) -> Entries:
        """The attributes of paragraphs, all that there ever were; a death of 0: displaced from birth."""
        if self._entries is None:
            self._entries = {
                key: [
                    (
                        self._births.of((item.client, item.clock)),
                        FOREVER if item.alive else self._deaths.of((item.client, item.clock)) or 0,
                        item.value,
                    )
                    for item in sequence
                ]
                for key, sequence in self._index.entries.items()
            }
        return self._entries

    def _note(self, seq: int, structs: Sequence[Struct], changes: Changes) -> None:
        for client, clock in changes.ends.items():
            self._births.note(client, clock, seq)
        for item in changes.killed:
            self._deaths.note(item.client, item.clock, item.clock + item.size, seq)
        self._rows = None
        if any(struct.kind == ANY for struct in structs) or any(_of_map(item.block) for item in changes.killed):
            self._entries = None

    def _credit_undone(self, structs: Sequence[Struct], participant: str) -> None:
        for struct in structs:
            dead = brought_back(self._index, struct)
            if dead is not None and self._killers(dead, struct.size) == {participant}:
                self._credit(struct.client, struct.clock, dead, struct.size)

    def _killers(self, dead: tuple[int, int], size: int) -> set[str]:
        client, clock = dead
        return {self.made[seq].participant for _, _, seq in self._deaths.within(client, clock, clock + size)}

    def _credit_restored(self, earlier: Sequence[Past], clients: set[int]) -> None:
        for client, clock, source, size in given_back(self._index, earlier, clients):
            self._credit(client, clock, source, size)

    def _credit(self, client: int, clock: int, source: tuple[int, int], size: int) -> None:
        """Ids that stand for the same words as earlier ones, which may have been brought back themselves."""
        for start, stop, birth in self._births.within(source[0], source[1], source[1] + size):
            at = start
            for since, until, first in self._credits.within(source[0], start, stop):
                if at < since:
                    self._credits.note(client, clock + at - source[1], clock + since - source[1], birth)
                at, until = max(at, since), min(until, stop)
                self._credits.note(client, clock + at - source[1], clock + until - source[1], first)
                at = until
            if at < stop:
                self._credits.note(client, clock + at - source[1], clock + stop - source[1], birth)


def _of_map(block: object) -> bool:
    sequence = getattr(block, "sequence", None)
    return sequence is not None and sequence.key is not None
