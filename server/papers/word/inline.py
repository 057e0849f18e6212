"""What stands in a paragraph: runs of text, with what is said of them in properties, fields, changes and comments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from crdt.brackets import Register
from server.errors import Code, Problem
from server.papers.source import BREAKS, CONTROLS, MAX_CHARACTERS
from server.papers.word.archive import Relation
from server.papers.word.changes import Change, Mode, Piece, attribution, kept
from server.papers.word.names import Element, attribute, child, inside, name_of, named, switched, value, whole
from server.papers.word.signs import lowered, raised, sign
from server.papers.word.styles import Styles, marks_in
from server.papers.word.told import Told

ADDRESS: Final = re.compile(r"(?:https?|ftp|mailto):\S{1,2000}", re.IGNORECASE)
HYPERLINK: Final = re.compile(r'\s*HYPERLINK\s+"([^"]{1,2000})"', re.IGNORECASE)
CONTENTS: Final = re.compile(r"\s*(?:TOC|INDEX|TOA)\b", re.IGNORECASE)
DECORATED: Final = ("hyperlink", "followedhyperlink", "internet link")  # styles whose underlining is no emphasis
CAME: Final = ("w:ins", "w:moveTo")
WENT: Final = ("w:del", "w:moveFrom")
NOTES: Final = ("w:footnoteReference", "w:endnoteReference")
SILENT: Final = frozenset(
    f"w:{name}"
    for name in (
        *("pPr", "rPr", "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "lastRenderedPageBreak"),
        *("footnoteRef", "endnoteRef", "annotationRef", "separator", "continuationSeparator", "softHyphen", "sdtPr"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "smartTagPr", "customXmlPr"),
    )
)


@dataclass(slots=True)
class Field:
    """Something that Word works out: what it is told to, and whether what stands here is the result."""

    told: str = ""
    result: bool = False

    @property
    def contents(self) -> bool:
        return CONTENTS.match(self.told) is not None


@dataclass(slots=True)
class Story:
    """What holds from one paragraph to the next. `numbers`: of the notes that have been referred to."""

    mode: Mode
    styles: Styles
    register: Register
    relations: Mapping[str, Relation]
    told: Told
    fields: list[Field] = field(default_factory=list)
    open: dict[str, None] = field(default_factory=dict)  # comments that have begun and not ended
    placed: set[str] = field(default_factory=set)  # comments whose words were met
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)  # footnote or endnote, and its id
    boxes: list[Element] = field(default_factory=list)  # text boxes that were met
    authors: dict[str, None] = field(default_factory=dict)
    came: int = 0
    went: int = 0
    characters: int = 0

    def by(self, element: Element, came: bool) -> Change:
        """A tracked change."""
        author = attribute(element, "w:author") or ""
        self.authors[author] = None
        return Change(came, attribution(author, self.register))

    def take(self, text: str) -> str:
        """Text as a document can hold it; raises Problem when all of it is too much."""
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise Problem(
                Code.TOO_LARGE, f"The text has more than {MAX_CHARACTERS:,} characters; make several documents of it."
            )
        clean = CONTROLS.sub("", BREAKS.sub(" ", text).replace("\n", " "))
        if len(clean) < len(text):
            self.told.count("lost")
        return clean


def pieces(story: Story, paragraph: Element, base: Mapping[str, bool]) -> list[Piece]:
    """Of one paragraph; `base`: the marks that its style gives to all of it."""
    reader = _Inline(story, base)
    reader.walk(paragraph, ())
    return reader.found


class _Inline:
    def __init__(self, story: Story, base: Mapping[str, bool]) -> None:
        self.found: list[Piece] = []
        self._story = story
        self._base = base

    def walk(self, element: Element, changes: tuple[Change, ...]) -> None:
        for each in element:
            name = name_of(each)
            if name == "w:r":
                self._run(each, changes)
            elif name in CAME or name in WENT:
                self._changed(each, changes, name in CAME)
            elif name in SILENT:
                continue
            elif name == "w:commentRangeStart":
                self._story.open[attribute(each, "w:id") or ""] = None
            elif name == "w:commentRangeEnd":
                self._story.open.pop(attribute(each, "w:id") or "", None)
            elif name == "w:hyperlink":
                self._link(each, changes)
            elif name == "w:fldSimple":
                self._simple(each, changes)
            elif name in ("m:oMath", "m:oMathPara"):
                self._story.told.count("equations")
                self._add("".join(text.text or "" for text in inside(each, "m:t")), (), changes)
            else:
                self.walk(each, changes)

    def _changed(self, element: Element, changes: tuple[Change, ...], came: bool) -> None:
        if came:
            self._story.came += 1
        else:
            self._story.went += 1
        self.walk(element, (*changes, self._story.by(element, came)))

    def _link(self, element: Element, changes: tuple[Change, ...]) -> None:
        begin = len(self.found)
        self.walk(element, changes)
        relation = self._story.relations.get(attribute(element, "r:id") or "")
        if relation is not None and relation.outside:
            self._address(relation.target, begin, changes)

    def _address(self, target: str, begin: int, changes: tuple[Change, ...]) -> None:
        """Behind the words of a link, unless they say it already."""
        shown = "".join(piece.text for piece in self.found[begin:])
        bare = target.removeprefix("mailto:").rstrip("/")
        if ADDRESS.fullmatch(target) and shown.strip() and bare not in shown:
            self._story.told.count("links")
            self._add(f" ({target})", (), changes)

    def _simple(self, element: Element, changes: tuple[Change, ...]) -> None:
        told = attribute(element, "w:instr") or ""
        if CONTENTS.match(told):
            self._story.told.count("contents")
            return
        begin = len(self.found)
        self.walk(element, changes)
        link = HYPERLINK.match(told)
        if link is not None:
            self._address(link[1], begin, changes)

    def _run(self, run: Element, changes: tuple[Change, ...]) -> None:
        properties = named(child(run, "w:rPr"))
        former = properties.get("w:rPrChange")
        if former is not None:
            self._story.told.count("formats")
            self._story.by(former, came=True)
            if self._story.mode is Mode.REJECT:
                properties = named(child(former, "w:rPr"))
        look = _Look(*self._marks(properties), properties)
        for each in run:
            self._inner(each, name_of(each), look, changes)

    def _inner(self, element: Element, name: str, look: "_Look", changes: tuple[Change, ...]) -> None:
        story = self._story
        match name:
            case "w:t" | "w:delText":
                self._text(_spaced(element), look, changes)
            case "w:tab" | "w:ptab":
                self._text("\t", look, changes)
            case "w:br" | "w:cr":
                if attribute(element, "w:type") not in ("page", "column"):
                    story.told.count("breaks")
                    self._text(" ", look, changes)
            case "w:noBreakHyphen":
                self._text("\u2011", look, changes)
            case "w:sym":
                found = sign(attribute(element, "w:font") or "", attribute(element, "w:char") or "")
                if found == "\ufffd":
                    story.told.count("signs")
                self._text(found, look, changes)
            case "w:footnoteReference" | "w:endnoteReference":
                self._note(name, attribute(element, "w:id") or "", changes)
            case "w:commentReference":
                id_ = attribute(element, "w:id") or ""
                if id_ not in story.placed:
                    self._add("", (), changes, frozenset({id_}))
            case "w:fldChar":
                self._field(element, changes)
            case "w:instrText" | "w:delInstrText":
                if story.fields:
                    story.fields[-1].told += (element.text or "")[:2000]
            case "mc:AlternateContent":
                choice = child(element, "mc:Choice")
                choice = child(element, "mc:Fallback") if choice is None else choice
                for each in () if choice is None else choice:
                    self._inner(each, name_of(each), look, changes)
            case "w:drawing" | "w:pict" | "w:object":
                self._drawn(element, name)
            case "w:ruby":
                base = child(element, "w:rubyBase")
                if base is not None:
                    self.walk(base, changes)

    def _marks(self, properties: Mapping[str, Element]) -> tuple[tuple[str, ...], bool]:
        """Of a run, and whether it is hidden. Marks of its style and of its paragraph's turn each other off."""
        base = self._base
        if not properties:
            return tuple(sorted(mark for mark, on in base.items() if on)), False
        direct = marks_in(properties)
        style = self._story.styles.find(value(properties.get("w:rStyle")))
        own = dict(style.marks)
        if style.name.lower() in DECORATED:
            own.pop("underline", None)
            direct.pop("underline", None)
        on: set[str] = set()
        for mark in ("em", "strike", "strong", "underline"):
            below = base.get(mark, False)
            shown = own.get(mark, below) if mark == "underline" else own.get(mark, False) != below
            if direct.get(mark, shown):
                on.add(mark)
        hidden = switched(properties.get("w:vanish"))
        return tuple(sorted(on)), style.hidden if hidden is None else hidden

    def _text(self, text: str, look: "_Look", changes: tuple[Change, ...]) -> None:
        if not text or any(not each.result for each in self._story.fields):
            return
        if look.hidden:
            self._story.told.count("hidden", text)
            return
        if look.properties:
            text = self._shown(text, look.properties)
        self._add(text, look.marks, changes)

    def _shown(self, text: str, properties: Mapping[str, Element]) -> str:
        """The text with what its format says of it, where characters can say it."""
        told = self._story.told
        height = _height(properties)
        if height and text.strip():
            changed = raised(text) if height > 0 else lowered(text)
            if changed is None:
                told.count("raised", text)
            text = changed or text
        if switched(properties.get("w:caps")) or switched(properties.get("w:smallCaps")):
            told.count("capitals", text)
        if value(properties.get("w:highlight")) not in (None, "none"):
            told.count("highlights", text)
        return text

    def _add(
        self, text: str, marks: tuple[str, ...], changes: tuple[Change, ...], remarks: frozenset[str] = frozenset()
    ) -> None:
        story = self._story
        if any(each.contents for each in story.fields):
            return
        remarks = remarks.union(story.open)
        if not kept(story.mode, changes):
            if remarks - story.placed:
                self.found.append(Piece("", remarks=remarks))
            return
        story.placed |= remarks
        text = story.take(text)
        self.found.append(Piece(text, marks, changes if story.mode is Mode.BRACKETS else (), remarks))

    def _note(self, name: str, id_: str, changes: tuple[Change, ...]) -> None:
        """A mark in the text; what the note says stands at the end."""
        if kept(self._story.mode, changes):
            numbers = self._story.numbers
            self._add(f"[^{numbers.setdefault((name, id_), len(numbers) + 1)}]", (), changes)

    def _field(self, element: Element, changes: tuple[Change, ...]) -> None:
        fields = self._story.fields
        match attribute(element, "w:fldCharType"):
            case "begin":
                box = child(child(element, "w:ffData"), "w:checkBox")
                if box is not None:
                    self._add(_ticked(box), (), changes)
                fields.append(Field())
            case "separate":
                if fields:
                    fields[-1].result = True
                    if fields[-1].contents:
                        self._story.told.count("contents")
            case "end":
                done = fields.pop() if fields else Field()
                link = HYPERLINK.match(done.told)
                if link is not None and done.result:
                    self._address(link[1], 0, changes)

    def _drawn(self, element: Element, name: str) -> None:
        boxes = list(inside(element, "w:txbxContent"))
        outer = [box for box in boxes if not any(name_of(above) == "w:txbxContent" for above in box.iterancestors())]
        if outer:
            self._story.boxes += outer
            self._story.told.count("boxes")
        elif name == "w:object":
            self._story.told.count("objects")
        else:
            described = next((each.get("descr") for each in element.iter() if each.get("descr")), "")
            self._story.told.count("pictures", described or "")


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run is shown."""

    marks: tuple[str, ...]
    hidden: bool
    properties: Mapping[str, Element]


def _height(properties: Mapping[str, Element]) -> int:
    """Above the line, or below it: Word says so in words, LibreOffice by how far."""
    words = {"superscript": 1, "subscript": -1}
    said = value(properties.get("w:vertAlign")) or ""
    return words.get(said) or whole(value(properties.get("w:position")))


def _ticked(box: Element) -> str:
    checked = child(box, "w:checked")
    return "☑" if switched(child(box, "w:default") if checked is None else checked) else "☐"


def _spaced(element: Element) -> str:
    """White space at the ends counts only where the file says so."""
    text = element.text or ""
    return text if attribute(element, "xml:space") == "preserve" else text.strip(" \t\r\n")
