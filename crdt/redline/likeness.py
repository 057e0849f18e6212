"""Paragraphs that were written anew: cut and pasted, or brought back by an undo or a restore, they have new ids."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from crdt.redline.words import parts

ALIKE: Final = 0.6
"""What part of the words two paragraphs must share to be one that was moved and edited …"""

FEWEST: Final = 4
"""… and how many words they must have for that."""

RARE: Final = 8  # paragraphs that may share a word by which others are looked for
TRIED: Final = 5  # candidates that are compared in full


def pairs(gone: Mapping[str, str], come: Mapping[str, str]) -> dict[str, str]:
    """For paragraphs that came, by id, those that went and were the same. Given: texts by id, in order."""
    found = _same(gone, come)
    rest = {name: _words(text) for name, text in gone.items() if name not in found.values()}
    rare = _rare(rest)
    for name, text in come.items():
        if name in found:
            continue
        words = _words(text)
        tried = Counter(other for word in words for other in rare.get(word, ()) if other in rest)
        best = max(((_likeness(words, rest[other]), other) for other, _ in tried.most_common(TRIED)), default=(0.0, ""))
        if best[0] >= ALIKE:
            found[name] = best[1]
            del rest[best[1]]
    return found


def _same(gone: Mapping[str, str], come: Mapping[str, str]) -> dict[str, str]:
    """Those that read alike to the letter, each with the next of its kind."""
    places: dict[str, list[str]] = {}
    for name, text in gone.items():
        if text.strip():
            places.setdefault(text.strip(), []).append(name)
    return {name: places[text.strip()].pop(0) for name, text in come.items() if places.get(text.strip())}


def _words(text: str) -> Counter[str]:
    return Counter(part for part in parts(text) if part[:1].isalnum())


def _rare(texts: Mapping[str, Counter[str]]) -> dict[str, Sequence[str]]:
    """By word, the few paragraphs that have it."""
    found: dict[str, list[str]] = {}
    for name, words in texts.items():
        for word in words:
            found.setdefault(word, []).append(name)
    return {word: names for word, names in found.items() if len(names) <= RARE}


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    sizes = one.total(), other.total()
    return 2 * (one & other).total() / sum(sizes) if min(sizes) >= FEWEST else 0.0
