"""Paragraphs of one text with those of another.

A paragraph is known by its id, and within it each word by the ids of its characters: so who changed what is never a
guess. What has new ids on both sides is compared by how it reads: words that were written again, paragraphs that were
cut and pasted. Words that were left alone and stand in another paragraph now have been split off or joined.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crdt.chronicle import Past, Row
from crdt.redline.likeness import pairs
from crdt.redline.model import Compared, Op, Piece, Status
from crdt.redline.spans import Act, Elsewhere, Spans, Word
from crdt.redline.tokens import Token, tokens
from crdt.update import Id

Homes = Mapping[Id, str]


def compare(
    old: Sequence[Past], new: Sequence[Past], between: tuple[int, int], acts: Mapping[int, Act]
) -> list[Compared]:
    """Two texts of one chronicle. `between`: after which entries they stood, in any order; `acts`: by seq of an entry,
    whatever is equal for entries whose changes make one span (as of one participant within a minute)."""
    return _Comparison(old, new, between, acts).result()


@dataclass(frozen=True, slots=True)
class _Pair:
    """What a paragraph was and is; one of them may be missing."""

    old: Past | None
    new: Past | None

    @property
    def shown(self) -> Past:
        found = self.new or self.old
        assert found is not None  # noqa: S101  # one of them is there
        return found


class _Comparison:
    def __init__(
        self, old: Sequence[Past], new: Sequence[Past], between: tuple[int, int], acts: Mapping[int, Act]
    ) -> None:
        self._window = min(between), max(between)
        self._old = {past.id: past for past in old}
        self._new = {past.id: past for past in new}
        self._spans = Spans(self._made, acts)
        self._both = sorted(past.place for past in old if past.id in self._new)
        self._changed = {past.id for past in old if past.id in self._new and self._new[past.id].digest != past.digest}
        self._were = self._tokens(self._old, self._new)
        self._are = self._tokens(self._new, self._old)
        self._then = _homes(self._were)
        self._now = _homes(self._are)
        gone = self._strangers(self._were, self._old, self._now, self._new)
        come = self._strangers(self._are, self._new, self._then, self._old)
        self._again = pairs(gone, come)

    def result(self) -> list[Compared]:
        """In the one order of all paragraphs; those that were written anew where they stand now."""
        found = [_Pair(self._old.get(past.id), past) for past in self._new.values() if past.id not in self._again]
        found += [_Pair(self._old[self._again[name]], self._new[name]) for name in self._again]
        known = {*self._new, *self._again.values()}
        found += [_Pair(past, None) for past in self._old.values() if past.id not in known]
        return [self._compared(pair) for pair in sorted(found, key=lambda pair: pair.shown.place)]

    def _tokens(self, these: Mapping[str, Past], those: Mapping[str, Past]) -> dict[str, list[Token]]:
        """Of the paragraphs that are not the same in both."""
        return {name: tokens(past) for name, past in these.items() if name not in those or name in self._changed}

    @staticmethod
    def _strangers(
        found: Mapping[str, list[Token]],
        these: Mapping[str, Past],
        others: Homes,
        those: Mapping[str, Past],
    ) -> dict[str, str]:
        """The texts of paragraphs that are in one text alone, none of whose words stand in the other."""
        return {
            name: these[name].text
            for name, words in found.items()
            if name not in those
            and not any(bit.id in others for word in words if not word.text.isspace() for bit in word.bits)
        }

    def _made(self, row: Row) -> int | None:
        """The entry that made the difference: with which it went or came between the two; None: it is in both."""
        low, high = self._window
        was, is_ = row.birth <= low < row.death, row.birth <= high < row.death
        if was == is_:
            return None
        return row.death if was else row.birth

    def _compared(self, pair: _Pair) -> Compared:
        old, new, shown = pair.old, pair.new, pair.shown
        if old is not None and new is not None and old.digest == new.digest:
            pieces: Sequence[Piece] = [Piece(Op.STAYS, run.text, run.marks) for run in new.runs]
        else:
            pieces = self._pieces(old, new)
        head = None if old is not None and new is not None and old.id == new.id else self._made(shown.head)
        was = None if old is None or new is None else (old.kind, old.level, old.label)
        return Compared(
            shown.id,
            self._status(old, new),
            shown.kind,
            shown.level,
            shown.label,
            tuple(pieces),
            was if was != (shown.kind, shown.level, shown.label) else None,
            self._kin(old, new, pieces),
            head,
        )

    def _status(self, old: Past | None, new: Past | None) -> Status:
        if old is None:
            return Status.ADDED
        if new is None:
            return Status.REMOVED
        if old.id != new.id and self._passed(old.place, new.place):
            return Status.MOVED
        return Status.SAME if old.digest == new.digest else Status.CHANGED

    def _passed(self, one: int, other: int) -> bool:
        """Whether any paragraph that is in both texts stands between two places."""
        at = bisect_left(self._both, min(one, other))
        return at < len(self._both) and self._both[at] < max(one, other)

    def _kin(self, old: Past | None, new: Past | None, pieces: Sequence[Piece]) -> str | None:
        if old is not None and new is not None:
            return old.id if old.id != new.id else None
        homes = Counter(piece.moved for piece in pieces for _ in piece.text if piece.moved is not None)
        return homes.most_common(1)[0][0] if homes else None

    def _pieces(self, old: Past | None, new: Past | None) -> Sequence[Piece]:
        were = self._were.get(old.id, ()) if old else ()
        are = self._are.get(new.id, ()) if new else ()
        here = _Pair(old, new).shown.id
        return self._spans.between(
            [Word(token, self._elsewhere(token, self._now, new, here)) for token in were],
            [Word(token, self._elsewhere(token, self._then, old, here)) for token in are],
        )

    def _elsewhere(self, token: Token, homes: Homes, there: Past | None, here: str) -> Elsewhere | None:
        """Where the characters of a word stand in the other text, if not in the same paragraph there."""
        found = [homes.get(bit.id) for bit in token.bits]
        strange = next((home for home in found if home is not None and (there is None or home != there.id)), None)
        if strange is None:
            return None
        return Elsewhere(strange, self._parted(here, strange), whole=set(found) == {strange})

    def _parted(self, one: str, other: str) -> int | None:
        """The entry that parted or joined two paragraphs: that of the newline which is in one text alone."""
        heads = [past.head for name in (one, other) for past in (self._old.get(name) or self._new.get(name),) if past]
        return next((made for made in map(self._made, heads) if made is not None), None)


def _homes(found: Mapping[str, list[Token]]) -> Homes:
    """In which paragraph characters stand that began a bit."""
    return {bit.id: name for name, words in found.items() for word in words for bit in word.bits}
