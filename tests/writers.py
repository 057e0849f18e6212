"""People who write in one document, at random and from a seed: for every fuzzer.

A `Writer` has a replica of its own (pycrdt, or real Yjs). `Drafting` lets several write at once: each edits, stays
offline for a while, sends what it wrote in its order, and receives what the server took in the server's order.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import pycrdt

from crdt.index import TextIndex
from crdt.units import utf8_at_point, utf16_at_point
from crdt.update import decode
from crdt.varint import write_uint
from tests.interop.yjs import Yjs

SCRIPTS = {
    "latin": ["shall ", "should", " [take note of]", "Côte d’Ivoire ", "naïve", "a"],
    "cyrillic": ["должны ", "следует", " [принять к сведению]", "Қазақстан ", "ё"],
    "arabic": ["تتعاون ", "الأطراف", " [يحيط علما]", "مَدّ", "ع"],
    "chinese": ["各方", "应当", "［注意到］", "合作", "的"],
    "emoji": ["😀", "👩‍🚀", "🇰🇿", "é", "😀é😀", "𠜎字"],
}
WORDS = [word for words in SCRIPTS.values() for word in words]
MARKS = ("strong", "em", "underline", "strike")
KINDS = ("title", "heading", "preamble", "operative", "item", "body")

Step = list[Any]
"""["insert", at, text, marks or None], ["delete", at, size], ["format", at, size, marks], ["set", key, value] or
["unset", key]; places and sizes in code points of the text as the steps before left it."""


def random_steps(rng: random.Random, text: str, keys: Sequence[str], most: int = 3) -> list[Step]:
    """What somebody does at once in this text, which begins with the newline of its first paragraph (T1)."""
    steps: list[Step] = []
    for _ in range(rng.randint(1, most)):
        step = _random_step(rng, text, keys)
        steps.append(step)
        match step:
            case ["insert", at, inserted, _]:
                text = text[:at] + inserted + text[at:]
            case ["delete", at, size]:
                text = text[:at] + text[at + size :]
    return steps


def _random_step(rng: random.Random, text: str, keys: Sequence[str]) -> Step:
    what = rng.random()
    at = rng.randint(1, max(1, len(text)))
    size = min(len(text) - at, rng.choice((1, 1, 2, 5, 20)))
    if what < 0.20 and size > 0:
        return ["delete", at, size]
    if what < 0.35 and size > 0:
        return ["format", at, size, {rng.choice(MARKS): rng.choice((True, True, None))}]
    if what < 0.45 and keys:
        key = rng.choice(keys)
        return ["unset", key] if rng.random() < 0.1 else ["set", key, random_attributes(rng)]
    if what < 0.60:
        return ["insert", at, rng.choice(("\n", "\n", "\n" + rng.choice(WORDS), rng.choice(WORDS) + "\n\n")), None]
    return [
        "insert",
        at,
        rng.choice(WORDS) * rng.choice((1, 1, 1, 2)),
        rng.choice((None, None, None, {}, {"em": True})),
    ]


def random_attributes(rng: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if rng.random() < 0.7:
        found["kind"] = rng.choice(KINDS)
    if rng.random() < 0.4:
        found["level"] = rng.randint(1, 4)
    if rng.random() < 0.3:
        found["label"] = rng.choice(("OP3 bis", "ПП1", "第一条"))
    return found


class Writer(Protocol):
    """A replica and its client id. Every call gives the updates that it made its replica say."""

    client: int

    @property
    def text(self) -> str: ...
    def edit(self, steps: Iterable[Step]) -> list[bytes]: ...
    def receive(self, updates: Sequence[bytes]) -> list[bytes]: ...
    def undo(self, redo: bool = False) -> list[bytes]: ...
    def missing(self, vector: bytes) -> bytes: ...  # its answer to step 1, all that it deleted included


class PycrdtWriter:
    def __init__(self, client: int) -> None:
        self.client = client
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
        self._text = self.doc.get("text", type=pycrdt.Text)
        self._map = self.doc.get("paragraphs", type=pycrdt.Map)
        self._undo = pycrdt.UndoManager(scopes=[self._text, self._map], capture_timeout_millis=0)
        self._undo.include_origin("mine")
        self._spoken: list[bytes] = []
        self._subscription = self.doc.observe(self._hear)

    def _hear(self, event: pycrdt.TransactionEvent) -> None:
        self._spoken.append(event.update)

    @property
    def text(self) -> str:
        return str(self._text)

    def edit(self, steps: Iterable[Step]) -> list[bytes]:
        with self.doc.transaction(origin="mine"):
            for step in steps:
                self._take(step)
        return self._said()

    def _take(self, step: Step) -> None:
        text = str(self._text)
        match step:
            case ["insert", at, inserted, marks]:
                self._text.insert(utf8_at_point(text, at), inserted, marks)
            case ["delete", at, size]:
                del self._text[utf8_at_point(text, at) : utf8_at_point(text, at + size)]
            case ["format", at, size, marks]:
                self._text.format(utf8_at_point(text, at), utf8_at_point(text, at + size), marks)
            case ["set", key, value]:
                self._map[key] = value
            case ["unset", key]:
                self._map.pop(key, None)

    def receive(self, updates: Sequence[bytes]) -> list[bytes]:
        for update in updates:
            self.doc.apply_update(update)
        self._said()
        return []

    def undo(self, redo: bool = False) -> list[bytes]:
        self._undo.redo() if redo else self._undo.undo()
        return self._said()

    def missing(self, vector: bytes) -> bytes:
        return self.doc.get_update(vector)

    def _said(self) -> list[bytes]:
        said, self._spoken = self._spoken, []
        return [update for update in said if update != b"\0\0"]


class YjsWriter:
    def __init__(self, yjs: Yjs, client: int) -> None:
        self.client = client
        self.doc = yjs.open(client)

    @property
    def text(self) -> str:
        return self.doc.text

    def edit(self, steps: Iterable[Step]) -> list[bytes]:
        text, converted = self.text, []
        for step in steps:
            match step:
                case ["insert", at, inserted, marks]:
                    converted.append(["insert", utf16_at_point(text, at), inserted, marks])
                    text = text[:at] + inserted + text[at:]
                case ["delete", at, size]:
                    converted.append(["delete", *_utf16_range(text, at, size)])
                    text = text[:at] + text[at + size :]
                case ["format", at, size, marks]:
                    converted.append(["format", *_utf16_range(text, at, size), marks])
                case _:
                    converted.append(step)
        return self.doc.edit(converted)

    def receive(self, updates: Sequence[bytes]) -> list[bytes]:
        return self.doc.apply(list(updates))

    def undo(self, redo: bool = False) -> list[bytes]:
        return self.doc.undo(redo)

    def missing(self, vector: bytes) -> bytes:
        return self.doc.missing(vector)


def _utf16_range(text: str, at: int, size: int) -> tuple[int, int]:
    first = utf16_at_point(text, at)
    return first, utf16_at_point(text, at + size) - first


Accept = Callable[[Writer, bytes], bytes | None]
"""What a server does with a writer's update: gives what everybody else receives for it, or None when nobody does."""


