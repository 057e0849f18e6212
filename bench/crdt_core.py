"""What the core costs: one update, one reading, opening a document. `python -m bench.crdt_core [keystrokes]`

The document is written as people write: bursts of typing at places all over the text, with corrections, by several
clients, one update a keystroke.
"""

import random
import statistics
import sys
from collections.abc import Callable
from time import process_time

import pycrdt

from crdt.document import Document
from crdt.index import TextIndex
from crdt.update import OWN, decode

WORDS = "the Parties shall recall должны отмечая 各方 应 تتعاون reaffirming [mobilize][provide] resources 😀 and ".split()


def history(keystrokes: int, clients: int = 12) -> tuple[list[bytes], pycrdt.Doc]:
    """The updates of so many keystrokes, and the document they make."""
    rng = random.Random(1)
    updates: list[bytes] = []
    docs = []
    for number in range(clients):
        doc = pycrdt.Doc(client_id=3_000_000_000 + number)
        doc.get("text", type=pycrdt.Text)
        docs.append(doc)
    server = pycrdt.Doc()
    while len(updates) < keystrokes:
        doc = rng.choice(docs)
        doc.apply_update(server.get_update(doc.get_state()))
        text = doc.get("text", type=pycrdt.Text)
        spoken: list[bytes] = []
        subscription = doc.observe(lambda event, spoken=spoken: spoken.append(event.update))
        for _ in range(20):
            burst(text, rng)
        doc.unobserve(subscription)
        for update in spoken:
            server.apply_update(update)
        updates += spoken
    return updates, server


def burst(text: pycrdt.Text, rng: random.Random) -> None:
    """A few words at one place, one character an update; a fifth of the bursts take something away."""
    whole = str(text)
    at = len(whole[: rng.randint(1, len(whole))].encode()) if whole else 0
    for char in (" " + rng.choice(WORDS) + " " + rng.choice(WORDS)) if whole else "\n":
        text.insert(at, char)
        at += len(char.encode())
    if rng.random() < 0.05:
        text.insert(at, "\n")
    if rng.random() < 0.2:
        point = len(str(text).encode()[:at].decode())
        for _ in range(min(6, point - 1)):
            char = str(text)[point - 1]
            point -= 1
            at -= len(char.encode())
            del text[at : at + len(char.encode())]


def timed(what: str, call: Callable[[], object], repeat: int = 5) -> None:
    taken = []
    for _ in range(repeat):
        start = process_time()
        call()
        taken.append((process_time() - start) * 1e3)
    print(f"{what:58} {statistics.median(taken):9.2f} ms")


def each(what: str, call: Callable[[bytes], object], updates: list[bytes]) -> None:
    taken = []
    for update in updates:
        start = process_time()
        call(update)
        taken.append((process_time() - start) * 1e6)
    taken.sort()
    median, high = statistics.median(taken), taken[int(len(taken) * 0.99)]
    print(f"{what:58} {median:9.2f} us (p99 {high:.1f}, mean {statistics.fmean(taken):.2f})")


def main(keystrokes: int) -> None:
    updates, server = history(keystrokes)
    document = Document()
    for update in updates:
        document.index.apply(decode(update))
    document.commit([server.get_update()])
    state, dump, owners = document.dump()
    runs = sum(1 for _ in TextIndex.load(dump[32:]).text)
    paragraphs = document.paragraphs()
    print(f"{keystrokes} keystrokes, {runs} runs, {len(paragraphs)} paragraphs, {len(document.text())} characters")
    print(f"state {len(state)} bytes, dump {len(dump)} bytes")

    timed("open from checkpoint (pycrdt and index)", lambda: Document.load(state, dump, owners))
    timed("  of it pycrdt", lambda: pycrdt.Doc().apply_update(state))
    timed("  of it the index", lambda: TextIndex.load(dump[32:]))
    timed("open without a dump", lambda: Document.load(state, None, owners), 3)
    timed("dump of the index", document.index.dump)
    timed("check: index against pycrdt", document.check)

    more, _ = history_on(state, 4_000)
    index = TextIndex.load(dump[32:])
    index.paragraphs()
    each("decode a keystroke", lambda update: decode(update), more)
    decoded = {update: decode(update) for update in more}
    each("integrate a keystroke", lambda update: index.apply(decoded[update]), more)
    client, clock = index.text.last.client, index.text.last.clock
    timed("find the paragraph of an id, 1,000 times", lambda: [index.paragraph_of((client, clock)) for _ in range(1000)])
    index = TextIndex.load(dump[32:])
    timed("read all paragraphs for the first time", index.paragraphs, 1)
    reads = []
    for update in more[:300]:
        index.apply(decoded[update])
        start = process_time()
        index.paragraphs()
        reads.append((process_time() - start) * 1e6)
    print(f"{'read all paragraphs after a keystroke':58} {statistics.median(reads):9.2f} us")
    each("commit one update", lambda update: document.commit([update]), more)


def history_on(state: bytes, keystrokes: int) -> tuple[list[bytes], pycrdt.Doc]:
    """Updates of one more client, written on."""
    rng = random.Random(2)
    doc = pycrdt.Doc(client_id=3_999_999_999)
    doc.apply_update(state)
    text = doc.get("text", type=pycrdt.Text)
    spoken: list[bytes] = []
    subscription = doc.observe(lambda event: spoken.append(event.update))
    while len(spoken) < keystrokes:
        burst(text, rng)
    doc.unobserve(subscription)
    return spoken, doc


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 260_000)
