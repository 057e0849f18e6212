"""A document as it stood at an earlier point: its paragraphs, which were agreed on, and where brackets were open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crdt.brackets import Reading, Register
from crdt.brackets.live import Live, open_by_paragraph
from crdt.paragraphs import Paragraph
from server.history.shelf import Book, Shelf
from server.rooms.standing import Author, Lock
from server.tables import EntryKind, LockStatus

Parties = Sequence[tuple[str, str]]
"""Code and name of a meeting's delegations: attributions are read by them."""


@dataclass(frozen=True, slots=True)
class Stood:
    """After entry `seq`."""

    seq: int
    paragraphs: Sequence[Paragraph]
    locks: Mapping[str, Lock]  # by paragraph
    reading: Reading

    def open_brackets(self) -> Mapping[int, int]:
        """How many open pairs begin in a paragraph or cross it, by its index; none: 0."""
        return open_by_paragraph(self.reading)


async def stood(shelf: Shelf, document: str, seq: int, parties: Parties) -> Stood:
    book = await shelf.book(document, seq)
    locking = {participant for (_, participant, _), kind, _ in book.moments if kind == EntryKind.LOCK}
    locks = _locks(book, seq, await shelf.authors(locking) if locking else {})
    paragraphs = tuple(
        Paragraph(past.id, index, past.kind, past.level, past.label, past.text, past.runs, past.digest)
        for index, past in enumerate(book.at(seq))
    )
    reading, _ = Live(Register.of(tuple(parties))).read(paragraphs, frozenset(locks))
    return Stood(seq, paragraphs, locks, reading)


def _locks(book: Book, until: int, authors: Mapping[str, Author]) -> dict[str, Lock]:
    found: dict[str, Lock] = {}
    for (seq, participant, at), kind, said in book.moments:
        if seq > until:
            break
        if kind == EntryKind.LOCK:
            status = LockStatus(said["status"])
            found[said["paragraph"]] = Lock(status, said["digest"], authors[participant], at, seq)
        elif kind == EntryKind.UNLOCK:
            found.pop(said["paragraph"], None)
    return found
