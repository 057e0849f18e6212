"""The index, pycrdt and real Yjs make one document of the same updates: text, order, ids, authors, marks and map.

A failing seed is in the test's name: `pytest 'tests/interop/test_convergence.py' -k 'seed-17'`; pin it in PINNED.
"""

import random
from collections.abc import Iterable
from typing import Any

import pycrdt
import pytest

from crdt.comparison import attributed, joined
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.index import TextIndex
from crdt.paragraphs import Run
from crdt.update import OWN, decode, encode
from tests.interop.yjs import Yjs
from tests.writers import Drafting, PycrdtWriter, Writer, YjsWriter

PINNED: tuple[int, ...] = (1_052,)
SHORT = [*PINNED, *range(1_000, 1_052), *range(1_053, 1_120)]
LONG = range(100_000, 102_000, 100)  # each stands for a hundred
SERVER = 1  # the client id of what everybody starts with

START = compose(
    [
        Draft((Run("The Parties 😀 "), Run("shall", ("em", "strong")), Run(" со­трудничать")), "title"),
        Draft((Run("各方"),), "item", 2, "OP1"),
        Draft((Run("تتعاون الأطراف"),)),
    ],
    SERVER,
)


def writers(yjs: Yjs, rng: random.Random) -> list[Writer]:
    """Two browsers and a script, whose client ids stand in any order (Yjs settles ties by them)."""
    low, middle, high = sorted(rng.sample(range(2, 1 << 32), 3))
    ids = rng.sample((low, middle, high), 3)
    return [YjsWriter(yjs, ids[0]), PycrdtWriter(ids[1]), YjsWriter(yjs, ids[2])]


def characters(items: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """(client, clock, character) of runs: who wrote each, and under which id."""
    found = []
    for client, clock, text in items:
        for char in text:
            found.append((client, clock, char))
            clock += 2 if char > "\uffff" else 1
    return found


def assert_same(index: TextIndex, doc: "pycrdt.Doc[Any]", *peers: YjsWriter) -> None:
    text = doc.get("text", type=pycrdt.Text)
    assert str(index) == str(text)
    assert attributed(index) == joined((chunk, marks or {}) for chunk, marks in text.diff())
    assert index.values() == doc.get("paragraphs", type=pycrdt.Map).to_py()
    ids = characters((item.client, item.clock, item.text) for item in index.text if item.alive)
    for peer in peers:
        read = peer.doc.read()
        assert not read["pending"]
        assert read["text"] == str(index)
        assert characters(read["items"]) == ids
        assert joined(map(tuple, read["delta"])) == attributed(index)
        assert read["map"] == index.values()


def converge(yjs: Yjs, seed: int, edits: int) -> None:
    rng = random.Random(seed)
    people = writers(yjs, rng)
    server = pycrdt.Doc()

    def take(_: Writer, update: bytes) -> bytes:
        assert encode(decode(update)) == update, "what Yjs and pycrdt write is canonical"
        server.apply_update(update)
        return update

    drafting = Drafting(rng, people, take)
    drafting.begin(START)
    drafting.run(edits)
    drafting.settle()
    peers = [writer for writer in people if isinstance(writer, YjsWriter)]
    assert_same(drafting.index, server, *peers)
    assert all(writer.text == str(drafting.index) for writer in people)

    again = TextIndex()
    again.apply(decode(server.get_update(), OWN))
    assert_same(again, server)
    opened = TextIndex.load(drafting.index.dump())
    assert_same(opened, server)
    assert again.paragraphs() == opened.paragraphs() == drafting.index.paragraphs()
    for peer in peers:
        peer.doc.close()


def converge_through_document(yjs: Yjs, seed: int, edits: int) -> None:
    """The same with the gate and with batches: a reader receives one merged update for each.

    Yjs tidies marks that have become redundant, in a reader, too. What it removes may be needed again after others'
    edits, so that all are equal only when they have seen each other's tidying: the reader sends its own.
    """
    rng = random.Random(seed)
    people = writers(yjs, rng)
    document = Document.new()
    waiting: list[bytes] = []
    reader = YjsWriter(yjs, (1 << 32) + 1)
    tidied: list[bytes] = []

    def commit() -> None:
        if waiting:
            tidied.extend(reader.receive([document.commit(waiting)]))
            waiting.clear()

    def take(writer: Writer, update: bytes) -> bytes | None:
        participant = "server" if update is START else str(writer.client)
        verdict = document.judge(update, participant)
        assert isinstance(verdict, Accepted), verdict
        if not verdict.fresh:
            return None
        waiting.append(verdict.update)
        if rng.random() < 0.3:
            commit()
        return verdict.update

    drafting = Drafting(rng, people, take)
    drafting.begin(START)
    drafting.run(edits)
    drafting.settle()
    commit()
    while tidied:
        drafting.take(reader, tidied.pop(0))
        drafting.settle()
        commit()
    document.check()
    peers = [writer for writer in [*people, reader] if isinstance(writer, YjsWriter)]
    assert_same(document.index, document._doc, *peers)
    opened = Document.load(*document.dump())
    opened.check()
    assert opened.paragraphs() == document.paragraphs()
    for peer in peers:
        peer.doc.close()


@pytest.mark.parametrize("seed", SHORT, ids="seed-{}".format)
def test_the_index_pycrdt_and_yjs_agree(yjs: Yjs, seed: int) -> None:
    """W3, T1, T2: every replica has the same text, under the same ids, with the same marks and attributes."""
    converge(yjs, seed, 30)


@pytest.mark.parametrize("seed", SHORT[:60], ids="seed-{}".format)
def test_receivers_of_merged_batches_agree_with_the_document(yjs: Yjs, seed: int) -> None:
    """W3: what is sent once for a whole batch makes the same document as its updates one by one."""
    converge_through_document(yjs, seed, 30)


@pytest.mark.long
@pytest.mark.parametrize("first", LONG, ids="seeds-from-{}".format)
def test_the_index_pycrdt_and_yjs_agree_at_length(yjs: Yjs, first: int) -> None:
    for seed in range(first, first + 100):
        print("seed", seed)
        converge(yjs, seed, 120)
        converge_through_document(yjs, seed, 120)
