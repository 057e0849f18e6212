"""Redlines with names: whose the changes between two points are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crdt.chronicle import Chronicle
from crdt.redline import Compared, Op, Piece
from server.history.model import Redline, RedlineParagraph, Span
from server.history.shelf import Shelf
from server.rooms.author import Author


async def redline(shelf: Shelf, document: str, old: int, new: int) -> Redline:
    """What changed from after entry `old` to after entry `new`, either of which may be the later one."""
    book = await shelf.book(document, max(old, new))
    found = book.compare(old, new)
    chronicle = book.chronicle
    authors = await shelf.authors({chronicle.made[seq].participant for seq in _seqs(found)})
    return _Names(chronicle, authors).all(found)


def _seqs(found: Iterable[Compared]) -> Iterable[int]:
    for each in found:
        seqs = [each.made, *(seq for piece in each.pieces for seq in (piece.made, piece.first))]
        yield from (seq for seq in seqs if seq is not None)


@dataclass(frozen=True, slots=True)
class _Names:
    chronicle: Chronicle
    authors: Mapping[str, Author]

    def all(self, found: Sequence[Compared]) -> Redline:
        return tuple(
            RedlineParagraph(
                each.id,
                each.status.value,
                each.kind,
                each.level,
                each.label,
                tuple(self._span(piece) for piece in each.pieces),
                each.was,
                each.kin,
                self._by(each.made),
                self._at(each.made),
            )
            for each in found
        )

    def _span(self, piece: Piece) -> Span:
        if piece.op is Op.STAYS:
            return Span("=", piece.text, piece.marks, was=piece.was)
        by, through = self._by(piece.made), None
        if piece.first is not None and piece.first != piece.made:
            by, through = self._by(piece.first), by if self._by(piece.first) != by else None
        return Span(
            "+" if piece.op is Op.COMES else "-",
            piece.text,
            piece.marks,
            by,
            self._at(piece.made),
            through,
            piece.moved,
        )

    def _by(self, seq: int | None) -> Author | None:
        return None if seq is None else self.authors[self.chronicle.made[seq].participant]

    def _at(self, seq: int | None) -> str | None:
        return None if seq is None else self.chronicle.made[seq].at