class Drafting:
    """Several writers and a server that orders. `index` follows what was taken: ids for map keys come from it."""

    def __init__(self, rng: random.Random, writers: Sequence[Writer], accept: Accept) -> None:
        self.rng, self.writers, self.accept = rng, writers, accept
        self.log: list[tuple[Writer, bytes]] = []  # what was taken, in order
        self.index = TextIndex()
        self._unsent: dict[int, list[bytes]] = {writer.client: [] for writer in writers}
        self._received = dict.fromkeys(self._unsent, 0)
        self._paragraphs: dict[str, None] = {}  # ids, those of the gone ones too

    def begin(self, update: bytes) -> None:
        """Everybody starts with this."""
        self.take(self.writers[0], update)
        for writer in self.writers:
            self._unsent[writer.client] += writer.receive([update])
            self._received[writer.client] = len(self.log)

    def run(self, edits: int) -> None:
        for _ in range(edits):
            writer = self.rng.choice(self.writers)
            self._unsent[writer.client] += self._edit(writer)
            if self.rng.random() < 0.6:
                self.send(self.rng.choice(self.writers))
            if self.rng.random() < 0.5:
                self.receive(self.rng.choice(self.writers))

    def settle(self) -> None:
        """Everybody sends and receives until nobody has anything to say."""
        for _ in range(50):
            for writer in self.writers:
                self.send(writer)
                self.receive(writer)
            done = all(count == len(self.log) for count in self._received.values())
            if done and not any(self._unsent.values()):
                return
        raise AssertionError("the writers never come to rest")

    def send(self, writer: Writer) -> None:
        """What it said since it last sent, as it said it or, like after a new connection, in one answer to step 1."""
        updates, self._unsent[writer.client] = self._unsent[writer.client], []
        if updates and self.rng.random() < 0.2:
            updates = [writer.missing(self._vector())]
        for update in updates:
            self.take(writer, update)

    def receive(self, writer: Writer) -> None:
        """Up to a random place of the log, or all of it."""
        first = self._received[writer.client]
        last = len(self.log) if self.rng.random() < 0.7 else self.rng.randint(first, len(self.log))
        updates = [update for author, update in self.log[first:last] if author is not writer]
        self._unsent[writer.client] += writer.receive(updates)
        self._received[writer.client] = last

    def take(self, writer: Writer, update: bytes) -> None:
        """Bring an update before the server."""
        taken = self.accept(writer, update)
        if taken is not None:
            self.index.apply(decode(taken))
            self.log.append((writer, taken))

    def _vector(self) -> bytes:
        ends = self.index.items.ends
        pairs = (write_uint(client) + write_uint(clock) for client, clock in ends.items())
        return write_uint(len(ends)) + b"".join(pairs)

    def _edit(self, writer: Writer) -> list[bytes]:
        what = self.rng.random()
        if what < 0.08:
            return writer.undo(redo=what < 0.03)
        self._paragraphs |= dict.fromkeys(paragraph.id for paragraph in self.index.paragraphs())
        return writer.edit(random_steps(self.rng, writer.text, list(self._paragraphs)[:5]))
