"""How a document stands: what is agreed, what is open, section by section, and who holds what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crdt.brackets import Counts, Kind, Register
from crdt.brackets.counts import issues
from crdt.brackets.watch import Seen, Sight
from crdt.paragraphs import Paragraph
from server.errors import not_found
from server.papers.out.numbers import numbers
from server.rooms.brackets import Brackets
from server.rooms.opening import open_document
from server.rooms.standing import Lock
from server.store import Store, documents, meetings, record
from server.tables import Document, Meeting

PROPOSES = "proposes"
"""Of whom a bracket names without a verb."""

SHOWN = 1_000  # code points of a bracket's text that are quoted


@dataclass(frozen=True, slots=True)
class Holding:
    """Where a delegation stands on a bracket. `note`: what it said; `said`: by whom and when, unless the bracket itself
    says it."""

    delegation: str
    stance: str
    note: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """An open bracket."""

    place: str  # what its paragraph is called
    section: int
    kind: Kind
    text: str
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    place: str
    section: int
    status: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class State:
    """After entry `seq`. `sections`: names of the headings; what stands before the first has one of its own.
    `parties`: names of the delegations by their codes, in their order."""

    document: Document
    meeting: Meeting
    seq: int
    at: str
    counts: Counts
    sections: Sequence[str]
    paragraphs: Sequence[int]  # of each section
    issues: Sequence[int]  # the section of each
    agreed: Sequence[Agreed]
    open: Sequence[Open]
    parties: Mapping[str, str]

    @property
    def name(self) -> str:
        """As in "A/AC.1/L.2"."""
        return self.document.symbol or self.document.title

    @property
    def moment(self) -> str:
        return f"{self.at[:16].replace('T', ' ')} UTC"

    @property
    def under(self) -> tuple[str, ...]:
        """What stands below the title of every sheet."""
        named = " · ".join(part for part in (self.document.symbol, self.document.title) if part)
        return tuple(part for part in (self.meeting.body, self.meeting.title, named, self._point) if part)

    @property
    def _point(self) -> str:
        return f"After entry {self.seq} of the record, {self.moment}"


async def state_of(store: Store, document: str) -> State:
    """At the head of its record. Raises Problem, Unavailable, Diverged."""
    opened = await open_document(store, document)
    row, meeting, parties, at = await store.read(lambda connection: _rows(connection, document, opened.head.seq))
    watch = opened.document.brackets
    watch.live.rename(Register.of(parties.items()))
    watch.agreed = opened.standing.locked
    sight = watch.sight()
    places, sections, section_of = _named(sight.paragraphs)
    return State(
        document=row,
        meeting=meeting,
        seq=opened.head.seq,
        at=at,
        counts=sight.counts,
        sections=sections,
        paragraphs=[section_of.count(number) for number in range(len(sections))],
        issues=[section_of[paragraph] for paragraph in issues(sight.reading)],
        agreed=_agreed(sight.paragraphs, opened.standing.locks, places, section_of),
        open=_open(sight, opened.standing.brackets, places, section_of),
        parties=parties,
    )


def _rows(connection: Connection, document: str, seq: int) -> tuple[Document, Meeting, Mapping[str, str], str]:
    row = documents.find(connection, document)
    meeting = None if row is None else meetings.find(connection, row.meeting)
    if row is None or meeting is None:
        raise not_found("document")
    entries = record.entries(connection, document, after=seq - 1, until=seq)
    parties = {each.code: each.name for each in meetings.delegations(connection, [meeting.id])[meeting.id]}
    return row, meeting, parties, entries[0].at if entries else row.created_at


def _named(paragraphs: Sequence[Paragraph]) -> tuple[list[str], list[str], list[int]]:
    """What each paragraph is called, the sections, and in which of them each stands."""
    found = numbers((each.kind, each.level, each.label) for each in paragraphs)
    places: list[str] = []
    sections: list[str] = ["Before the first heading"]
    section_of: list[int] = []
    above = ""  # the number of the paragraph to which items belong
    for each, number in zip(paragraphs, found, strict=True):
        if each.kind == "heading":
            sections.append(" ".join(part for part in (number, quoted(each.text, 80)) if part) or "(without a name)")
        if each.kind != "item":
            above = number
        named = " ".join((above, number)) if each.kind == "item" and above else number
        places.append("Title" if each.kind == "title" else named or f"paragraph {each.index + 1}")
        section_of.append(len(sections) - 1)
    if section_of.count(0):
        return places, sections, section_of
    return places, sections[1:], [number - 1 for number in section_of]


def _agreed(
    paragraphs: Sequence[Paragraph], locks: Mapping[str, Lock], places: Sequence[str], section_of: Sequence[int]
) -> list[Agreed]:
    found = [(each, locks[each.id]) for each in paragraphs if each.id in locks]
    return [
        Agreed(places[each.index], section_of[each.index], str(lock.status), lock.by.name, lock.at)
        for each, lock in found
    ]


def _open(sight: Sight, brackets: Brackets, places: Sequence[str], section_of: Sequence[int]) -> list[Open]:
    found: list[Open] = []
    for bracket, name in zip(sight.reading.brackets, sight.ids, strict=True):
        seen = sight.seen(name, SHOWN + 1)
        if seen is None:
            continue
        found.append(
            Open(
                place=places[bracket.first],
                section=section_of[bracket.first],
                kind=bracket.kind,
                text=quoted(seen.text, SHOWN),
                holdings=tuple(_holdings(seen, brackets)),
            )
        )
    return found


def _holdings(seen: Seen, brackets: Brackets) -> list[Holding]:
    """What a delegation has said itself counts before what the bracket says of it."""
    positions = brackets.of(seen.id)
    said = [
        Holding(code, each.stance, each.note, f"{each.by.name}, {each.at[:10]}{' (on behalf)' * each.on_behalf}")
        for code, each in positions.items()
    ]
    named = [Holding(code, stance or PROPOSES) for code, stance in seen.attribution if code not in positions]
    return said + named


def quoted(text: str, most: int) -> str:
    """On one line, and not too long."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
