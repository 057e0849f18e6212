"""What other processes wrote to a document's record, and what members are told of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from crdt.document import Document
from server.rooms.audience import Audience
from server.rooms.author import Author
from server.rooms.batch import Judged, told_as
from server.rooms.brackets import SIGNS, position_event
from server.rooms.following import placed
from server.rooms.opening import AT_ONCE, TOLD, authors
from server.rooms.standing import Standing
from server.rooms.telling import event
from server.rooms.updates import told
from server.store import Entry, record, threads
from server.tables import EntryKind


@dataclass(frozen=True, slots=True)
class Others:
    """Entries of other processes, and who wrote them."""

    entries: Sequence[Entry]
    authors: Mapping[str, Author]

    @property
    def silent(self) -> bool:
        """Whether members are told of none of them, beside the change of the text."""
        return not any(entry.kind in TOLD for entry in self.entries)

    def may_come_first(self, judged: Judged) -> bool:
        """Whether a batch that was judged without them would have been judged just so after them, as far as that does
        not hang on the updates themselves. The same update on both sides: the answer to a commit was lost."""
        standing = judged.standing
        if not judged.plain or standing.frozen or standing.threads:
            return False
        theirs = [entry.payload for entry in self.entries if entry.kind == EntryKind.UPDATE and entry.payload]
        if len(theirs) < len(self.entries) or not set(theirs).isdisjoint(judged.updates):
            return False
        return not standing.brackets.lives or not any(
            sign in update for update in (*theirs, *judged.updates) for sign in SIGNS
        )

    def parts(self) -> Iterator["Others"]:
        """As many at a time as the loop has time for."""
        for at in range(0, len(self.entries), AT_ONCE):
            yield Others(self.entries[at : at + AT_ONCE], self.authors)


def others_wrote(connection: Connection, document_id: str, after: int, until: int | None) -> Others:
    """The entries with after < seq ≤ until."""
    entries = record.entries(connection, document_id, after, until)
    return Others(threads.with_words(connection, document_id, entries), authors(connection, entries))


def tell(audience: Audience, document_id: str, document: Document, standing: Standing, others: Others) -> None:
    """The events of what stands beside the text. `document` and `standing`: as they are after these entries."""
    for entry in others.entries:
        if entry.kind in TOLD and entry.payload is not None:
            by, payload = others.authors[entry.participant], json.loads(entry.payload)
            data, readers = _said(entry, payload, by, document_id, document, standing)
            audience.event(entry.seq, told_as(entry.kind), by, entry.at, data, readers)


def _said(
    entry: Entry, payload: dict[str, Any], by: Author, document_id: str, document: Document, standing: Standing
) -> tuple[dict[str, Any], str | None]:
    """What members are told of an entry, and which delegation alone, if one."""
    if entry.kind == EntryKind.POSITION:
        return position_event(payload, entry.at, by), None
    if entry.kind != EntryKind.COMMENT:
        return told(payload), None
    thread = standing.threads[payload["thread"]]
    return event(document_id, payload, placed([thread], document.index)[0]), thread.readers
