"""The spans of one paragraph: which of its words stayed, came and went, and by whose doing."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from crdt.chronicle import Row
from crdt.redline.matching import matched
from crdt.redline.model import Op, Piece
from crdt.redline.tokens import Token

Act = Hashable
Signature = tuple[int | None, int | None]  # `made` and `first` of a piece


class Elsewhere(NamedTuple):
    """Where a word stands in the other text: not in the same paragraph. `parted`: the entry that brought that about;
    `whole`: all of it stands there."""

    paragraph: str
    parted: int | None
    whole: bool


class Word(NamedTuple):
    token: Token
    elsewhere: Elsewhere | None

    @property
    def moved(self) -> bool:
        return self.elsewhere is not None and self.elsewhere.whole


class _Step(NamedTuple):
    """A word that stayed is there twice, and reads alike; any other once."""

    op: Op
    old: Word | None
    new: Word | None

    @property
    def stays(self) -> bool:
        return self.op is Op.STAYS


class Spans:
    """`made`: the entry that made a row come or go; `acts`: as in `compare`."""

    def __init__(self, made: Callable[[Row], int | None], acts: Mapping[int, Act]) -> None:
        self._made = made
        self._acts = acts

    def between(self, were: Sequence[Word], are: Sequence[Word]) -> list[Piece]:
        """Of what they were to what they are."""
        pieces: list[Piece] = []
        steps = list(self._without_islands(list(_steps(were, are))))
        at = 0
        for stays, group in groupby(steps, lambda step: step.stays):
            part = list(group)
            if stays:
                pieces += [piece for step in part for piece in _stayed(step)]
            else:
                pieces += self._change(part, partial(self._near, steps, at))
            at += len(part)
        return list(self._joined(pieces))

    def _near(self, steps: Sequence[_Step], at: int) -> int | None:
        """The entry that made the change nearest to a step: where a space that stays is another one than it was, the
        words that meet or part there were changed by it."""
        for place in sorted(range(len(steps)), key=lambda place: abs(place - at)):
            for word in (steps[place].old, steps[place].new):
                made = () if word is None else (self._made(bit.row) for bit in word.token.bits)
                found = next((seq for seq in made if seq is not None), None)
                if found is not None:
                    return found
        return None

    def _without_islands(self, steps: Sequence[_Step]) -> Iterator[_Step]:
        """A lone space between words that one hand replaced on both sides is replaced with them: so a phrase that was
        written anew is read in one piece."""
        groups = [list(group) for _, group in groupby(steps, lambda step: step.stays)]
        hands = [self._hands(group) for group in groups]
        for at, group in enumerate(groups):
            alone = len(group) == 1 and group[0].stays and 0 < at < len(groups) - 1
            old, new = group[0].old, group[0].new
            if (
                alone
                and new is not None
                and new.token.text.isspace()
                and hands[at - 1] is not None
                and hands[at - 1] == hands[at + 1]
            ):
                yield _Step(Op.GOES, old, None)
                yield _Step(Op.COMES, None, new)
            else:
                yield from group

    def _hands(self, group: Sequence[_Step]) -> frozenset[Act] | None:
        """Who replaced these words; None where words only came, or only went."""
        if {step.op for step in group} != {Op.GOES, Op.COMES}:
            return None
        words = [word for step in group for word in (step.old, step.new) if word is not None]
        made = {self._made(bit.row) for word in words for bit in word.token.bits}
        return frozenset(self._acts[seq] for seq in made if seq is not None)

    def _change(self, steps: Sequence[_Step], near: Callable[[], int | None]) -> list[Piece]:
        """What went, then what came. A word is changed as a whole: letters that stayed go with those that did not."""
        gone = [piece for step in steps if step.old is not None for piece in self._bits(step.old, Op.GOES)]
        come = [piece for step in steps if step.new is not None for piece in self._bits(step.new, Op.COMES)]
        known = next((piece for piece in (*come, *gone) if piece.made is not None), None)
        some: Signature = (near(), None) if known is None else (known.made, known.first)
        return [*_signed(gone, some), *_signed(come, some)]

    def _bits(self, word: Word, op: Op) -> Iterator[Piece]:
        moved = word.elsewhere.paragraph if word.elsewhere is not None and word.elsewhere.whole else None
        for bit in word.token.bits:
            made = self._made(bit.row)
            first = bit.row.first if made is not None and made == bit.row.birth else None
            if made is None and word.elsewhere is not None:
                made = word.elsewhere.parted
            yield Piece(op, bit.text, bit.marks, made, first, moved)

    def _joined(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """Neighbours that differ in nothing but their text, made one."""
        looks = [self._look(piece) for piece in pieces]
        start = 0
        for end in range(1, len(pieces) + 1):
            if end == len(pieces) or looks[end] != looks[start]:
                one = pieces[start]
                text = one.text if end == start + 1 else "".join([piece.text for piece in pieces[start:end]])
                yield Piece(one.op, text, one.marks, one.made, one.first, one.moved, one.was)
                start = end

    def _look(self, piece: Piece) -> tuple[Hashable, ...]:
        made = None if piece.made is None else self._acts[piece.made]
        first = None if piece.first is None else self._acts[piece.first]
        return piece.op, piece.marks, made, first, piece.moved, piece.was


def _steps(were: Sequence[Word], are: Sequence[Word]) -> Iterator[_Step]:
    places = {word.token.key: at for at, word in enumerate(are)}
    same = [(at, places[word.token.key]) for at, word in enumerate(were) if word.token.key in places]
    here, there = 0, 0
    for one, other in (*same, (len(were), len(are))):
        yield from _written_anew(were[here:one], are[there:other])
        if one < len(were):
            yield _Step(Op.STAYS, were[one], are[other])
        here, there = one + 1, other + 1


def _written_anew(were: Sequence[Word], are: Sequence[Word]) -> Iterator[_Step]:
    """Between two words that stayed: by how they read. What stands elsewhere is not like anything here."""
    ours = [f"\n{at}" if word.moved else word.token.text for at, word in enumerate(were)]
    theirs = [f"\n\n{at}" if word.moved else word.token.text for at, word in enumerate(are)]
    here, there = 0, 0
    for one, other in (*matched(ours, theirs), (len(were), len(are))):
        yield from (_Step(Op.GOES, word, None) for word in were[here:one])
        yield from (_Step(Op.COMES, None, word) for word in are[there:other])
        if one < len(were):
            yield _Step(Op.STAYS, were[one], are[other])
        here, there = one + 1, other + 1


def _stayed(step: _Step) -> Iterator[Piece]:
    assert step.old is not None and step.new is not None  # noqa: S101, PT018  # it is in both
    old, new = step.old.token, step.new.token
    if old.key == new.key:
        for was, bit in zip(old.bits, new.bits, strict=True):
            yield Piece(Op.STAYS, bit.text, bit.marks, was=was.marks if was.marks != bit.marks else None)
        return
    were = [bit.marks for bit in old.bits for _ in bit.text]
    are = [bit.marks for bit in new.bits for _ in bit.text]
    for char, marks, before in zip(new.text, are, were, strict=True):
        yield Piece(Op.STAYS, char, marks, was=before if before != marks else None)


def _signed(pieces: Sequence[Piece], some: Signature) -> Iterator[Piece]:
    """Letters that nobody changed are changed by who changed the rest of the word: the nearest, else `some`."""
    signed = [at for at, piece in enumerate(pieces) if piece.made is not None]
    for at, piece in enumerate(pieces):
        if piece.made is not None:
            yield piece
            continue
        near = min(signed, key=lambda other: abs(other - at), default=None)
        made, first = some if near is None else (pieces[near].made, pieces[near].first)
        yield Piece(piece.op, piece.text, piece.marks, made, first, piece.moved)
