"""From blocks to drafts: the number at the start of a paragraph becomes its label, and says what the paragraph is."""

import re
from collections.abc import Iterable
from dataclasses import replace

from crdt.compose import Draft
from crdt.numbering import ARTICLE, OPERATIVE, PREAMBLE, Number, number
from crdt.paragraphs import Run
from server.papers.source import Block, Note, NoteCode, cut, stripped

HEADING_LENGTH = 160  # characters; what is longer is a sentence
CAPTION = re.compile(
    r"\W{0,2}(?:(?:Annex|ANNEX|Appendix|APPENDIX|Chapter|CHAPTER|Part|PART|Section|SECTION)\s+(?:[IVXLC]+|\d{1,3}|[A-Z])"
    r"|(?:Приложение|ПРИЛОЖЕНИЕ|Глава|ГЛАВА|Раздел|РАЗДЕЛ|Часть|ЧАСТЬ)\s+(?:[IVXLC]+|\d{1,3}|[А-Я]))"
    r"(?=\s*$|\s*[:.–—-]|\]|\s+[\[(A-ZА-Я])"
)
TABLE = re.compile(r"\W{0,2}(?:Table|TABLE|Таблица)\s+\d{1,3}(?=\s*$|\s*[:.–—-]|\]|\s+[\[(A-ZА-Я])")
BULLET = re.compile(r"([-–—•*·▪◦])\s+")
BOX = re.compile(r"\[([ xX])\](?=\s)")
ROMAN = re.compile(r"[ivxl]+")
PREAMBULAR = re.compile(
    r"\W*(?:[A-Z][a-z]+ing\b|(?:Also|Further|Deeply|Fully|Strongly|Gravely)\s+[a-z]+|(?:Mindful|Aware|Convinced|Concerned"
    r"|Determined|Guided|Inspired|Conscious|Alarmed|Encouraged|Cognizant|Desirous)\b)"
)
PREAMBULAR_END = re.compile(r",(?:\s+and)?\]*(?:\s*\([^()]*\))?$")


class Labeller:
    """Goes through the blocks of one text; what a letter or a roman number means depends on the items before it."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.notes: list[Note] = []
        self.remarks: dict[str, tuple[int, int, int]] = {}  # by id: of which draft, from where to where
        self._unplaced: list[str] = []  # ids of those about paragraphs without words
        self._labels = 0  # numbers that became labels
        self._letter = ""  # the latest letter of the outer list of items that we are in
        self._inner = False  # are we in an inner list?

    def take(self, blocks: Iterable[Block]) -> "Labeller":
        for block in blocks:
            if block.exact:
                self._add(block, block.remarks)
            else:
                self._take(replace(block, runs=stripped(block.runs)))
        if self._labels:
            told = f"Paragraphs whose number became their label: {self._labels}."
            self.notes.insert(0, Note(NoteCode.LABELS, None, told))
        return self

    def _take(self, block: Block) -> None:
        if not block.text:
            self._unplaced += [id_ for id_, _, _ in block.remarks]
            return
        said, before = block.remarks, len(block.text)
        block = _unboxed(_unbulleted(block))
        found = number(block.text) if block.label is None else None
        if found and found.end < len(block.text):
            self._labels += 1
            block = self._numbered(replace(block, runs=cut(block.runs, found.end), label=found.label), found)
        elif block.kind == "body" and block.label is None:
            block = _told_by_its_words(block)
        elif block.kind == "body":
            block = self._told_by_its_label(block)
        if block.kind != "item":
            self._letter, self._inner = "", False
        gone = before - len(block.text)
        self._add(block, [(id_, max(0, start - gone), max(0, end - gone)) for id_, start, end in said])

    def _add(self, block: Block, remarks: Iterable[tuple[str, int, int]]) -> None:
        """`remarks`: of one that stands in several paragraphs the first counts; those about paragraphs without words
        stand at the next."""
        for place in (*((id_, 0, 0) for id_ in self._unplaced), *remarks):
            self.remarks.setdefault(place[0], (len(self.drafts), *place[1:]))
        self._unplaced = []
        self.notes += [Note(code, len(self.drafts), detail) for code, detail in block.notes]
        self.drafts.append(Draft(block.runs, block.kind, block.level, block.label))

    def _told_by_its_label(self, block: Block) -> Block:
        """What a number that the format itself has counted says of its paragraph."""
        found = number(f"{block.label} ")
        if found is None or found.label != block.label:
            return replace(block, kind="operative" if block.level == 1 else "item", level=max(1, block.level - 1))
        return self._numbered(block, found)

    def _numbered(self, block: Block, found: Number) -> Block:
        short = len(block.text) <= HEADING_LENGTH and block.text.rstrip("]")[-1:] not in (".", ";", ":", ",")
        if block.kind == "heading":
            return block
        if found.sort in (PREAMBLE, OPERATIVE):
            return replace(block, kind=found.sort, level=1)
        if found.sort == ARTICLE:
            return replace(block, kind="heading" if short else "operative", level=2 if short else 1)
        mark = found.label.strip("().")
        if mark.isupper():
            level = 1 if found.label[0] in "IVX" and not self._follows_letter(mark) else 2
            return replace(block, kind="heading", level=level) if short else replace(block, kind="operative", level=1)
        if mark[0].isdigit() and found.label[0] != "(":
            level = mark.count(".") + 1
            return replace(block, kind="heading" if short and level > 1 else "operative", level=level)
        return replace(block, kind="item", level=self._item_level(mark))

    def _follows_letter(self, mark: str) -> bool:
        """Is `I.` the letter after `H.`?"""
        before = next((draft.label for draft in reversed(self.drafts[-200:]) if draft.kind == "heading"), None)
        return len(mark) == 1 and before == f"{chr(ord(mark) - 1)}."

    def _item_level(self, mark: str) -> int:
        """`(i)` begins an inner list, unless it follows `(h)` or no list of letters is open."""
        follows = len(mark) == 1 and self._letter != "" and ord(mark) == ord(self._letter) + 1
        if ROMAN.fullmatch(mark) and not follows:
            self._inner = self._inner or self._letter != ""
            return 2 if self._inner else 1
        self._letter, self._inner = mark[-1] if mark.isalpha() else "", False
        return 1


def _unbulleted(block: Block) -> Block:
    match = BULLET.match(block.text) if block.label is None and block.kind == "body" else None
    if match is None or match.end() == len(block.text):
        return block
    return replace(block, runs=cut(block.runs, match.end()), kind="item", label=match[1])


def _unboxed(block: Block) -> Block:
    """A check box is no bracket: it becomes a character of its own."""
    match = BOX.match(block.text) if block.kind == "item" else None
    if match is None:
        return block
    box = "☐" if match[1] == " " else "☑"
    note = (NoteCode.CHECK_BOX, f"The check box {match[0]} became {box}.")
    return replace(block, runs=(Run(box + " "), *cut(block.runs, match.end())), notes=(*block.notes, note))


def _told_by_its_words(block: Block) -> Block:
    """Headings and preambular paragraphs that bear no number."""
    text = block.text
    stops = text.rstrip("]")[-1:] in (".", ";", ":", ",")
    if len(text) <= HEADING_LENGTH and not stops:
        if CAPTION.match(text) or (text.isupper() and " " in text):
            return replace(block, kind="heading", level=1)
        if TABLE.match(text):
            return replace(block, kind="heading", level=2)
    if PREAMBULAR.match(text) and PREAMBULAR_END.search(text[-80:]):
        return replace(block, kind="preamble")
    return block
