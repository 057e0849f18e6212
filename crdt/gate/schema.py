"""What a document may hold (T1), one struct at a time. What is not named here is refused."""

import re
from collections.abc import Iterator
from typing import Final

from crdt.gate.homes import COLLECTED, IN_TEXT, Home
from crdt.paragraphs import KINDS, MARKS
from crdt.update import ANY, CLIENTS, CLOCKS, Id, Plain, Struct

LEVELS: Final = 1 << 31
"""Levels are whole numbers from 1 to below this (T1 sets no bound; every reader can hold these)."""

LABEL: Final = 64
"""Code points of a label at most: "OP3 bis alt 2" has 13."""

BURIED: Final = 1 << 24
"""Ids that one struct may give to deleted characters: nobody deletes 16 million of their own unsaved ones."""

# Tabs are let through: pasted and imported texts have them, and every format that is exported can hold them. Other
# control characters, and the two code points that XML cannot hold, would break a display or an export later.
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_NOT_LABEL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_KEY: Final = re.compile("(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,9})")


def fits(struct: Struct, home: Home) -> bool:
    """Whether a struct may stand in its home."""
    if home is None:
        return False
    if home == IN_TEXT:
        return _fits_text(struct)
    return (home == COLLECTED or paragraph_id(home) is not None) and _fits_map(struct)


def is_text(text: str) -> bool:
    """Whether these characters may stand in the text; newlines, which begin paragraphs, may."""
    return _NOT_TEXT.search(text) is None


def _fits_text(struct: Struct) -> bool:
    """Characters, formatting marks, and what was deleted before it was sent."""
    match struct.kind, struct.value:
        case 4, str(text):  # STRING
            return is_text(text)
        case 6, [name, value]:  # FORMAT
            return name in MARKS and (value is True or value is None)
        case 1, _:  # DELETED
            return struct.size <= BURIED
    return False


def _fits_map(struct: Struct) -> bool:
    """A paragraph's attributes. (Yjs joins values that one client wrote one after another.)"""
    if struct.right_origin is not None:  # a map entry is only ever written behind the last one
        return False
    match struct.kind, struct.value:
        case 8, list(values):  # ANY
            return all(_fits_attributes(value) for value in values)
        case 1, _:  # DELETED
            return struct.size <= BURIED
    return False


def _fits_attributes(value: Plain) -> bool:
    return isinstance(value, dict) and all(_fits_attribute(name, inner) for name, inner in value.items())


def _fits_attribute(name: str, value: Plain) -> bool:
    match name:
        case "kind":
            return isinstance(value, str) and value in KINDS
        case "level":  # pycrdt writes every number as a float
            return not isinstance(value, bool) and isinstance(value, int | float) and _is_level(value)
        case "label":
            return isinstance(value, str) and len(value) <= LABEL and _NOT_LABEL.search(value) is None
    return False


def _is_level(value: float) -> bool:
    return 1 <= value < LEVELS and value == int(value)


def paragraph_id(key: str) -> Id | None:
    """The id that a key of `paragraphs` writes; None when it is no `<client>-<clock>` (T2)."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    client, clock = int(found[1]), int(found[2])
    return (client, clock) if client < CLIENTS and clock < CLOCKS else None


def plain(struct: Struct) -> Iterator[Struct]:
    """The struct as everyone reads it alike: map entries one by one, as Yjs wrote them before it joined them, and with
    integers for levels, which a browser would tell apart from 64-bit ones and pycrdt writes as floats."""
    if struct.kind != ANY or not isinstance(struct.value, list):
        yield struct
        return
    origin, parent, key = struct.origin, struct.parent, struct.key
    for clock, value in enumerate(struct.value, struct.clock):
        yield Struct(struct.client, clock, 1, ANY, origin, None, parent, key, [_plain_attributes(value)])
        origin, parent, key = (struct.client, clock), None, None


def _plain_attributes(value: Plain) -> Plain:
    assert isinstance(value, dict)  # noqa: S101  # `fits` saw to it
    return {name: int(inner) if isinstance(inner, float) else inner for name, inner in value.items()}
