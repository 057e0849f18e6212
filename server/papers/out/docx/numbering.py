"""Word's numbering: the numbers of paragraphs as lists that Word counts by itself, wherever it counts the same.

A list has one look: what stands before and behind its number, and how that is written. Where the next number is not
the one that Word would count, the list begins anew at it; a label that is no number (`PP4 bis`) is a list of its own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from server.papers.out import xml
from server.papers.out.docx.styles import indent
from server.papers.out.numbers import roman
from server.papers.out.paper import Line

AUTOMATIC = "Numbered by kind"
"""The name of lists whose numbers nobody has written: on the way back in they are no labels."""

LABEL = re.compile(r"(?P<before>.*?)(?P<number>\d{1,9}|[A-Za-z]{1,12})(?P<behind>[^\w%]*)")
LITERAL = "none"


def _letters(count: int) -> str:
    """As Word writes them: … z, aa, bb, cc."""
    turns, letter = divmod(count - 1, 26)
    return chr(97 + letter) * (turns + 1)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "lowerLetter": _letters,
    "lowerRoman": roman,
    "upperLetter": lambda count: _letters(count).upper(),
    "upperRoman": lambda count: roman(count).upper(),
}
VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(frozen=True, slots=True)
class Look:
    """What paragraphs of one list have in common; `pattern` with `%1` where the number stands."""

    kind: str
    level: int
    pattern: str
    format: str
    automatic: bool


@dataclass(slots=True)
class Numbering:
    """Grows with each paragraph that is numbered."""

    _looks: dict[Look, int] = field(default_factory=dict)  # to the id of its abstract list
    _lists: list[tuple[int, int]] = field(default_factory=list)  # abstract list, and where it begins
    _latest: dict[Look, tuple[int, int]] = field(default_factory=dict)  # list, and the number that it has reached

    def list_of(self, line: Line) -> int:
        """The list that numbers this line as it should be; 0: none does, for it has no number."""
        if not line.number or "%" in line.number:
            return 0
        look, count = self._found(line)
        before = self._latest.get(look)
        if before is not None and (look.format == LITERAL or count == before[1] + 1):
            name = before[0]
        else:
            abstract = self._looks.setdefault(look, len(self._looks) + 1)
            self._lists.append((abstract, count))
            name = len(self._lists)
        self._latest[look] = (name, count)
        return name

    def _found(self, line: Line) -> tuple[Look, int]:
        """The look that goes on counting, else the likeliest."""
        looks = [*self._readings(line)]
        literal = Look(line.kind, line.level, line.number, LITERAL, line.label is None)
        following = (each for each in looks if each[0] in self._latest and self._latest[each[0]][1] + 1 == each[1])
        return next(following, looks[0] if looks else (literal, 1))

    def _readings(self, line: Line) -> list[tuple[Look, int]]:
        match = LABEL.fullmatch(line.number)
        if match is None or (match["before"] and match["before"][-1].isalnum() and match["number"].isalpha()):
            return []
        found = []
        for format_, count in _counts(match["number"]):
            pattern = f"{match['before']}%1{match['behind']}"
            found.append((Look(line.kind, line.level, pattern, format_, line.label is None), count))
        return found

    def xml(self) -> str:
        abstracts = "".join(_abstract(name, look) for look, name in self._looks.items())
        lists = "".join(
            f'<w:num w:numId="{name}"><w:abstractNumId w:val="{abstract}"/>'
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
            for name, (abstract, start) in enumerate(self._lists, 1)
        )
        return (
            '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"{abstracts}{lists}</w:numbering>"
        )


def _counts(number: str) -> list[tuple[str, int]]:
    """How Word may have come to write this: (i) as the first of the romans before the ninth of the letters."""
    if number.isdigit():
        return [("decimal", int(number))] if number == str(int(number)) else []
    case = "lower" if number.islower() else "upper"
    small = number.lower()
    found = [(f"{case}Roman", _from_roman(small)), (f"{case}Letter", 26 * (len(number) - 1) + ord(small[0]) - 96)]
    if len(number) == 1 and number not in "iIvVxX":
        found.reverse()
    return [(format_, count) for format_, count in found if count > 0 and FORMATS[format_](count) == number]


def _from_roman(letters: str) -> int:
    """0: it is none."""
    if any(letter not in VALUES for letter in letters):
        return 0
    values = [VALUES[letter] for letter in letters]
    return sum(-one if one < other else one for one, other in zip(values, [*values[1:], 0], strict=True))


def _abstract(name: int, look: Look) -> str:
    left, hanging = indent(look.kind, look.level)
    called = f"<w:name w:val={xml.attribute(AUTOMATIC)}/>" if look.automatic else ""
    return (
        f'<w:abstractNum w:abstractNumId="{name}"><w:nsid w:val="{0x52540000 + name:08X}"/>'
        f'<w:multiLevelType w:val="singleLevel"/>{called}<w:lvl w:ilvl="0"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{look.format}"/><w:suff w:val="tab"/><w:lvlText w:val={xml.attribute(look.pattern)}/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:tabs><w:tab w:val="num" w:pos="{left}"/></w:tabs>'
        f'<w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl></w:abstractNum>'
    )
