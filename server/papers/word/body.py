"""The body: paragraphs, lists, tables and what else stands beside each other, as blocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from crdt.paragraphs import Run, merged
from server.papers.out.docx.styles import kind_of as kind_of_ours
from server.papers.source import CONTROLS, Block, NoteCode, stripped
from server.papers.word.changes import Change, Mode, Piece, bracketed, kept
from server.papers.word.inline import CAME, WENT, Story, pieces
from server.papers.word.names import Element, attribute, child, children, name_of, value
from server.papers.word.numbering import LONGEST, Label, Numbering
from server.papers.word.styles import OURS, PLAIN, Style, kind_of, numbered_in

ROW: Final = (NoteCode.TABLE, "A row of a table became a paragraph.")
CELLS: Final = (NoteCode.TABLE, "Each paragraph in a row of a table became one of its own.")
CONTENTS: Final = ("table of contents", "bibliographies")
BETWEEN: Final = " | "
HELD: Final = ("w:customXml", "w:sdtContent", *CAME, *WENT)


class Body:
    """Goes through what stands in a body, a cell, a note or a text box."""

    def __init__(self, story: Story, numbering: Numbering) -> None:
        self.blocks: list[Block] = []
        self._story = story
        self._numbering = numbering
        self._before: list[Piece] = []  # of paragraphs that were joined to the one that comes

    def take(self, element: Element, changes: tuple[Change, ...] = ()) -> None:
        name = name_of(element)
        if name == "w:p":
            self._paragraph(element, changes)
        elif name == "w:tbl":
            self._table(element, changes)
        elif name == "w:sdt":
            self._control(element, changes)
        elif name in HELD:
            for each in element:
                self.take(each, changes)
        elif name == "w:commentRangeStart":
            self._story.open[attribute(element, "w:id") or ""] = None
        elif name == "w:commentRangeEnd":
            self._story.open.pop(attribute(element, "w:id") or "", None)
        elif name == "w:altChunk":
            self._story.told.count("chunks")

    def end(self) -> list[Block]:
        """All of them; what was joined to a paragraph that never came is one."""
        if self._before:
            self.blocks.append(_block(self._before, PLAIN))
            self._before = []
        return self.blocks

    def within(self, elements: Iterable[Element], changes: tuple[Change, ...] = ()) -> list[Block]:
        """Those that stand inside of something, numbered on with the rest."""
        inner = Body(self._story, self._numbering)
        for element in elements:
            inner.take(element, changes)
        return inner.end()

    def _paragraph(self, element: Element, changes: tuple[Change, ...]) -> None:
        story = self._story
        properties = child(element, "w:pPr")
        mark = _mark_change(properties, story)
        former = child(properties, "w:pPrChange")
        if former is not None:
            story.told.count("formats")
            properties = child(former, "w:pPr") if story.mode is Mode.REJECT else properties
        id_ = value(child(properties, "w:pStyle"))
        style = story.styles.of_paragraph(id_)
        kind = kind_of("", properties)
        if kind is not None and not style.name.lower().startswith("heading"):
            style = replace(style, kind=kind[0], level=kind[1])
        ours = kind_of_ours(style.name) if story.styles.ours else None
        found = pieces(story, element, {} if ours or style.kind in ("title", "heading") else style.marks)
        if changes:
            found = [piece if piece.changes else replace(piece, changes=changes) for piece in found]
        if story.mode is Mode.BRACKETS:
            found = bracketed(found, story.told)
        found = [*self._before, *found]
        if mark is not None and not kept(story.mode, (mark,)):
            self._before = found
        else:
            self._before = []
            label = self._label(style, properties, id_)
            self.blocks.append(
                _numbered(_block(found, style), label, story) if ours is None else _ours(found, ours, label)
            )
        boxes, story.boxes = story.boxes, []
        for box in boxes:
            self.blocks += self.within(box)

    def _label(self, style: Style, properties: Element | None, id_: str | None) -> Label | None:
        numbered = numbered_in(properties)
        if numbered is not None and style.numbered is not None:
            level = style.numbered.level if numbered.level is None else numbered.level
            numbered = replace(numbered, list=numbered.list or style.numbered.list, level=level)
        numbered = numbered or style.numbered
        label = None if numbered is None else self._numbering.label(numbered, id_)
        return None if label is None else replace(label, text=CONTROLS.sub("", label.text))

    def _control(self, element: Element, changes: tuple[Change, ...]) -> None:
        gallery = value(child(child(child(element, "w:sdtPr"), "w:docPartObj"), "w:docPartGallery"))
        if gallery is not None and gallery.lower() in CONTENTS:
            self._story.told.count("contents")
            return
        for content in children(element, "w:sdtContent"):
            self.take(content, changes)

    def _table(self, table: Element, changes: tuple[Change, ...]) -> None:
        for row in _rows(table):
            own = _mark_change(child(row, "w:trPr"), self._story, row=True)
            now = changes if own is None else (*changes, own)
            if kept(self._story.mode, now):
                now = now if self._story.mode is Mode.BRACKETS else ()
                self.blocks += _row([self.within(cell, now) for cell in _cells(row)])


def _row(cells: Sequence[Sequence[Block]]) -> list[Block]:
    full = [[block for block in cell if block.text] for cell in cells]
    blocks = [block for cell in full for block in cell]
    if len(cells) == 1 or len(blocks) <= 1:
        return blocks  # a frame round a text, which says nothing by itself
    if any(len(cell) > 1 for cell in full):
        return [replace(block, notes=(*block.notes, CELLS)) for block in blocks]
    return [_joined(full)]


def _joined(cells: Sequence[Sequence[Block]]) -> Block:
    runs: list[Run] = []
    remarks: list[tuple[str, int, int]] = []
    at = 0
    for index, cell in enumerate(cells):
        for run in (Run(BETWEEN),) if index else ():
            runs.append(run)
            at += len(BETWEEN)
        for block in cell:
            if block.label is not None:
                runs.append(Run(f"{block.label} "))
                at += len(block.label) + 1
            remarks += [(id_, at + start, at + end) for id_, start, end in block.remarks]
            runs += block.runs
            at += len(block.text)
    before = at - len("".join(run.text for run in runs).lstrip())
    return Block(
        stripped(runs),
        notes=(ROW,),
        exact=True,
        remarks=tuple((id_, max(0, start - before), max(0, end - before)) for id_, start, end in remarks),
    )


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        name = name_of(each)
        if name == "w:tr":
            yield each
        elif name in ("w:sdt", *HELD):
            yield from _rows(each)


def _cells(row: Element) -> list[Element]:
    found: list[Element] = []
    for each in row:
        name = name_of(each)
        if name == "w:tc":
            found.append(each)
        elif name in ("w:sdt", *HELD):
            found += _cells(each)
    return found


def _mark_change(properties: Element | None, story: Story, *, row: bool = False) -> Change | None:
    """Whether the end of a paragraph, or a row of a table, came or went as a tracked change. A change within a change
    counts as the last one."""
    found = None
    within = properties if row else child(properties, "w:rPr")
    for each in () if within is None else within:
        name = name_of(each)
        if name in CAME or name in WENT:
            found = story.by(each, name in CAME)
            if story.mode is Mode.BRACKETS and not row and name in WENT:
                story.told.count("joins")
    return found


def _block(found: Sequence[Piece], style: Style) -> Block:
    """Without white space at the ends."""
    text = "".join(piece.text for piece in found)
    runs = stripped([Run(piece.text, piece.marks) for piece in found if piece.text])
    remarks = _remarks(found, len(text) - len(text.lstrip()), len(text.strip()))
    return Block(runs, style.kind or "body", style.level if style.kind == "heading" else 1, remarks=remarks)


def _numbered(block: Block, label: Label | None, story: Story) -> Block:
    """With the number that Word shows before it. What that makes of a plain paragraph is seen by the labeller."""
    if label is None:
        return block
    if not label.known:
        story.told.count("numbers")
    kind = "item" if label.bullet and block.kind == "body" else block.kind
    level = block.level if block.kind == "heading" else label.level + 1
    return replace(block, kind=kind, level=level, label=label.text)


def _ours(found: Sequence[Piece], kind: tuple[str, int], label: Label | None) -> Block:
    """A paragraph as this program writes them: its style says what it is, and a number that is counted by kind is no
    label. Where one always has a number and none is counted, it is one that Word cannot write, before the first tab."""
    text = "".join(piece.text for piece in found)
    name = None if label is None or label.automatic else label.text
    before, tab, _ = text.partition("\t")
    cut = 0
    if label is None and kind[0] in OURS and tab and "%" in before and len(before) <= LONGEST:
        name, cut = before, len(before) + 1
    runs = merged((run.text, run.marks) for run in _behind(found, cut))
    return Block(tuple(runs), kind[0], kind[1], name, remarks=_remarks(found, cut, len(text) - cut), exact=True)


def _behind(found: Iterable[Piece], cut: int) -> Iterator[Run]:
    """The text without its first `cut` characters."""
    for piece in found:
        text = piece.text[cut:]
        cut = max(0, cut - len(piece.text))
        if text:
            yield Run(text, piece.marks)


def _remarks(found: Sequence[Piece], before: int, size: int) -> tuple[tuple[str, int, int], ...]:
    """Where the comments are in a text of `size` that lacks the `before` characters which the pieces begin with."""
    places: dict[str, tuple[int, int]] = {}
    at = -before
    for piece in found:
        end = at + len(piece.text)
        for id_ in piece.remarks:
            places[id_] = (places[id_][0] if id_ in places else at, end)
        at = end
    return tuple((id_, min(max(start, 0), size), min(max(end, 0), size)) for id_, (start, end) in places.items())
