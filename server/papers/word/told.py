"""What is lost or changed on the way in, counted until it is told in one sentence of each kind."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from server.papers.source import Note, NoteCode

SHOWN: Final = 120  # characters of what was left out
KEPT: Final = 4  # of such words that a sentence shows

SENTENCES: Final = (
    ("headers", NoteCode.HEADERS, "Headers and footers were left out: {words}."),
    ("contents", NoteCode.CONTENTS, "Tables of contents and indexes were left out: {count}."),
    ("pictures", NoteCode.PICTURE, "Pictures, drawings and charts were left out: {count}."),
    ("objects", NoteCode.PICTURE, "Embedded objects were left out: {count}."),
    ("boxes", NoteCode.TEXT_BOX, "Text boxes whose words became paragraphs behind the one where they stood: {count}."),
    ("equations", NoteCode.EQUATION, "Equations written in a line: {count}. Check each."),
    ("hidden", NoteCode.HIDDEN, "Hidden text was left out: {words}."),
    ("breaks", NoteCode.LINE_BREAK, "Line breaks within paragraphs became spaces: {count}."),
    ("links", NoteCode.LINK, "Links written out, the address behind the words: {count}."),
    ("raised", NoteCode.FORMATTING, "Raised or lowered letters that became ordinary ones: {words}. Check each."),
    ("capitals", NoteCode.FORMATTING, "Words shown in capitals by their format read as they were typed: {words}."),
    ("highlights", NoteCode.FORMATTING, "Words lost their highlighting: {words}."),
    ("signs", NoteCode.CHARACTERS_LOST, "Signs of special fonts that show as \ufffd now: {count}."),
    ("lost", NoteCode.CHARACTERS_LOST, "Control characters were taken out: {count}."),
    ("numbers", NoteCode.NUMBERING, "Numbers in a form that is not known here were written as 1, 2, 3: {count}."),
    ("chunks", NoteCode.LEFT_OUT, "Other documents that are part of this one were left out: {count}."),
    (
        "halves",
        NoteCode.TRACKED,
        "Tracked changes with one half of a pair of brackets stand without brackets: {count}.",
    ),
    ("joins", NoteCode.TRACKED, "Joined or parted paragraphs, which brackets cannot show, stayed parted: {count}."),
    ("formats", NoteCode.TRACKED, "Tracked changes of format alone were taken as {tracked}: {count}."),
    ("notes", NoteCode.FOOTNOTES, "Footnotes: {count}. Their marks read [^1], [^2] …, their words stand at the end."),
    ("empty", NoteCode.COMMENTS, "Comments without words were left out: {count}."),
    ("loose", NoteCode.COMMENTS, "Comments that are about no place stand at the first paragraph: {count}."),
    ("whole", NoteCode.COMMENTS, "Long comments stand as several: {count}."),
)


class Told:
    """Counts by the first word of `SENTENCES`, and keeps some of the words that it is about."""

    def __init__(self, tracked: str) -> None:
        self._tracked = {"reject": "rejected"}.get(tracked, "accepted")
        self._counts: Counter[str] = Counter()
        self._words: dict[str, list[str]] = {}

    def count(self, what: str, words: str = "") -> None:
        self._counts[what] += 1
        words = " ".join(words.split())
        known = self._words.setdefault(what, [])
        if words and len(known) < KEPT and words not in known:
            known.append(words[:SHOWN])

    def notes(self) -> Iterator[Note]:
        for what, code, sentence in SENTENCES:
            count = self._counts[what]
            if count:
                shown = "; ".join(f"“{each}”" for each in self._words.get(what, ()))
                words = shown + (" …" if count > KEPT else "")
                yield Note(code, None, sentence.format(count=count, words=words or count, tracked=self._tracked))
