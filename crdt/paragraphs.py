"""The paragraphs that people read: kind, level, label, marked text and digest (T1, T2, T3)."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, NamedTuple

from crdt.errors import Diverged
from crdt.items import Item
from crdt.sequence import Sequence, head_of
from crdt.update import Plain

KINDS: Final = frozenset({"title", "heading", "preamble", "operative", "item", "body"})
MARKS: Final = frozenset({"strong", "em", "underline", "strike"})
KIND: Final = "body"  # the defaults, which need not be written
LEVEL: Final = 1


@dataclass(frozen=True, slots=True)
class Run:
    """Text under the same marks, which are sorted."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    id: str  # of its newline, "<client>-<clock>"
    index: int  # from 0
    kind: str
    level: int
    label: str | None  # None: numbered by kind
    text: str  # without its newline
    runs: tuple[Run, ...]  # neighbours differ in their marks
    digest: str


def digest(kind: str, level: int, label: str | None, runs: Iterable[Run]) -> str:
    """Two paragraphs read alike if and only if their digests are equal (T3).

    SHA-256, hex, of UTF-8 JSON without spaces, keys sorted:
    {"kind":"body","label":null,"level":1,"runs":[{"marks":["em"],"text":"shall"}]}
    """
    return digest_of_merged(kind, level, label, merged((run.text, run.marks) for run in runs))


def digest_of_merged(kind: str, level: int, label: str | None, runs: Iterable[Run]) -> str:
    """The same of runs that `merged` gave."""
    plain = [{"marks": run.marks, "text": run.text} for run in runs]
    return sha256(_canonical({"kind": kind, "label": label, "level": level, "runs": plain}).encode()).hexdigest()


def digest_of_text(paragraphs: Iterable[Paragraph]) -> str:
    """Texts read alike if and only if their digests are equal: SHA-256, hex, of their paragraphs' digests in a row."""
    return sha256("".join(paragraph.digest for paragraph in paragraphs).encode()).hexdigest()


_canonical: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def merged(pieces: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Run, ...]:
    """Runs out of pieces: marks sorted, empty ones gone, neighbours with the same marks joined."""
    runs: list[tuple[list[str], tuple[str, ...]]] = []
    for text, marks in pieces:
        if not text:
            continue
        ordered = tuple(sorted(marks)) if len(marks) > 1 else marks
        if runs and runs[-1][1] == ordered:
            runs[-1][0].append(text)
        else:
            runs.append(([text], ordered))
    return tuple(Run("".join(texts), marks) for texts, marks in runs)


def attributes(value: Plain) -> tuple[str, int, str | None]:
    """Kind, level and label out of a map entry; what is not as T1 says reads as its default."""
    if not isinstance(value, dict):
        return KIND, LEVEL, None
    kind, level, label = value.get("kind"), value.get("level"), value.get("label")
    if not isinstance(kind, str) or kind not in KINDS:
        kind = KIND
    if isinstance(level, float) and level.is_integer():  # pycrdt writes every number so
        level = int(level)
    if not isinstance(level, int) or isinstance(level, bool) or level < 1:
        level = LEVEL
    return kind, level, label if isinstance(label, str) else None


class _Read(NamedTuple):
    """A paragraph as it was read."""

    marks: tuple[str, ...]  # that were on where it begins
    paragraph: Paragraph
    marks_behind: tuple[str, ...]  # that are on where it ends: a mark holds until it is changed
    next: Item | None  # the head of the next one


