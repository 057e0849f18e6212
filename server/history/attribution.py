"""Who wrote the text that stood after some entry, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crdt.chronicle import Chronicle, Past
from server.history.shelf import MINUTE, Shelf
from server.rooms.standing import Author


@dataclass(frozen=True, slots=True)
class Words:
    """Text that one participant wrote within a minute, under the same marks. `at`: when it was begun."""

    text: str
    marks: tuple[str, ...]
    by: Author
    at: str


@dataclass(frozen=True, slots=True)
class Attributed:
    """A paragraph, and whose its words are."""

    id: str
    kind: str
    level: int
    label: str | None
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """The text after entry `seq`, which somebody made at some time (none: before the first)."""

    seq: int
    by: Author | None
    at: str | None
    paragraphs: Sequence[Attributed]


async def attribution(shelf: Shelf, document: str, seq: int, paragraph: str | None = None) -> Attribution:
    """`paragraph`: of the one with this id alone."""
    book = await shelf.book(document, seq)
    chronicle = book.chronicle
    pasts = [past for past in book.at(seq) if paragraph in (None, past.id)]
    last = await shelf.entry(document, seq)
    wanted = {chronicle.made[part.row.first].participant for past in pasts for part in past.parts}
    authors = await shelf.authors(wanted | ({last.participant} if last else set()))
    return Attribution(
        seq,
        authors[last.participant] if last else None,
        last.at if last else None,
        [Attributed(past.id, past.kind, past.level, past.label, _words(past, chronicle, authors)) for past in pasts],
    )


def _words(past: Past, chronicle: Chronicle, authors: Mapping[str, Author]) -> tuple[Words, ...]:
    found: list[Words] = []
    texts: list[str] = []
    look: tuple[object, ...] = ()
    for part in past.parts:
        made = chronicle.made[part.row.first]
        this = (made.participant, made.at[:MINUTE], part.marks)
        if this == look:
            texts.append(part.text)
            continue
        if found:
            found[-1] = _whole(found[-1], texts)
        found.append(Words("", part.marks, authors[made.participant], made.at))
        texts, look = [part.text], this
    if found:
        found[-1] = _whole(found[-1], texts)
    return tuple(found)


def _whole(words: Words, texts: Sequence[str]) -> Words:
    return Words("".join(texts), words.marks, words.by, words.at)
