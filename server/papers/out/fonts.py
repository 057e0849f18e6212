"""The fonts that papers are set in, and which characters none of them has.

Shipped are Source Serif 4 (Latin, Greek, Cyrillic) and Noto Naskh Arabic, both under the SIL Open Font License. What
they lack is looked for among the fonts of the machine, Chinese for one; what is found nowhere is reported.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import category

import typst
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]  # it has no types

FOLDER = Path(__file__).parents[1] / "fonts"
FAMILIES = ("Source Serif 4", "Noto Naskh Arabic")
# Drawn by no font: controls, format characters such as direction marks, and separators; the hyphen that does not break
# is drawn as one that does.
UNDRAWN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
INSTEAD = {"\u2011": "\u2010"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The families for a text, in the order of trial; `unseen`: characters that none of them has, sorted."""

    families: tuple[str, ...]
    unseen: str

    @property
    def shipped(self) -> bool:
        """Whether the fonts that come along suffice."""
        return self.families == FAMILIES


def choose(text: str) -> Choice:
    missing = {
        char for char in set(text) if category(char) not in UNDRAWN and ord(INSTEAD.get(char, char)) not in _own()
    }
    families = list(FAMILIES)
    for family, points in _machine() if missing else ():
        if any(ord(char) in points for char in missing):
            families.append(family)
            missing = {char for char in missing if ord(char) not in points}
        if not missing:
            break
    return Choice(tuple(families), "".join(sorted(missing)))


@cache
def known(*, shipped: bool) -> typst.Fonts:
    """Those that come along, and else those of the machine beside them."""
    return typst.Fonts(not shipped, False, [str(FOLDER)])


@cache
def _own() -> frozenset[int]:
    return _points(sorted(FOLDER.glob("*-Regular.ttf")))


@cache
def _machine() -> tuple[tuple[str, frozenset[int]], ...]:
    """The families of the machine and their characters, upright and of normal weight; serifs first."""
    found = {
        font.family: (Path(font.path), font.index)
        for font in typst.Fonts(True, False).fonts()
        if font.path is not None and font.style == "normal" and font.weight == 400
    }
    ordered = sorted(found.items(), key=lambda each: ("Serif" not in each[0], each[0]))
    return tuple((family, _points([path], index)) for family, (path, index) in ordered)


def _points(paths: Iterable[Path], index: int = 0) -> frozenset[int]:
    """The code points that these have; a file that cannot be read has none."""
    points: set[int] = set()
    for path in paths:
        try:
            with TTFont(path, fontNumber=index, lazy=True) as font:
                points |= (font.getBestCmap() or {}).keys()
        except (TTLibError, OSError):
            continue
    return frozenset(points)
