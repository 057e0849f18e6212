"""Tracked changes: taken, not taken, or shown as brackets of whoever made them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from crdt.brackets import Register
from server.papers.word.told import Told

NO_NAME = str.maketrans("", "", "[]{}:;［］")


class Mode(StrEnum):
    """What becomes of tracked changes."""

    ACCEPT = "accept"
    REJECT = "reject"
    BRACKETS = "brackets"


@dataclass(frozen=True, slots=True)
class Change:
    """Text that came or went: by whom, as an attribution names them."""

    came: bool
    by: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under the same marks, changes (the outermost first) and comments."""

    text: str
    marks: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    remarks: frozenset[str] = frozenset()


def kept(mode: Mode, changes: Iterable[Change]) -> bool:
    """Whether text that was changed so is in the document."""
    if mode is Mode.BRACKETS:
        return True
    return all(change.came == (mode is Mode.ACCEPT) for change in changes)


def attribution(author: str, register: Register) -> str:
    """The delegation's code, where the author is one or belongs to one: `KAZ`, `Kazakhstan`, `Aigerim S. (KAZ)`."""
    name = " ".join(author.translate(NO_NAME).split())
    inner = name[name.rfind("(") + 1 : -1] if name.endswith(")") else ""
    return register.find(name) or register.find(inner) or name


def bracketed(pieces: Sequence[Piece], told: Told, depth: int = 0) -> list[Piece]:
    """The pieces of one paragraph with their changes as brackets: `[KAZ: which came]`, `[KAZ: DELETE: which went]`."""
    found: list[Piece] = []
    for change, group in groupby(pieces, lambda piece: piece.changes[depth] if len(piece.changes) > depth else None):
        if change is None:
            found += group
        else:
            found += _enclosed(bracketed(list(group), told, depth + 1), change, told)
    return found


def _enclosed(pieces: list[Piece], change: Change, told: Told) -> list[Piece]:
    """White space at the ends stays outside: it is nobody's demand."""
    text = "".join(piece.text for piece in pieces)
    if not text.strip():
        return pieces
    if not _balanced(text):
        told.count("halves")
        return pieces
    before = len(text) - len(text.lstrip())
    head, rest = _parted(pieces, before)
    core, tail = _parted(rest, len(text.strip()))
    about = frozenset.intersection(*(piece.remarks for piece in core if piece.text))
    words = (f"{change.by}: " if change.by else "") + ("" if change.came else "DELETE: ")
    return [*head, Piece(f"[{words}", remarks=about), *core, Piece("]", remarks=about), *tail]


def _balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign in "[［") - (sign in "]］")
        if depth < 0:
            return False
    return depth == 0


def _parted(pieces: Sequence[Piece], at: int) -> tuple[list[Piece], list[Piece]]:
    """The pieces before and behind the character `at`."""
    head: list[Piece] = []
    for index, piece in enumerate(pieces):
        if len(piece.text) > at:
            cut = replace(piece, text=piece.text[:at]), replace(piece, text=piece.text[at:])
            return [*head, *(cut[:1] if at else ())], [cut[1], *pieces[index + 1 :]]
        head.append(piece)
        at -= len(piece.text)
    return head, []
