"""From the store to a paper: a document at a point of its record, with what stands beside its text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crdt import anchors
from crdt.brackets import LintCode, Reading, Register, read
from crdt.index import TextIndex
from crdt.paragraphs import Paragraph, digest_of_text
from server.errors import Code, Problem, not_found
from server.history import Shelf, redline
from server.papers.out.changes import Marker
from server.papers.out.numbers import numbers
from server.papers.out.paper import Agreed, Hand, Line, Paper, Point, Remark, Shade, Span, Talk
from server.rooms.author import Author
from server.rooms.opening import document_at, open_document, threads_of
from server.rooms.standing import Lock
from server.rooms.threads import Thread, Threads
from server.store import documents, meetings, record, snapshots
from server.tables import Document, Meeting

HEAD = "head"
LONGEST_SEQ = 15  # digits; an id has 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. Points of the record: "head", the seq of an entry, or the id of a snapshot."""

    document: str
    at: str = HEAD
    against: str | None = None
    comments: bool = False
    clean: bool = False


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the rows beside the record say. `names` of the delegations by their codes."""

    row: Document
    meeting: Meeting
    names: Mapping[str, str]
    head: int
    point: Point
    against: Point | None
    threads: Threads


async def gather(shelf: Shelf, wanted: Wanted) -> Paper:
    """Raises Problem: no such document or point, or brackets are open in what is to be clean. Unavailable, Diverged."""
    store = shelf.store
    ground = await store.read(lambda connection: _ground(connection, wanted))
    if ground.point.seq == ground.head:
        opened = await open_document(store, wanted.document)
        document, standing = opened.document, opened.standing
    else:
        document, standing = await document_at(store, wanted.document, ground.point.seq)
    paragraphs = document.paragraphs()
    reading = read(paragraphs, Register.of(ground.names.items()))
    if wanted.clean:
        _refuse_open(paragraphs, reading)
    talks, lost = _talks(ground, document.index)
    lines = _lines(paragraphs, {} if wanted.clean else _shades(reading), ground, standing.locks, talks)
    if ground.against is not None:
        lines = await _compared(shelf, ground, ground.against, lines)
    return Paper(
        document=ground.row.id,
        title=ground.row.title,
        symbol=ground.row.symbol,
        meeting=ground.meeting.title,
        body=ground.meeting.body,
        point=ground.point,
        digest=digest_of_text(paragraphs),
        lines=lines,
        against=ground.against,
        clean=wanted.clean,
        lost=lost,
    )


def _ground(connection: Connection, wanted: Wanted) -> _Ground:
    row = documents.find(connection, wanted.document)
    meeting = None if row is None else meetings.find(connection, row.meeting)
    if row is None or meeting is None:
        raise not_found("document")
    head = record.head(connection, row.id).seq
    named = meetings.delegations(connection, [meeting.id])[meeting.id]
    return _Ground(
        row,
        meeting,
        {each.code: each.name for each in named},
        head,
        _point(connection, row, wanted.at, head),
        None if wanted.against is None else _point(connection, row, wanted.against, head),
        threads_of(connection, row.id) if wanted.comments else {},
    )


def _point(connection: Connection, row: Document, name: str, head: int) -> Point:
    seq = _seq(connection, row.id, name, head)
    if seq > head:
        raise not_found("entry of the record")
    entries = record.entries(connection, row.id, after=seq - 1, until=seq) if seq else []
    labels = [each.label for each in snapshots.every(connection, row.id) if each.seq == seq and each.label]
    return Point(seq, entries[0].at if entries else row.created_at, labels[-1] if labels else None)


def _seq(connection: Connection, document: str, name: str, head: int) -> int:
    if name == HEAD:
        return head
    if name.isdigit() and len(name) <= LONGEST_SEQ:
        return int(name)
    snapshot = snapshots.find(connection, name)
    if snapshot is None or snapshot.document != document:
        raise not_found("snapshot")
    return snapshot.seq


async def _compared(shelf: Shelf, ground: _Ground, against: Point, lines: Sequence[Line]) -> tuple[Line, ...]:
    document, old, new = ground.row.id, against.seq, ground.point.seq
    redline_ = await redline(shelf, document, old, new)
    book = await shelf.book(document, max(old, new))
    marker = Marker(book.at(old), lambda author, at: _hand(author, at, ground))
    return marker.marked(lines, redline_)


def _refuse_open(paragraphs: Sequence[Paragraph], reading: Reading) -> None:
    """Also where one has lost its `]`: it is open until it is closed or taken out (B5)."""
    places = {bracket.first for bracket in reading.brackets}
    places |= {lint.paragraph for lint in reading.lints if lint.code is LintCode.UNCLOSED}
    if places:
        raise Problem(
            Code.OPEN_BRACKETS,
            f"Brackets are open in {len(places)} paragraphs: resolve them, or ask for the bracketed text.",
            paragraphs=[paragraphs[place].id for place in sorted(places)],
        )


def _lines(
    paragraphs: Sequence[Paragraph],
    shades: Mapping[int, Sequence[Shade]],
    ground: _Ground,
    locks: Mapping[str, Lock],
    talks: Mapping[str, Sequence[Talk]],
) -> tuple[Line, ...]:
    named = numbers((each.kind, each.level, each.label) for each in paragraphs)
    return tuple(
        Line(
            id=each.id,
            kind=each.kind,
            level=each.level,
            label=each.label,
            number=number,
            spans=tuple(Span(run.text, run.marks) for run in each.runs),
            digest=each.digest,
            agreed=_agreed(locks.get(each.id), ground),
            shades=tuple(shades.get(each.index, ())),
            talks=tuple(talks.get(each.id, ())),
        )
        for each, number in zip(paragraphs, named, strict=True)
    )


def _agreed(lock: Lock | None, ground: _Ground) -> Agreed | None:
    return None if lock is None else Agreed(str(lock.status), _hand(lock.by, lock.at, ground))


def _hand(author: Author, at: str, ground: _Ground) -> Hand:
    party = None if author.delegation is None else ground.names.get(author.delegation)
    return Hand(author.name, author.delegation, at, party)


def _shades(reading: Reading) -> Mapping[int, list[Shade]]:
    """By paragraph; one that crosses several has a part in each."""
    found: dict[int, list[Shade]] = {}
    for bracket in reading.brackets:
        for place in range(bracket.first, bracket.last + 1):
            start = bracket.start if place == bracket.first else 0
            end = bracket.end if place == bracket.last else len(reading.texts[place])
            if start < end:
                found.setdefault(place, []).append(Shade(start, end, bracket.depth))
    return found


def _talks(ground: _Ground, index: TextIndex) -> tuple[Mapping[str, list[Talk]], tuple[Talk, ...]]:
    """Those that everybody may read, by paragraph; and those whose paragraphs are gone.

    What was said by the point of the record, as it is worded now; what was taken back since says nothing.
    """
    found: dict[str, list[Talk]] = {}
    lost: list[Talk] = []
    for thread in ground.threads.values():
        remarks = _remarks(thread, ground)
        if thread.readers is not None or max(thread.seq, thread.published) > ground.point.seq or not remarks:
            continue
        place = _place(thread, index)
        if place is None:
            lost.append(_talk(thread, remarks, ground))
        else:
            talk = _talk(thread, remarks, ground, anchors.stretch(index, thread.letters, place))
            found.setdefault(place, []).append(talk)
    return found, tuple(lost)


def _remarks(thread: Thread, ground: _Ground) -> tuple[Remark, ...]:
    said = [each for each in thread.comments if each.seq <= ground.point.seq]
    if all(each.body is None for each in said):
        return ()
    return tuple(Remark(each.id, _hand(each.by, each.at, ground), each.body) for each in said)


def _place(thread: Thread, index: TextIndex) -> str | None:
    """The paragraph that a thread stands at, also in an earlier text; None: it is gone."""
    if thread.detached is not None:
        return thread.detached.paragraph if index.paragraph(thread.detached.paragraph) is not None else None
    for ident in _idents(thread):
        if index.knows(ident):
            return index.paragraph_of(ident)
    return None


def _idents(thread: Thread) -> Iterable[tuple[int, int]]:
    yield anchors.ident(thread.anchor)
    yield from ((client, clock) for client, clock, _ in thread.letters)


def _talk(thread: Thread, remarks: tuple[Remark, ...], ground: _Ground, stretch: tuple[int, int] | None = None) -> Talk:
    lost = thread.detached
    start, end = stretch or (0, 0)
    return Talk(
        id=thread.id,
        remarks=remarks,
        resolved=thread.resolved is not None and thread.resolved[1] <= ground.point.at,
        quote=thread.quote,
        start=start,
        end=end,
        text=None if lost is None else lost.text or thread.text,
    )
