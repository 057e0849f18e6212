"""Markdown to blocks. Only what a negotiating text can keep is understood; the rest stays as it is written.

Brackets are the matter of these texts, so links are not left to Markdown, and `[KAZ]: text` defines nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from crdt.paragraphs import Run
from server.errors import Code, Problem
from server.papers.source import Block, Note, NoteCode

INLINE = ("newline", "escape", "emphasis", "strikethrough", "balance_pairs", "fragments_join")
TEXT_RULES = ("heading", "lheading", *INLINE)
FILE_RULES = (*TEXT_RULES, "list", "blockquote", "fence", "hr", "table", "backticks")
MARK_OF = {"strong": "strong", "em": "em", "s": "strike"}
MAX_LINES = 50_000
DEEPEST = 60  # levels of the parser: lists within lists take three each
# Blanks to be filled in, and rows of asterisks: as emphasis they would swallow each other.
BLANKS = re.compile(r"(?<![^\W_])_{2,}(?![^\W_])|_{3,}|(?<![\w*])\*{3,}(?![\w*])")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--")


def plain_blocks(text: str) -> list[Block]:
    """Paragraphs parted by blank lines, with headings and emphasis alone."""
    return _parsed(text, TEXT_RULES).blocks


def blocks(text: str) -> tuple[list[Block], tuple[Note, ...]]:
    """A Markdown file. Where the parser would lose something, it is read again as paragraphs alone."""
    read = _parsed(text, FILE_RULES)
    if read.letters >= _letters(text):
        return read.blocks, ()
    told = (
        "Some of the mark-up was not understood (lists too deep in each other, rows of a table longer than its head): "
        "the text was read as plain paragraphs."
    )
    return plain_blocks(text), (Note(NoteCode.MARKUP, None, told),)


@dataclass(slots=True)
class _Reader:
    """Goes through the parser's tokens; `letters` counts what it has seen of the source."""

    blocks: list[Block] = field(default_factory=list)
    letters: int = 0
    _lists: list["_List"] = field(default_factory=list)
    _label: str | None = None  # of the item that has begun
    _heading: int = 0
    _cells: list[Run] | None = None  # of the table row that we are in

    def token(self, token: Token) -> None:
        self.letters += _letters(token.content) + (_letters(token.info) if token.type == "fence" else 0)
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1])
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append(_List(token.type == "ordered_list_open"))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._label = self._lists[-1].next_label(token)
            case "list_item_close":
                self._label = None
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._row()
            case "inline":
                self._inline(_runs(token.children or []))
            case "fence":
                self._fence(token)
            case "hr":
                self._add(
                    Block((Run("***"),), notes=((NoteCode.RULE, "A line across the page became three asterisks."),))
                )

    def _inline(self, runs: list[Run]) -> None:
        if self._cells is not None:
            self._cells += [Run(" | "), *runs] if self._cells else runs
        elif self._heading:
            self._add(Block(tuple(runs), "heading", self._heading))
            self._heading = 0
        elif self._label is None:
            self._add(Block(tuple(runs)))
        else:
            depth, ordered = len(self._lists), self._lists[-1].ordered
            kind, level = (
                ("operative", 1) if ordered and depth == 1 else ("item", max(1, depth - self._lists[0].ordered))
            )
            self._add(Block(tuple(runs), kind, level, self._label))
            self._label = None

    def _row(self) -> None:
        if self._cells:
            self._add(Block(tuple(self._cells), notes=((NoteCode.TABLE, "A row of a table became a paragraph."),)))
        self._cells = None

    def _fence(self, token: Token) -> None:
        for line in (token.info, *token.content.split("\n")):
            self._add(Block((Run(line),), notes=((NoteCode.CODE, "Preformatted text became paragraphs."),)))

    def _add(self, block: Block) -> None:
        if TAG.search(block.text):
            block = Block(block.runs, block.kind, block.level, block.label, (*block.notes, _HTML))
        self.blocks.append(block)


_HTML = (NoteCode.HTML, "HTML stands in the text as it was written.")


@dataclass(slots=True)
class _List:
    ordered: bool
    _first: str = ""
    _count: int = 0

    def next_label(self, item: Token) -> str:
        """Numbers as they are written; the same number all the way is Markdown's way to say: count."""
        if not self.ordered:
            return "•"
        self._first = self._first or item.info
        self._count += 1
        counted = item.info == self._first and self._first.isdigit()
        return f"{int(self._first) + self._count - 1 if counted else item.info}{item.markup}"


def _parsed(text: str, rules: Sequence[str]) -> _Reader:
    if text.count("\n") > MAX_LINES:
        raise Problem(Code.TOO_LARGE, f"The text has more than {MAX_LINES:,} lines; make several documents of it.")
    parser = MarkdownIt("zero", {"maxNesting": DEEPEST}).enable(list(rules))
    reader = _Reader()
    for token in parser.parse(BLANKS.sub(lambda blank: re.sub(r"(.)", r"\\\1", blank[0]), text)):
        reader.token(token)
    return reader


def _runs(children: Sequence[Token]) -> list[Run]:
    runs: list[Run] = []
    marks: list[str] = []
    for child in children:
        if child.type.endswith("_open"):
            marks.append(MARK_OF[child.tag])
        elif child.type.endswith("_close"):
            marks.remove(MARK_OF[child.tag])
        else:
            text = " " if child.type in ("softbreak", "hardbreak") else child.content
            runs.append(Run(text, tuple(sorted(set(marks)))))
    return runs


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
