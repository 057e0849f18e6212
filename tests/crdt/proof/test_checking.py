"""A statement is true of its record, or the check says what is not (R1, W4, W5)."""

import json
import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from crdt.paragraphs import Run
from crdt.proof import FORMAT, Facts, Fault, Recorded, Replay, check, facts, fingerprint, line, read, written
from crdt.record import digest_of
from tests.authors import Author
from tests.crdt.proof.book import CHAIR, DELEGATIONS, DOCUMENT, Book, chained, told
from tests.writers import Drafting, PycrdtWriter, Writer

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
ARU, BEK, SECRETARIAT = "a" * 16, "b" * 16, "5" * 16


@pytest.fixture
def book() -> Book:
    """Two revisions of three paragraphs: one is locked between them, and words go."""
    book = Book()
    book.write(SECRETARIAT, compose([Draft((Run(text),)) for text in ("One shall.", "[Two] so.", "Three.")], 1))
    book.label("Rev.1")
    author = Author(state(book), 77)
    book.write(ARU, author.change(lambda text: text.insert(4, " 😀 all")))
    book.lock(2)
    book.write(ARU, author.change(lambda text: text.__delitem__(slice(13, 19))))
    book.add("comment", BEK, told(action="resolved", thread="0" * 16, readers=None))
    book.label("Rev.2")
    return book


def state(book: Book) -> bytes:
    document = Document.new()
    for entry in book.entries:
        if entry.kind == "update" and entry.payload is not None:
            document.commit([entry.payload])
    return document.state()


def told_by(entries: list[Recorded]) -> Facts:
    replay = Replay(DOCUMENT)
    for entry in entries:
        replay.take(entry)
    return facts(replay, DELEGATIONS)


def signed(entries: list[Recorded], **changed: Any) -> tuple[bytes, bytes, bytes]:
    statement = {
        "format": FORMAT,
        "facts": {**told_by(entries), **changed},
        "named": {"delegations": dict(DELEGATIONS)},
        "key": fingerprint(PUBLIC),
    }
    data = written(statement)
    return data, PRIVATE.sign(data), PUBLIC


def test_what_is_true_is_found_true(book: Book) -> None:
    found = check(*signed(book.entries), book.entries)
    assert (found.entries, found.withheld, found.key) == (7, 0, fingerprint(PUBLIC))
    said = found.statement["facts"]
    assert [each["text"] for each in said["paragraphs"]] == ["One 😀 all.", "[Two] so.", "Three."]
    (lock,) = said["locks"]
    assert (lock["by"], lock["seq"], lock["status"]) == (CHAIR, 4, "agreed")
    assert [each["paragraph"] for each in said["brackets"]] == [said["paragraphs"][1]["id"]]
    assert said["counts"]["pairs"] == 1
    assert said["before"]["label"] == "Rev.1"


def test_what_is_withheld_is_known_by_its_digest(book: Book) -> None:
    said = signed(book.entries)
    comment = next(place for place, each in enumerate(book.entries) if each.kind == "comment")
    book.entries[comment] = book.entries[comment]._replace(payload=None)
    assert check(*said, book.entries).withheld == 1
    for place, entry in enumerate(book.entries):
        if place != comment:
            without = [*book.entries[:place], entry._replace(payload=None), *book.entries[place + 1 :]]
            with pytest.raises(Fault, match=f"entry {entry.seq}: its payload is missing"):
                check(*said, without)


def test_entries_are_handed_on_line_by_line(book: Book) -> None:
    for entry in (*book.entries, book.entries[0]._replace(payload=None)):
        assert read(line(entry)) == entry
    for wrong in (
        "",
        "[]",
        "{}",
        "nonsense",
        line(book.entries[0]).replace('"payload":"', '"payload":"é'),
        "[" * 99_999,
    ):
        with pytest.raises(Fault, match="cannot be read"):
            read(wrong)


