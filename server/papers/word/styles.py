"""Styles: what kind of paragraph one makes, how it is numbered and what marks its words have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from server.papers.out.docx.styles import style_name
from server.papers.word.names import Element, attribute, child, children, named, switched, value, whole

TOGGLES: Final = {"w:b": "strong", "w:i": "em", "w:strike": "strike", "w:dstrike": "strike"}
MARK_OF: Final = {**TOGGLES, "w:u": "underline"}
HEADING: Final = re.compile(r"heading (\d)", re.IGNORECASE)
# The names that the documents services of the United Nations give to headings: "_ H_2/3_G".
HOUSE_HEADING: Final = re.compile(r"_?\s?H\s?_?(Ch|\d)(?:/\d)?(?:_G)?")
OURS: Final = ("preamble", "operative", "item")  # kinds whose styles no other program has
DEEPEST: Final = 20  # styles that are based on each other


@dataclass(frozen=True, slots=True)
class Numbered:
    """That a paragraph is numbered. `level`: from 0, None: whatever level of the list has this style."""

    list: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Style:
    """`kind` None: none that says more than "body". `marks`: of its words, on or off."""

    name: str = ""
    kind: str | None = None
    level: int = 1
    numbered: Numbered | None = None
    marks: Mapping[str, bool] = field(default_factory=dict)
    hidden: bool = False


PLAIN: Final = Style()


class Styles:
    """By the ids that paragraphs and runs name them with."""

    def __init__(self, tree: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._known: dict[str, Style] = {}
        self._default: dict[str, str] = {}  # kind of style -> id
        names: set[str] = set()
        for element in () if tree is None else children(tree, "w:style"):
            id_ = attribute(element, "w:styleId") or ""
            self._elements.setdefault(id_, element)
            names.add(value(child(element, "w:name")) or "")
            if attribute(element, "w:default") in ("1", "true", "on"):
                self._default.setdefault(attribute(element, "w:type") or "", id_)
        self.ours = names >= {style_name(kind, 1) for kind in OURS}  # whether this program wrote the file

    def of_paragraph(self, id_: str | None) -> Style:
        return self.find(self._default.get("paragraph", "") if id_ is None else id_)

    def find(self, id_: str | None, depth: int = 0) -> Style:
        """With all that it is based on; a circle ends somewhere."""
        if id_ is None or id_ not in self._elements or depth > DEEPEST:
            return PLAIN
        known = self._known.get(id_)
        if known is None:
            element = self._elements[id_]
            based = self.find(value(child(element, "w:basedOn")), depth + 1)
            known = self._known[id_] = _style(element, based)
        return known


def _style(element: Element, based: Style) -> Style:
    name = value(child(element, "w:name")) or ""
    paragraph, run = child(element, "w:pPr"), named(child(element, "w:rPr"))
    found = replace(based, name=name, marks={**based.marks, **marks_in(run)})
    kind = kind_of(name, paragraph)
    if kind is not None:
        found = replace(found, kind=kind[0], level=kind[1])
    numbered = numbered_in(paragraph)
    if numbered is not None:
        before = based.numbered
        found = replace(found, numbered=replace(numbered, list=numbered.list or (before.list if before else "")))
    hidden = switched(run.get("w:vanish"))
    return found if hidden is None else replace(found, hidden=hidden)


def kind_of(name: str, paragraph: Element | None) -> tuple[str, int] | None:
    """Kind and level that a style's name, or the outline level of a paragraph, means; None: neither says anything."""
    if name.lower() == "title":
        return "title", 1
    heading = HEADING.fullmatch(name)
    if heading is not None:
        return "heading", int(heading[1])
    house = HOUSE_HEADING.fullmatch(name)
    if house is not None:
        return "heading", 1 if house[1] == "Ch" else min(int(house[1]) + 1, 4)
    outline = child(paragraph, "w:outlineLvl")
    if outline is None:
        return None
    level = whole(value(outline), 9)
    return ("heading", level + 1) if 0 <= level < 9 else ("body", 1)


def numbered_in(paragraph: Element | None) -> Numbered | None:
    """What `w:pPr` says of numbers; the list "0" is none."""
    found = child(paragraph, "w:numPr")
    if found is None:
        return None
    level = value(child(found, "w:ilvl"))
    return Numbered(value(child(found, "w:numId")) or "", None if level is None else min(max(whole(level), 0), 8))


def marks_in(properties: Mapping[str, Element]) -> dict[str, bool]:
    """What the properties of a run switch on or off."""
    found: dict[str, bool] = {}
    for name, mark in MARK_OF.items():
        element = properties.get(name)
        if element is not None:
            on = value(element) != "none" if name == "w:u" else switched(element) is True
            found[mark] = on or found.get(mark, False)  # struck once or twice
    return found
