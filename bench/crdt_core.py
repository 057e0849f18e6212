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
from crdt.update import decode

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


class Typist:
    """A client that writes, and gives every keystroke's update."""

    def __init__(self, client: int, state: bytes = b"\0\0") -> None:
        self.doc = pycrdt.Doc(client_id=client)
        self.text = self.doc.get("text", type=pycrdt.Text)
        self.doc.apply_update(state)

    def write(self, rng: random.Random, bursts: int) -> list[bytes]:
        spoken: list[bytes] = []
        subscription = self.doc.observe(lambda event: spoken.append(event.update))
        for _ in range(bursts):
            self._burst(rng)
        self.doc.unobserve(subscription)
        return spoken

    def _burst(self, rng: random.Random) -> None:
        """Two words at one place; every fifth time a few characters are taken back."""
        whole = str(self.text)
        point = rng.randint(1, len(whole)) if whole else 0
        written = f" {rng.choice(WORDS)} {rng.choice(WORDS)}" if whole else "\n"
        written += "\n" if rng.random() < 0.05 else ""
        at = len(whole[:point].encode())
        for char in written:
            self.text.insert(at, char)
            at += len(char.encode())
        if rng.random() < 0.2:
            for char in reversed(written[-6:]):
                del self.text[at - len(char.encode()) : at]
                at -= len(char.encode())


def history(keystrokes: int) -> tuple[list[bytes], bytes]:
    """The updates of so many keystrokes, and the state they make."""
    rng = random.Random(1)
    typists = [Typist(client) for client in CLIENTS]
    server, updates = pycrdt.Doc(), []
    while len(updates) < keystrokes:
        typist = rng.choice(typists)
        typist.doc.apply_update(server.get_update(typist.doc.get_state()))
        spoken = typist.write(rng, 20)
        for update in spoken:
            server.apply_update(update)
        updates += spoken
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

    more = Typist(3_999_999_999, state).write(random.Random(2), 300)
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