def forged(book: Book, place: int, change: Callable[[Recorded], Recorded]) -> list[Recorded]:
    """One entry otherwise, and all hashes from there on as if it had always been so."""
    entries = book.entries[:place]
    for entry in book.entries[place:]:
        changed = change(entry) if entry.seq == place + 1 else entry
        digest = changed.digest if changed.payload is None else digest_of(changed.payload)
        entries.append(chained(entries, changed._replace(digest=digest)))
    return entries


FORGERIES: dict[str, tuple[int, Callable[[Recorded], Recorded], str]] = {
    "another author": (4, lambda entry: entry._replace(by=BEK), "otherwise of: record"),
    "another time": (4, lambda entry: entry._replace(at="2026-11-25T00:00:00.000000Z"), "otherwise of: record"),
    "another lock": (3, lambda entry: entry._replace(by=ARU), "otherwise of: record"),
    "a change of what is locked": (
        4,
        lambda entry: entry._replace(payload=UNLOCKING),
        "does not read as it was locked",
    ),
    "no such change": (4, lambda entry: entry._replace(payload=b"\0\0"), "entry 7: the text is not the one"),
    "nonsense": (4, lambda entry: entry._replace(payload=b"\xff"), "entry 5: it does not fit"),
    "unlocked": (3, lambda entry: entry._replace(kind="unlock"), "entry 4: it does not fit"),
}
UNLOCKING = Author(compose([Draft((Run(text),)) for text in ("One shall.", "[Two] so.", "Three.")], 1)).change(
    lambda text: text.__delitem__(slice(len(text) - 3, len(text)))
)


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_record_that_was_written_anew_with_all_its_hashes_is_found_out(book: Book, forgery: str) -> None:
    place, change, reason = FORGERIES[forgery]
    said = signed(book.entries)
    with pytest.raises(Fault, match=reason):
        check(*said, forged(book, place, change))


@pytest.mark.parametrize("part", ["seq", "kind", "by", "at", "payload", "digest", "hash"])
def test_an_entry_that_was_altered_is_named(book: Book, part: str) -> None:
    said = signed(book.entries)
    wrong: dict[str, Any] = {"seq": 9, "payload": b"\0\0", "digest": bytes(32), "hash": bytes(32)}
    book.entries[2] = book.entries[2]._replace(**{part: wrong.get(part, "other")})
    with pytest.raises(Fault) as fault:
        check(*said, book.entries)
    assert fault.value.seq == 3


def test_entries_may_not_be_missing_at_either_end(book: Book) -> None:
    said = signed(book.entries)
    for entries, reason in (
        (book.entries[1:], "entry 1: the entry is missing"),
        ([*book.entries[:3], *book.entries[4:]], "entry 4: the entry is missing"),
        (book.entries[:-1], "it labels no snapshot"),
        ([], "it labels no snapshot"),
    ):
        with pytest.raises(Fault, match=reason):
            check(*said, entries)
    book.add("comment", BEK, told(action="resolved", thread="0" * 16, readers=None))
    with pytest.raises(Fault, match="it labels no snapshot"):
        check(*said, book.entries)


def test_a_statement_that_lies_is_found_out_part_by_part(book: Book) -> None:
    for part in told_by(book.entries):
        if part != "document":
            with pytest.raises(Fault, match=f"the record tells otherwise of: {part}"):
                check(*signed(book.entries, **{part: []}), book.entries)
    with pytest.raises(Fault, match="otherwise of: more"):
        check(*signed(book.entries, more=1), book.entries)
    with pytest.raises(Fault, match="entry 1: its hash"):
        check(*signed(book.entries, document="f" * 16), book.entries)


def test_a_statement_is_signed_by_the_key_that_it_names(book: Book) -> None:
    statement, signature, key = signed(book.entries)
    other = Ed25519PrivateKey.generate()
    theirs = other.public_key().public_bytes_raw()
    with pytest.raises(Fault, match="the signature is not"):
        check(statement, signature, theirs, book.entries)
    with pytest.raises(Fault, match="the signature is not"):
        check(statement + b" ", signature, key, book.entries)
    with pytest.raises(Fault, match="another key"):
        check(statement, other.sign(statement), theirs, book.entries)
    for nonsense in (b"", b"[]", b'{"format":"another"}', b"[" * 99_999):
        with pytest.raises(Fault, match="is none of the form"):
            check(nonsense, PRIVATE.sign(nonsense), key, book.entries)
    lacking = written({"format": FORMAT, "key": fingerprint(PUBLIC), "facts": {}})
    with pytest.raises(Fault, match="lacks its facts"):
        check(lacking, PRIVATE.sign(lacking), key, book.entries)


