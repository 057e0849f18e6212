"""Runs: brackets side by side, and what their members are to each other (grammar: run, run class)."""

import re
from collections.abc import Sequence

from crdt.brackets.model import RunClass
from crdt.brackets.pairs import Pair
from crdt.brackets.scan import Scan

BETWEEN = re.compile(r"\s*+(?:/|or|and/or|или|и/или)?\s*", re.IGNORECASE)
ADDS = re.compile(r",|(?:and|or|including|as well as|и|или|включая|а также)\b", re.IGNORECASE)
MERE = re.compile(r"[,;]|and|or|and/or|и|или|и/или", re.IGNORECASE)
OR = re.compile(r"or|или", re.IGNORECASE)
OTHER = re.compile(r"others?|иное|другое", re.IGNORECASE)
MODAL = re.compile(r"shall|should|will|may|must", re.IGNORECASE)


def find(pairs: Sequence[Pair], tails: Sequence[int], apart: Sequence[bool], scans: Sequence[Scan]) -> list[list[int]]:
    """The runs, as indexes into `pairs`. A bracket with what is said behind it ends at its tail; some stand `apart`."""
    runs: list[list[int]] = []
    latest: dict[int | None, list[int]] = {}  # by parent: the run that its latest child is in, perhaps alone
    for index, pair in enumerate(pairs):
        run = latest.get(pair.parent)
        if apart[index]:
            latest.pop(pair.parent, None)
        elif run and _beside(pairs[run[-1]], tails[run[-1]], pair, scans):
            run.append(index)
            if len(run) == 2:
                runs.append(run)
        else:
            latest[pair.parent] = [index]
    return runs


def classify(members: Sequence[str]) -> RunClass:
    """`members` are the first words of each, without attribution."""
    if any(OTHER.fullmatch(member) for member in members):
        return RunClass.OPEN
    if any(MODAL.fullmatch(member) for member in members) or all(MERE.fullmatch(member) for member in members):
        return RunClass.ALTERNATIVES
    if any(OR.fullmatch(member) for member in members):
        return RunClass.AMBIGUOUS
    adding = [ADDS.match(member) is not None for member in members[1:]]
    if not any(adding):
        return RunClass.ALTERNATIVES
    return RunClass.ADDITIVE if all(adding) else RunClass.AMBIGUOUS


def _beside(one: Pair, tail: int, other: Pair, scans: Sequence[Scan]) -> bool:
    if not one.first == one.last == other.first == other.last:
        return False
    return BETWEEN.fullmatch(scans[one.first].counted, tail, other.start) is not None
