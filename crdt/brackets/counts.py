"""The progress counts (B6)."""

import re
from collections.abc import Collection, Sequence

from crdt.brackets.model import Bracket, Counts, Kind, Reading
from crdt.brackets.reading import covered
from crdt.paragraphs import Paragraph

WORD = re.compile(r"[^\W_]+")


def count(reading: Reading, paragraphs: Sequence[Paragraph], agreed: Collection[str] = frozenset()) -> Counts:
    """`agreed` holds the ids of the paragraphs that are locked: what a text says of itself is not counted as agreed."""
    words = sum(words_of(text) for text in reading.texts)
    return counted(reading, paragraphs, agreed, words, words_bracketed(reading.brackets, reading.texts))


def counted(
    reading: Reading, paragraphs: Sequence[Paragraph], agreed: Collection[str], words: int, words_bracketed: int
) -> Counts:
    """The counts of a text whose words are counted already."""
    return Counts(
        pairs=len(reading.brackets),
        issues=len(issues(reading)),
        placeholders=sum(bracket.kind is Kind.PLACEHOLDER for bracket in reading.brackets),
        words=words,
        words_bracketed=words_bracketed,
        paragraphs=len(paragraphs),
        clean_paragraphs=len(paragraphs) - len(covered(reading.brackets)),
        agreed_paragraphs=sum(paragraph.id in agreed for paragraph in paragraphs),
        lints=len(reading.lints),
    )


def words_of(text: str) -> int:
    return len(WORD.findall(text))


def words_bracketed(brackets: Sequence[Bracket], texts: Sequence[str]) -> int:
    """Words in brackets, notes aside."""
    top = (bracket for bracket in brackets if bracket.parent is None and bracket.kind is not Kind.NOTE)
    return sum(_words_in(bracket, texts) for bracket in top)


def _words_in(bracket: Bracket, texts: Sequence[str]) -> int:
    if bracket.first == bracket.last:
        return words_of(texts[bracket.first][bracket.start : bracket.end])
    between = sum(words_of(text) for text in texts[bracket.first + 1 : bracket.last])
    return words_of(texts[bracket.first][bracket.start :]) + between + words_of(texts[bracket.last][: bracket.end])


def issues(reading: Reading) -> list[int]:
    """The paragraph in which each begins, by its index. A top-level pair, run or group of options is one each. A
    placeholder waits for a fact and a note for nobody; what stands in one option's own paragraph falls with it."""
    top = [bracket for bracket in reading.brackets if bracket.parent is None]
    crossing = [range(bracket.first, bracket.last) for bracket in top if bracket.first != bracket.last]
    inside = {paragraph for places in crossing for paragraph in places}
    grouped = {option.paragraph for option in reading.options if option.group is not None}
    groups = {option.group for option in reading.options if option.group is not None} - inside
    runs: set[int] = set()
    single: list[int] = []
    for bracket in top:
        if bracket.kind in (Kind.PLACEHOLDER, Kind.NOTE) or (
            bracket.first == bracket.last and bracket.first in grouped
        ):
            continue
        if bracket.run is None:
            single.append(bracket.first)
        else:
            runs.add(bracket.run)
    return [*single, *(reading.brackets[run].first for run in runs), *groups]
