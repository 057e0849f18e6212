"""What the gate costs an update, without and with locks: 300 paragraphs of 100 words, of which 100 are locked.

    python -m bench.gate

Times are of the processor, decoding included; each update is judged five times in documents opened anew, the best
counts, for the machine has other things to do; told are the median over updates and the worst.
"""

import random
import statistics
from collections import Counter
from collections.abc import Callable
from time import process_time
from typing import Any

import pycrdt

from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted, Verdict
from crdt.paragraphs import Paragraph, Run

PARAGRAPHS, LOCKED, EDITS, BATCH = 300, 100, 600, 500
REPEAT = 5
WORDS = ("Parties", "shall", "должны", "各方", "تتعاون", "[mobilize]", "😀", "and")


class Client:
    """A client that has loaded the document, and gives each edit's update. Places are in bytes, as pycrdt counts."""

    def __init__(self, document: Document, number: int) -> None:
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=number)
        self.text = self.doc.get("text", type=pycrdt.Text)
        self.map = self.doc.get("paragraphs", type=pycrdt.Map)
        self.doc.apply_update(document.state())

    def said(self, act: Callable[[], None]) -> bytes:
        spoken: list[bytes] = []
        subscription = self.doc.observe(lambda event: spoken.append(event.update))
        with self.doc.transaction():
            act()
        self.doc.unobserve(subscription)
        return spoken[0]


def document_of(rng: random.Random) -> Document:
    document = Document.new()
    drafts = [Draft((Run(f"{n}. " + " ".join(rng.choices(WORDS, k=100))),), "item") for n in range(PARAGRAPHS)]
    document.commit([update_of(document.judge(compose(drafts, 1), "server"))])
    return document


def update_of(verdict: Verdict) -> bytes:
    assert isinstance(verdict, Accepted), verdict
    return verdict.update


def edits(document: Document, rng: random.Random, paragraphs: list[Paragraph], count: int) -> list[bytes]:
    """Typing for the most part, deletions, marks and attributes, each in one of these paragraphs."""
    client = Client(document, 77)
    updates = []
    for _ in range(count):
        paragraph = rng.choice(paragraphs)
        whole = str(client.text)
        start = whole.index(f"\n{paragraph.index}. ")
        at = len(whole[: start + rng.randrange(20, 200)].encode())
        text, what = client.text, rng.random()
        if what < 0.7:
            updates.append(client.said(lambda at=at, text=text: text.insert(at, "x")))
        elif what < 0.8:
            size = len(whole.encode()[at:].decode()[:1].encode())
            updates.append(client.said(lambda at=at, text=text, size=size: text.__delitem__(slice(at, at + size))))
        elif what < 0.9:
            end = at + len(whole.encode()[at:].decode()[:4].encode())
            updates.append(client.said(lambda at=at, text=text, end=end: text.format(at, end, {"em": True})))
        else:
            value = {"kind": "item", "level": rng.randint(1, 4)}
            updates.append(client.said(lambda name=paragraph.id, value=value: client.map.__setitem__(name, value)))
    return updates


def measure(what: str, opened: tuple[Any, ...], updates: list[bytes], locked: frozenset[str]) -> None:
    best = [float("inf")] * len(updates)
    verdicts: Counter[str] = Counter()
    for _ in range(REPEAT):
        document = Document.load(*opened)
        document.judge(b"\x00\x00", "ann", None, locked)  # how locked paragraphs read is read once a lock
        document.brackets.sight()  # and its brackets once a document, beside the loop when anybody asks for them
        for number, update in enumerate(updates):
            start = process_time()
            verdict = document.judge(update, "ann", None, locked)
            best[number] = min(best[number], process_time() - start)
            verdicts[type(verdict).__name__.lower()] += 1
    told = ", ".join(f"{count // REPEAT} {name}" for name, count in verdicts.items())
    print(f"{what:56} median {statistics.median(best) * 1e6:6.0f} us, worst {max(best) * 1e6:6.0f} us   {told}")


def typing(document: Document, count: int) -> list[bytes]:
    """Letter after letter in one place, as most of a text is written."""
    client = Client(document, 78)
    return [client.said(lambda at=at: client.text.insert(at, "x")) for at in range(20, 20 + count)]


def main() -> None:
    rng = random.Random(1)
    document = document_of(rng)
    opened = document.dump()
    paragraphs = list(document.paragraphs())
    locked = frozenset(paragraph.id for paragraph in paragraphs[1::3])
    free = [paragraph for paragraph in paragraphs if paragraph.id not in locked]
    held = [paragraph for paragraph in paragraphs if paragraph.id in locked]
    assert len(locked) == LOCKED
    print(f"{len(document.text())} characters in {len(paragraphs)} paragraphs, {len(locked)} of them locked")

    measure("typing on in one place", opened, typing(document, EDITS), frozenset())
    legal, illegal = edits(document, rng, free, EDITS), edits(document, rng, held, EDITS)
    measure("legal edits, no lock in the document", opened, legal, frozenset())
    measure("legal edits beside locks", opened, legal, locked)
    measure("illegal edits", opened, illegal, locked)
    mixed = pycrdt.merge_updates(*edits(document, rng, paragraphs, BATCH))
    measure(f"an offline batch of {BATCH} mixed edits, no lock", opened, [mixed], frozenset())
    measure(f"an offline batch of {BATCH} mixed edits, a third illegal", opened, [mixed], locked)


if __name__ == "__main__":
    main()
