"""Text that the server writes: a whole document as one update."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crdt.anchors import Piece, ident
from crdt.index import PARAGRAPHS, TEXT
from crdt.paragraphs import KIND, LEVEL, Paragraph, Run, digest_of_merged, merged
from crdt.units import utf16_len
from crdt.update import ANY, FORMAT, STRING, Id, Plain, Struct, Update, encode


@dataclass(frozen=True, slots=True)
class Draft:
    """A paragraph to be written."""

    runs: tuple[Run, ...] = ()
    kind: str = KIND
    level: int = LEVEL
    label: str | None = None

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Composed:
    """What makes an empty document of drafts, and the paragraphs that it then has."""

    structs: tuple[Struct, ...]
    paragraphs: tuple[Paragraph, ...]

    def update(self) -> bytes:
        return encode(Update(self.structs, {}))


def compose(drafts: Iterable[Draft], client: int) -> bytes:
    """An update that makes an empty document of these paragraphs."""
    return composed(drafts, client).update()


def composed(drafts: Iterable[Draft], client: int) -> Composed:
    """A document of these paragraphs, every character under `client`, which is new to it.

    Attributes are written where they are not the default (T1); marks end before the next newline. ValueError when a
    text holds a newline.
    """
    pen = _Pen(client)
    for draft in drafts:
        pen.write(draft)
    return Composed(tuple(pen.structs), tuple(pen.paragraphs))


def pieces(paragraph: Paragraph) -> Iterator[Piece]:
    """The text of a paragraph where it was composed: a piece for each run, which stands between its marks."""
    client, clock = ident(paragraph.id)
    clock += 1
    for run in paragraph.runs:
        clock += len(run.marks)
        yield run.text, client, clock
        clock += utf16_len(run.text) + len(run.marks)


class _Pen:
    """Writes on behind what it wrote before."""

    def __init__(self, client: int) -> None:
        self.client = client
        self.clock = 0
        self.structs: list[Struct] = []
        self.paragraphs: list[Paragraph] = []
        self._origin: Id | None = None  # the last id of the text

    def write(self, draft: Draft) -> None:
        name = f"{self.client}-{self.clock}"
        runs = merged((run.text, run.marks) for run in draft.runs)
        if any("\n" in run.text for run in runs):
            raise ValueError("a newline inside a draft begins a paragraph of its own")
        plain = runs[0].text if runs and not runs[0].marks else ""
        self._text(STRING, "\n" + plain)
        for run in runs[1:] if plain else runs:
            for mark in run.marks:
                self._text(FORMAT, [mark, True])
            self._text(STRING, run.text)
            for mark in run.marks:
                self._text(FORMAT, [mark, None])
        entry = entry_of(draft)
        if entry:
            self._add(Struct(self.client, self.clock, 1, ANY, parent=PARAGRAPHS, key=name, value=[entry]))
        kind, level, label = draft.kind, draft.level, draft.label
        text = "".join(run.text for run in runs)
        same = digest_of_merged(kind, level, label, runs)
        self.paragraphs.append(Paragraph(name, len(self.paragraphs), kind, level, label, text, runs, same))

    def _text(self, kind: int, value: Plain) -> None:
        size = utf16_len(value) if isinstance(value, str) else 1
        parent = TEXT if self._origin is None else None
        self._add(Struct(self.client, self.clock, size, kind, origin=self._origin, parent=parent, value=value))
        self._origin = (self.client, self.clock - 1)

    def _add(self, struct: Struct) -> None:
        self.structs.append(struct)
        self.clock += struct.size


def entry_of(draft: Draft | Paragraph) -> dict[str, Plain]:
    """The map entry of a paragraph: what is not the default (T1)."""
    entry: dict[str, Plain] = {}
    if draft.kind != KIND:
        entry["kind"] = draft.kind
    if draft.level != LEVEL:
        entry["level"] = draft.level
    if draft.label is not None:
        entry["label"] = draft.label
    return entry
