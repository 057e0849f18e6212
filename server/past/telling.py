"""What a book is asked, told as JSON in the shapes that `server/api` declares."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from crdt.brackets import Register
from crdt.brackets.live import Live, open_by_paragraph
from crdt.chronicle import Past
from crdt.paragraphs import Paragraph
from crdt.redline import Compared, Op, Piece
from server.past.book import MINUTE, Book

By = dict[str, Any]
People = Mapping[str, By]
"""By participant: `{id, name, delegation}`, as everybody is told."""

TICKS = 200
"""How many points at most tell how time went by."""

SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "lock": ("paragraph", "status"),
    "unlock": ("paragraph", "reason"),
    "freeze": ("frozen", "reason"),
    "resolution": ("bracket", "outcome"),
    "snapshot": ("id", "label"),
    "restore": ("restored",),
}
"""By kind of entry, what of its payload a timeline tells."""


def diff(book: Book, people: People, old: int, new: int) -> bytes:
    """`RedlineShape`."""
    teller = _Differences(book, people)
    return _json({"from": old, "to": new, "paragraphs": [teller.paragraph(each) for each in book.compare(old, new)]})


def attribution(book: Book, people: People, seq: int, last: tuple[str, str] | None, paragraph: str | None) -> bytes:
    """`AttributionShape`. `last`: whose entry `seq` is, and when it was made; `paragraph`: the only one to tell of."""
    pasts = [past for past in book.at(seq) if paragraph in (None, past.id)]
    runs = [list(_runs(book, past, people)) for past in pasts]
    found = [
        {"id": past.id, "kind": past.kind, "level": past.level, "label": past.label, "runs": theirs}
        for past, theirs in zip(pasts, runs, strict=True)
    ]
    authors = dict.fromkeys(run["participant"] for each in runs for run in each)
    return _json(
        {
            "seq": seq,
            "by": people[last[0]] if last else None,
            "at": last[1] if last else None,
            "participants": [people[author] for author in authors],
            "paragraphs": found,
        }
    )


def timeline(book: Book, people: People, until: int) -> bytes:
    """`TimelineShape`."""
    seqs = [seq for seq in book.chronicle.made if seq <= until]
    spread = sorted({*seqs[:: max(1, len(seqs) // TICKS)], *seqs[-1:]})
    moments = [
        {
            "seq": line.seq,
            "kind": line.kind,
            "by": people[line.participant],
            "at": line.at,
            **{name: line.said[name] for name in SAID[line.kind] if name in line.said},
        }
        for line in book.moments
        if line.seq <= until
    ]
    ticks = [{"seq": seq, "at": book.chronicle.made[seq].at} for seq in spread]
    return _json({"seq": until, "ticks": ticks, "moments": moments})


def paragraphs(
    book: Book, people: People, seq: int, parties: Sequence[tuple[str, str]], threads: Mapping[str, int]
) -> bytes:
    """`ParagraphsShape`. `parties`: by whose names brackets are read; `threads`: how many the reader sees at each."""
    locks = _locks(book, people, seq)
    found = tuple(
        Paragraph(past.id, index, past.kind, past.level, past.label, past.text, past.runs, past.digest)
        for index, past in enumerate(book.at(seq))
    )
    reading, _ = Live(Register.of(tuple(parties))).read(found, frozenset(locks))
    brackets = open_by_paragraph(reading)
    told = [
        {
            "id": each.id,
            "index": each.index,
            "kind": each.kind,
            "level": each.level,
            "label": each.label,
            "text": each.text,
            "runs": [{"text": run.text, "marks": run.marks} for run in each.runs],
            "digest": each.digest,
            "lock": locks.get(each.id),
            "open_brackets": brackets.get(each.index, 0),
            "threads": threads.get(each.id, 0),
        }
        for each in found
    ]
    return _json({"seq": seq, "paragraphs": told})


class _Differences:
    def __init__(self, book: Book, people: People) -> None:
        self._made = book.chronicle.made
        self._people = people

    def paragraph(self, each: Compared) -> dict[str, Any]:
        told = {
            "id": each.id,
            "status": each.status,
            "kind": each.kind,
            "level": each.level,
            "label": each.label,
            "spans": [self._span(piece) for piece in each.pieces],
        }
        if each.was is not None:
            told["was"] = dict(zip(("kind", "level", "label"), each.was, strict=True))
        if each.kin is not None:
            told["kin"] = each.kin
        if each.made is not None:
            told["by"], told["at"] = self._by(each.made), self._made[each.made].at
        return told

    def _span(self, piece: Piece) -> dict[str, Any]:
        told: dict[str, Any] = {"op": piece.op, "text": piece.text, "marks": piece.marks}
        if piece.was is not None:
            told["was"] = piece.was
        if piece.op is Op.STAYS or piece.made is None:
            return told
        through = self._by(piece.made)
        told["by"] = through if piece.first is None else self._by(piece.first)
        told["at"] = self._made[piece.made].at
        if told["by"] != through:
            told["through"] = through
        if piece.moved is not None:
            told["moved"] = piece.moved
        return told

    def _by(self, seq: int) -> By:
        return self._people[self._made[seq].participant]


def _runs(book: Book, past: Past, people: People) -> Iterator[dict[str, Any]]:
    """What one participant wrote within a minute, under the same marks."""
    texts: list[str] = []
    look, run = None, None
    for part in past.parts:
        made = book.chronicle.made[part.row.first]
        this = (made.participant, made.at[:MINUTE], part.marks)
        if this != look:
            if run is not None:
                yield {"text": "".join(texts), **run}
            delegation = people[made.participant]["delegation"]
            run = {"marks": part.marks, "delegation": delegation, "participant": made.participant, "at": made.at}
            look, texts = this, []
        texts.append(part.text)
    if run is not None:
        yield {"text": "".join(texts), **run}


def _locks(book: Book, people: People, until: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for line in book.moments:
        if line.seq > until:
            break
        if line.kind == "lock":
            by = people[line.participant]
            found[line.said["paragraph"]] = {"status": line.said["status"], "by": by, "at": line.at}
        elif line.kind == "unlock":
            found.pop(line.said["paragraph"], None)
    return found


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
