"""What the core costs: a keystroke, a reading, opening a document. `python -m bench.crdt_core [keystrokes]`

The document is written as people write: words typed at places all over the text, some taken back, twelve clients, one
update a keystroke. Times are of the processor, medians unless said.
"""

import random
import statistics
import sys
from collections.abc import Callable, Iterable
from time import process_time

import pycrdt

from crdt.document import Document
from crdt.index import TextIndex
from crdt.units import utf16_len
from crdt.update import STRING, Id, Range, Struct, Update, decode, encode

WORDS = [
    "the",
    "Parties",
    "shall",
    "recall",
    "должны",
    "отмечая",
    "各方",
    "应",
    "تتعاون",
    "[mobilize][provide]",
    "😀",
    "and",
]
CLIENTS = range(3_000_000_000, 3_000_000_012)


class Typists:
    """Several clients at one text, each at its own place; they see each other's writing at once."""

    def __init__(self, rng: random.Random, index: TextIndex) -> None:
        self.rng, self.index = rng, index
        self.places = [(item.client, item.clock + item.size - 1) for item in index.text if item.text]

    def burst(self, client: int) -> list[bytes]:
        """Two words behind some character; every fifth time a few of them are taken back."""
        spoken: list[bytes] = []
        written = f" {self.rng.choice(WORDS)} {self.rng.choice(WORDS)}" + ("\n" if self.rng.random() < 0.05 else "")
        origin, right = self._place()
        for char in written if origin else "\n":
            clock = self.index.end(client)
            parent = None if origin else "text"
            self._say(spoken, (Struct(client, clock, utf16_len(char), STRING, origin, right, parent, value=char),), {})
            origin = (client, self.index.end(client) - 1)
            self.places.append(origin)
        if self.rng.random() < 0.2:
            for char in reversed(written[-6:]):
                origin = self.places.pop()
                self._say(spoken, (), {client: [(origin[1] + 1 - utf16_len(char), utf16_len(char))]})
        return spoken

    def _place(self) -> tuple[Id | None, Id | None]:
        """The end of a character, and what stands behind it."""
        if not self.places:
            return None, None
        client, clock = self.rng.choice(self.places)
        item = self.index.items.at((client, clock))
        if clock + 1 < item.clock + item.size:
            return (client, clock), (client, clock + 1)
        return (client, clock), None if item.right is None else (item.right.client, item.right.clock)

    def _say(self, spoken: list[bytes], structs: tuple[Struct, ...], deletes: dict[int, list[Range]]) -> None:
        spoken.append(encode(Update(structs, deletes)))
        self.index.integrate(structs, deletes)


def history(keystrokes: int) -> tuple[list[bytes], bytes]:
    """The updates of so many keystrokes, and the state they make."""
    rng = random.Random(1)
    typists, updates = Typists(rng, TextIndex()), []
    while len(updates) < keystrokes:
        updates += typists.burst(rng.choice(CLIENTS))
    server = pycrdt.Doc()
    for update in updates:
        server.apply_update(update)
    return updates, server.get_update()


def timed(what: str, call: Callable[[], object], repeat: int = 5) -> None:
    report(what, [spent(call) * 1e3 for _ in range(repeat)], "ms")


def each(what: str, call: Callable[[bytes], object], updates: Iterable[bytes]) -> None:
    report(what, [spent(lambda update=update: call(update)) * 1e6 for update in updates], "us")


def spent(call: Callable[[], object]) -> float:
    start = process_time()
    call()
    return process_time() - start


def report(what: str, taken: list[float], unit: str) -> None:
    high = f"   p99 {sorted(taken)[len(taken) * 99 // 100]:.1f}" if len(taken) >= 100 else ""
    print(f"{what:48} {statistics.median(taken):9.2f} {unit}{high}")


def main(keystrokes: int) -> None:
    updates, state = history(keystrokes)
    document = Document()
    for update in updates:
        document.admit(update, str(decode(update).structs[0].client) if decode(update).structs else "")
    document.commit([state])
    opened = document.dump()
    dump = document.index.dump()
    index = TextIndex.load(dump)
    print(f"{keystrokes} keystrokes: {sum(1 for _ in index.text)} runs, {len(index.paragraphs())} paragraphs")
    print(f"{len(document.text())} characters, state {len(state)} bytes, dump {len(opened[1])} bytes")

    timed("open from a checkpoint", lambda: Document.load(*opened))
    timed("  of it pycrdt", lambda: pycrdt.Doc().apply_update(state))
    timed("  of it the index", lambda: TextIndex.load(dump))
    timed("open without a dump", lambda: Document.load(state, None, {}), 1)
    timed("dump", index.dump)
    timed("compare index and pycrdt", document.check)
    timed("read every paragraph", lambda: TextIndex.load(dump).paragraphs())

    typists = Typists(random.Random(2), TextIndex.load(dump))
    more = [update for _ in range(300) for update in typists.burst(3_999_999_999)]
    decoded = {update: decode(update) for update in more}
    each("decode a keystroke", decode, more)
    each("integrate a keystroke", lambda update: index.apply(decoded[update]), more)
    each("judge a keystroke", lambda update: document.judge(update, "ann"), more)
    each("commit a keystroke", lambda update: document.commit([update]), more)
    document.check()

    index = TextIndex.load(dump)
    index.paragraphs()
    each("integrate one, read what it changed", lambda update: (index.apply(decoded[update]), index.paragraphs()), more)
    ids = [(item.client, item.clock) for item in index.text]
    places = random.Random(3).choices(ids, k=2_000)
    report("find the paragraph of an id", [spent(lambda i=i: index.paragraph_of(i)) * 1e6 for i in places], "us")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 260_000)
