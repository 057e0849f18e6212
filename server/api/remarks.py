"""What was said on a paper, as the first entries of the record behind the text: threads that everybody sees.

Whoever imports the paper says it here; each comment opens with the name that stood on the paper.
"""

import json
import secrets
from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Executable

from server.api.drafting import Drafted, Spoken
from server.api.saying import added, mentions, opened
from server.rooms.author import Author
from server.rooms.standing import written
from server.rooms.threads import Threads, after, recorded
from server.store import EntryDraft, snapshots, threads
from server.tables import Document, EntryKind, SnapshotRow, new_id

TEXT = 1
"""The entry that is the text of a new document."""


@dataclass(slots=True)
class Remarks:
    """Grows entry by entry; `also`: the rows beside them."""

    document: str
    by: Author
    at: str
    codes: Container[str]  # of the meeting's delegations, which can be called upon
    drafts: list[EntryDraft] = field(default_factory=list)
    also: list[Executable] = field(default_factory=list)
    _threads: Threads = field(default_factory=dict)  # the one that is being said

    def say(self, spoken: Spoken) -> None:
        """A thread with all its comments."""
        self._threads = {}
        name = new_id()
        first, *answers = spoken.bodies
        place = {"paragraph": spoken.paragraph, "quote": spoken.quote, "text": spoken.text, "letters": spoken.letters}
        said = {"action": "thread", "delegation": self.by.delegation, **place, **self._words(first)}
        self._enter(name, said)
        self.also.append(opened(self.document, self._threads[name]))
        self.also += added(self.document, self._threads[name], said)
        for answer in answers:
            said = {"action": "comment", **self._words(answer)}
            self._enter(name, said)
            self.also += added(self.document, self._threads[name], said)
        if spoken.resolved:
            self._enter(name, {"action": "resolved"})
            self.also.append(threads.changing(name, resolved_by=self.by.id, resolved_at=self.at))

    def _words(self, body: str) -> dict[str, Any]:
        called = mentions(body, self.codes)
        return {"comment": new_id(), "body": body, "mentions": called, "salt": secrets.token_hex(16)}

    def _enter(self, thread: str, said: dict[str, Any]) -> None:
        said |= {"thread": thread, "readers": None}
        self.drafts.append(EntryDraft(EntryKind.COMMENT, self.by.id, self.at, recorded(written(said))))
        self._threads = after(self._threads, TEXT + len(self.drafts), said, self.at, self.by)


def remarks(document: Document, by: Author, spoken: Sequence[Spoken], codes: Container[str]) -> Remarks:
    """For a document that is being made."""
    found = Remarks(document.id, by, document.created_at, codes)
    for each in spoken:
        found.say(each)
    return found


def imported(document: Document, drafted: Drafted) -> Executable:
    """The snapshot of the text as it came in: a point that one can compare with and go back to."""
    row = SnapshotRow(
        id=new_id(),
        document=document.id,
        seq=TEXT,
        label=None,
        digest=drafted.digest,
        progress=json.dumps(asdict(drafted.counts), separators=(",", ":")),
        participant=document.created_by,
        created_at=document.created_at,
    )
    return snapshots.addition(row)