def test_every_labelled_snapshot_on_the_way_is_of_its_text(book: Book) -> None:
    wrong = told(id="1" * 16, label="Rev.3", digest="0" * 64, progress={})
    book.add("snapshot", CHAIR, wrong)
    book.label("Rev.4")
    with pytest.raises(Fault, match="entry 8: the text is not the one that was labelled"):
        told_by(book.entries)


def test_a_paragraph_that_went_is_told_with_its_newline(book: Book) -> None:
    author = Author(state(book), 78)
    gone = book.write(BEK, author.change(lambda text: text.__delitem__(slice(len(text) - 17, len(text) - 7))))
    book.label("Rev.3")
    said = told_by(book.entries)
    assert [each["text"] for each in said["paragraphs"]] == ["One 😀 all.", "Three."]
    ((deletion),) = said["deletions"]
    assert deletion == {
        "paragraph": "1-11",
        "text": "\n[Two] so.",
        "by": BEK,
        "from": {"seq": gone.seq, "at": gone.at},
        "to": {"seq": gone.seq, "at": gone.at},
    }


@pytest.mark.parametrize("seed", range(12))
def test_every_character_that_vanished_between_two_revisions_has_its_author(seed: int) -> None:
    """Beside a reckoning that knows nothing of ids but which of them live."""
    chance = random.Random(seed)
    book, document = Book(), Document.new()
    took: list[tuple[str, dict[tuple[int, int], str]]] = []

    def accept(writer: Writer, update: bytes) -> bytes | None:
        by = f"{writer.client:016}"
        verdict = document.judge(update, by, entire=True)
        if not isinstance(verdict, Accepted) or not verdict.fresh:
            return None
        book.write(by, verdict.update)
        took.append((by, living(book)))
        return verdict.update

    drafting = Drafting(chance, [PycrdtWriter(client) for client in (11, 12, 13)], accept)
    drafting.begin(compose([Draft((Run("First 😀 text"),)), Draft((Run("second"),))], 11))
    for _ in range(3):
        before, since = living(book), len(took)
        drafting.run(25)
        book.label()
        steps = [before, *(each for _, each in took[since:])]
        removers = {
            ident: by
            for (old, new), (by, _) in zip(pairwise(steps), took[since:], strict=True)
            for ident in old.keys() - new.keys()
        }
        gone = [(char, removers[ident]) for ident, char in before.items() if ident not in steps[-1]]
        said = told_by(book.entries)
        if said["before"] is not None:
            assert [(char, each["by"]) for each in said["deletions"] for char in each["text"]] == gone
    replay = Replay(DOCUMENT)
    for entry in book.entries:
        replay.take(entry)
    assert replay.paragraphs() == document.paragraphs()
    check(*signed(book.entries), book.entries)


def living(book: Book) -> dict[tuple[int, int], str]:
    """Characters by their ids, in the order of the text."""
    found: dict[tuple[int, int], str] = {}
    for item in book.index.text:
        clock = item.clock
        for char in item.text if item.alive else "":
            found[item.client, clock] = char
            clock += 2 if ord(char) > 0xFFFF else 1
    return found


def test_w5_nobody_writes_under_the_ids_of_another(book: Book) -> None:
    author = Author(state(book), 77)  # Aru's
    book.write(BEK, author.change(lambda text: text.insert(4, "not ")))
    book.label("Rev.3")
    with pytest.raises(Fault, match=f"entry 8: it writes under the ids of participant {ARU}"):
        told_by(book.entries)


def test_statements_are_bytes_that_json_gives_again(book: Book) -> None:
    said = told_by(book.entries)
    assert json.loads(written(said)) == said
