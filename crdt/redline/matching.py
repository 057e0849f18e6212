"""Which parts of one row are in another, in the same order. Bounded: what would take too long counts as different."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from crdt.rising import rising

MOST: Final = 250_000
"""Pairs of parts that are compared at worst between two that are sure: some 50 ms."""


def matched(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of equal parts, rising in both."""
    start, (end, stop) = 0, (len(old), len(new))
    while start < min(end, stop) and old[start] == new[start]:
        yield start, start
        start += 1
    same = 0
    while same < min(end, stop) - start and old[end - same - 1] == new[stop - same - 1]:
        same += 1
    here, there = start, start
    for one, other in (
        *_sure(old, new, range(start, end - same), range(start, stop - same)),
        (end - same, stop - same),
    ):
        yield from _between(old, new, range(here, one), range(there, other))
        if one < end - same:
            yield one, other
        here, there = one + 1, other + 1
    yield from ((end - same + at, stop - same + at) for at in range(same))


def _sure(old: Sequence[str], new: Sequence[str], here: range, there: range) -> list[tuple[int, int]]:
    """Parts that are in each exactly once, as many as stand in the same order (patience): only in long rows."""
    if len(here) * len(there) <= MOST:
        return []
    ours = Counter(old[at] for at in here)
    theirs = Counter(new[at] for at in there)
    places = {new[at]: at for at in there if theirs[new[at]] == 1 and ours.get(new[at]) == 1}
    return rising([(at, places[old[at]]) for at in here if old[at] in places])


def _between(old: Sequence[str], new: Sequence[str], here: range, there: range) -> Iterator[tuple[int, int]]:
    if not here or not there or len(here) * len(there) > MOST:
        return
    ours, theirs = old[here.start : here.stop], new[there.start : there.stop]
    for one, other, size in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        yield from ((here.start + one + at, there.start + other + at) for at in range(size))
