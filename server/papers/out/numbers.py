"""What paragraphs are numbered: the label or, where there is none, the number by kind, as the pages count.

The pages number plain paragraphs, too, so that one can speak of them; on paper that is what line numbers are for.
"""

from collections.abc import Iterable

NUMERALS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def numbers(paragraphs: Iterable[tuple[str, int, str | None]]) -> list[str]:
    """Of kind, level and label each; "": none. A label is not counted."""
    preamble, operative = 0, 0
    items: list[int] = []
    found: list[str] = []
    for kind, level, label in paragraphs:
        if kind != "item":
            items = []
        elif label is None:
            depth = min(level, 9)
            items = [*items[:depth], *[0] * (depth - len(items))]
            items[depth - 1] += 1
        else:
            items = items[:level]
        if label is not None:
            found.append(label)
        elif kind == "preamble":
            preamble += 1
            found.append(f"PP{preamble}")
        elif kind == "operative":
            operative += 1
            found.append(f"OP{operative}")
        else:
            found.append(_item(items[-1], level) if kind == "item" else "")
    return found


def _item(count: int, level: int) -> str:
    """(a) at the first level, (i) at the second, (1) below."""
    if level == 1:
        return f"({alphabetic(count)})"
    return f"({roman(count)})" if level == 2 else f"({count})"


def alphabetic(count: int) -> str:
    """From 1: a … z, aa, ab …"""
    letters = ""
    while count > 0:
        count, letter = divmod(count - 1, 26)
        letters = chr(97 + letter) + letters
    return letters


def roman(count: int) -> str:
    """From 1: i, ii, iii, iv …"""
    written = ""
    for value, letters in NUMERALS:
        times, count = divmod(count, value)
        written += letters * times
    return written
