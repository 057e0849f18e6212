"""The words of a paragraph with the ids of their characters, by which they are known again in another text."""

from dataclasses import dataclass
from typing import NamedTuple

from crdt.chronicle import Part, Past, Row
from crdt.redline.words import parts
from crdt.units import utf16_len
from crdt.update import Id

Known = tuple[str, tuple[Id, ...]]
"""A text and where each of its bits begins: of two that are equal the characters are the very same, for bits are cut
alike in all texts of one chronicle."""


class Bit(NamedTuple):
    """Characters of a word that came and went together. `id`: of the first."""

    text: str
    marks: tuple[str, ...]
    row: Row
    id: Id


@dataclass(frozen=True, slots=True)
class Token:
    """A word, spaces, or a sign."""

    text: str
    bits: tuple[Bit, ...]
    key: Known


def tokens(past: Past) -> list[Token]:
    found: list[Token] = []
    rest = iter(past.parts)
    part, used, clock = Part("", (), past.head), 0, 0  # the part that is being cut, and where
    for word in parts(past.text):
        bits: list[Bit] = []
        left = len(word)
        while left:
            if used == len(part.text):
                part = next(rest)
                used, clock = 0, part.row.clock + (part.row.text[:1] == "\n")
            bit = part.text[used : used + left]
            bits.append(Bit(bit, part.marks, part.row, (part.row.client, clock)))
            left, used, clock = left - len(bit), used + len(bit), clock + utf16_len(bit)
        found.append(Token(word, tuple(bits), (word, tuple([each.id for each in bits]))))
    return found
