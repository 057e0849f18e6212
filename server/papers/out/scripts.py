"""Which way a text runs, and which of its characters East Asian fonts are for."""

import re
from collections.abc import Iterator
from itertools import groupby
from unicodedata import bidirectional

# Hebrew, Arabic, Syriac, Thaana, N'Ko … and their presentation forms.
RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u303f\u3040-\u31ff\u3200-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
    "\U00020000-\U0003ffff]"
)
_STRONG = {"L": False, "R": True, "AL": True}


def runs_right_to_left(text: str) -> bool:
    """By the first character that has a direction, as browsers do with dir="auto"."""
    directions = (_STRONG.get(bidirectional(char)) for char in text)
    return next((direction for direction in directions if direction is not None), False)


def stretches(text: str, base: bool) -> Iterator[tuple[str, bool]]:
    """The text in stretches of one direction, True from right to left; `base`: that of its paragraph.

    What has none, digits among it, goes with its neighbours where they agree, else with the paragraph.
    """
    if not base and not RIGHT.search(text):
        yield text, False
        return
    at = 0
    for direction, chars in groupby(_directions(text, base)):
        size = sum(1 for _ in chars)
        yield text[at : at + size], direction
        at += size


def _directions(text: str, base: bool) -> list[bool]:
    found: list[bool] = []
    before, waiting = base, 0
    for char in text:
        direction = _STRONG.get(bidirectional(char))
        if direction is None:
            waiting += 1
            continue
        found += [direction if direction == before else base] * waiting
        found.append(direction)
        before, waiting = direction, 0
    return found + [base] * waiting
