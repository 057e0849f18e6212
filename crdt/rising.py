"""The longest row that rises."""

from bisect import bisect_left
from collections.abc import Sequence


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs in the order of their first numbers, the most whose second ones rise, too."""
    ends: list[int] = []  # the least second number with which a row of that length ends
    rows: list[tuple[int, int]] = []  # of each pair: the length of its row, and the pair before it in the row
    last: list[int] = []
    for number, (_, there) in enumerate(pairs):
        at = bisect_left(ends, there)
        ends[at : at + 1] = [there]
        last[at : at + 1] = [number]
        rows.append((at, last[at - 1] if at else -1))
    chosen: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = rows[number][1]
    return chosen[::-1]
