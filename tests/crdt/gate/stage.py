"""A document with a gate, for tests to write to."""

from collections.abc import Container, Iterable
from typing import Any

import pycrdt

from crdt.document import Document
from crdt.gate import Accepted, Reason, Refusal, Refused, Trimmed, Verdict
from crdt.units import utf16_len
from tests.crdt.handmade import block, string, update

GENESIS = (1, 0)
"""The id of the first newline of the stage's document, whose other ids are (1, 1) to (1, 29)."""


def behind(clock: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Both origins of what is written behind one of the stage's characters, before anything else was."""
    return (1, clock), (1, clock + 1)


def held(document: Document, locked: Container[str]) -> list[tuple[Any, ...]]:
    """W4: what may not change of locked paragraphs, in their order: how they read, and every character's id."""
    ids: dict[str, list[tuple[int, int, str]]] = {}
    name = ""
    for item in document.index.text:
        name = item.id if item.head else name
        if name in locked and item.alive and item.text:
            found = ids.setdefault(name, [])
            if found and found[-1][:2] == (item.client, item.clock - utf16_len(found[-1][2])):
                found[-1] = (*found[-1][:2], found[-1][2] + item.text)
            else:
                found.append((item.client, item.clock, item.text))
    return [(p.id, p.digest, *ids[p.id]) for p in document.paragraphs() if p.id in locked]


class Stage:
    """Whatever the gate takes is committed at once."""

    def __init__(self, text: str = "\nfirst 😀 paragraph\nsecond one", owner: str = "server") -> None:
        self.document = Document.new()
        self.locked: frozenset[str] = frozenset()
        self.say(update(block(1, 0, string(text))), owner)

    def judge(self, data: bytes, participant: str = "ann", refuse: Reason | None = None) -> Verdict:
        """The verdict, after which index and pycrdt agree; a refusal has changed nothing."""
        before = self.seen()
        held = self.held()
        verdict = self.document.judge(data, participant, refuse, self.locked)
        assert self.held() == held
        match verdict:
            case Accepted(taken, True) | Trimmed(taken, _):
                self.document.commit([taken])
            case _:
                assert self.seen() == before
        self.document.check()
        return verdict

    def say(self, data: bytes, participant: str = "ann") -> bytes:
        """What the gate made of an update that it takes whole."""
        verdict = self.judge(data, participant)
        assert isinstance(verdict, Accepted), verdict
        assert verdict.fresh
        return verdict.update

    def refuse(self, data: bytes, participant: str = "ann", refuse: Reason | None = None) -> Refusal:
        """The refusal of an update of which nothing is taken."""
        verdict = self.judge(data, participant, refuse)
        assert isinstance(verdict, Refused), verdict
        return verdict.refusal

    def trim(self, data: bytes, participant: str = "ann") -> Trimmed:
        """What was left of an update that is taken in part."""
        verdict = self.judge(data, participant)
        assert isinstance(verdict, Trimmed), verdict
        return verdict

    def lock(self, *names: str) -> None:
        self.locked = frozenset(names)
        assert self.locked <= {paragraph.id for paragraph in self.document.paragraphs()}

    def held(self) -> list[tuple[Any, ...]]:
        return held(self.document, self.locked)

    def seen(self) -> tuple[Any, ...]:
        document = self.document
        return (
            [(i.client, k, i.alive) for i in document.index.text for k in range(i.clock, i.clock + i.size)],
            document.index.values(),
            dict(document.index.items.ends),
            dict(document.owners),
            document.arrivals.total,
            document.text(),
        )

    @property
    def text(self) -> str:
        return self.document.text()


class Client:
    """A stock pycrdt client."""

    def __init__(self, client: int, state: bytes = b"") -> None:
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
        self.text = self.doc.get("text", type=pycrdt.Text)
        self.map = self.doc.get("paragraphs", type=pycrdt.Map)
        if state:
            self.doc.apply_update(state)

    def at(self, place: int) -> int:
        """A place in code points, as pycrdt counts."""
        return len(str(self.text)[:place].encode())

    def insert(self, place: int, text: str) -> bytes:
        return self.change([("insert", place, text)])

    def delete(self, place: int, stop: int) -> bytes:
        return self.change([("delete", place, stop)])

    def mark(self, place: int, stop: int, name: str, value: Any = True) -> bytes:
        return self.change([("mark", place, stop, name, value)])

    def write(self, key: str, value: Any) -> bytes:
        return self.change([("write", key, value)])

    def change(self, steps: Iterable[tuple[Any, ...]]) -> bytes:
        """One transaction; its update."""
        said: list[bytes] = []
        subscription = self.doc.observe(lambda event: said.append(event.update))
        with self.doc.transaction():
            for name, *rest in steps:
                getattr(self, f"_{name}")(*rest)
        self.doc.unobserve(subscription)
        return said[0] if said else b"\x00\x00"

    def _insert(self, place: int, text: str) -> None:
        self.text.insert(self.at(place), text)

    def _delete(self, place: int, stop: int) -> None:
        del self.text[self.at(place) : self.at(stop)]

    def _mark(self, place: int, stop: int, name: str, value: Any) -> None:
        self.text.format(self.at(place), self.at(stop), {name: value})

    def _write(self, key: str, value: Any) -> None:
        self.map[key] = value