class Reading:
    """The paragraphs of a text, read again only where it was touched."""

    def __init__(self, text: Sequence, value: Callable[[str], Plain]) -> None:
        self._begun = False  # until anything was read, nothing need be known of what changes
        self._touched: dict[Item, None] = {}  # items of the text that came, grew or died since
        self._keys: dict[str, None] = {}  # entries that changed since
        self._text = text
        self._value = value  # the living map entry under a paragraph's id
        self._reads: dict[Item, _Read] = {}  # by head
        self._heads: dict[str, Item] = {}
        self._paragraphs: tuple[Paragraph, ...] | None = None

    def touch(self, item: Item) -> None:
        """An item of the text came, grew or died."""
        if self._begun:
            self._touched[item] = None

    def change(self, key: str) -> None:
        """The entry under a paragraph's id changed."""
        if self._begun:
            self._keys[key] = None

    def paragraphs(self) -> tuple[Paragraph, ...]:
        self._begun = True
        if self._paragraphs is None or self._touched or self._keys:
            heads = self._changed()
            mended = self._mend(heads)
            if mended is None:
                for head in heads:
                    self._drop(head)
                mended = tuple(self._read_all())
            self._paragraphs = mended
        return self._paragraphs

    def paragraph(self, name: str) -> Paragraph | None:
        """The one with this id."""
        self.paragraphs()
        head = self._heads.get(name)
        return None if head is None else self._reads[head].paragraph

    def withdraw(self, item: Item) -> None:
        """An item is about to be taken out of the text as if it had never come."""
        self._touched.pop(item, None)
        self._drop(item)
        self._paragraphs = None
        neighbour = item.left or item.right
        if neighbour is not None:
            self.touch(neighbour)

    def _changed(self) -> set[Item | None]:
        """The heads, dead ones too, of the paragraphs that a change fell into since they were read."""
        found: set[Item | None] = {self._heads[key] for key in self._keys.keys() & self._heads.keys()}
        for item in self._touched if self._reads else ():
            found.add(head_of(item))
            if item.text[:1] == "\n":  # it came into, or died out of, the paragraph before
                found |= {item, head_of(item.left)}
        self._touched.clear()
        self._keys.clear()
        return found

    def _mend(self, heads: set[Item | None]) -> tuple[Paragraph, ...] | None:
        """The paragraphs with these read again; None if any came or went, or a mark reaches further or less far."""
        paragraphs = list(self._paragraphs or ())
        if not paragraphs:
            return None
        for head in heads:
            old = None if head is None else self._reads.get(head)
            if head is None or old is None or not head.head:
                return None
            new = self._read(head, old.marks, old.paragraph.index)
            if new.next is not old.next or new.marks_behind != old.marks_behind:
                return None
            paragraphs[new.paragraph.index] = new.paragraph
        return tuple(paragraphs)

    def _drop(self, head: Item | None) -> None:
        read = None if head is None else self._reads.pop(head, None)
        if read is not None:
            del self._heads[read.paragraph.id]

    def _read_all(self) -> Iterator[Paragraph]:
        index = 0
        head, marks = self._first()
        while head is not None:
            read = self._reads.get(head)
            if read is None or read.marks != marks:
                read = self._read(head, marks, index)
            elif read.paragraph.index != index:
                read = self._reads[head] = read._replace(paragraph=replace(read.paragraph, index=index))
            yield read.paragraph
            head, marks = read.next, read.marks_behind
            index += 1

    def _first(self) -> tuple[Item | None, tuple[str, ...]]:
        """The first head, and the marks that were set before it."""
        marks: tuple[str, ...] = ()
        for item in self._text:
            if item.head:
                return item, marks
            if item.alive and item.text:
                raise Diverged("the text does not begin with a newline")  # T1, which the gate keeps
            if item.alive:
                marks = _marked(marks, item.value)
        return None, marks

    def _read(self, head: Item, marks: tuple[str, ...], index: int) -> _Read:
        before = marks
        pieces: list[tuple[str, tuple[str, ...]]] = []
        texts = [head.text[1:]]
        item = head.right
        while item is not None and not item.head:
            if item.alive and item.text:
                texts.append(item.text)
            elif item.alive:
                pieces.append(("".join(texts), marks))
                texts.clear()
                marks = _marked(marks, item.value)
            item = item.right
        pieces.append(("".join(texts), marks))
        runs = merged(pieces)
        name = head.id
        kind, level, label = attributes(self._value(name))
        text = "".join(run.text for run in runs)
        paragraph = Paragraph(name, index, kind, level, label, text, runs, digest_of_merged(kind, level, label, runs))
        self._heads[name] = head
        self._reads[head] = read = _Read(before, paragraph, marks, item)
        return read


def _marked(marks: tuple[str, ...], value: Plain) -> tuple[str, ...]:
    """The marks that are on behind a formatting mark [name, value]."""
    match value:
        case [str(name), on] if name in MARKS and (on is True) != (name in marks):
            return tuple(sorted({*marks} ^ {name}))
    return marks
