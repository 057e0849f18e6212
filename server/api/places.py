"""What a path names, and the meeting in which it lies."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from server.api.shapes import ID
from server.auth.policy import Ground
from server.errors import not_found
from server.store import documents, invitations, meetings, people, snapshots, threads
from server.tables import CommentRow, Document, Invitation, Meeting, Participant, SnapshotRow, ThreadRow

Thing: TypeAlias = Meeting | Document | Invitation | Participant | SnapshotRow | ThreadRow | CommentRow


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call acts. `thing`: what its path names, none for calls that name nothing."""

    meeting: Meeting | None
    thing: Thing | None = None
    readers: str | None = None  # the delegation for which alone it is there; none: for everybody

    @property
    def ground(self) -> Ground | None:
        return None if self.meeting is None else ground(self.meeting)


def ground(meeting: Meeting) -> Ground:
    return Ground(meeting.id, meeting.observers_may_comment)


def _participant(connection: Connection, id_: str) -> Participant | None:
    found = people.find(connection, id_)
    return None if found is None or found.removed_at is not None else found


FINDERS: Mapping[str, Callable[[Connection, str], Thing | None]] = {
    "meeting": meetings.find,
    "document": documents.find,
    "invitation": invitations.find,
    "participant": _participant,
    "snapshot": snapshots.find,
    "thread": threads.find,
    "comment": threads.find_comment,
}
"""By the name of a path's first parameter."""


def find(connection: Connection, name: str, id_: str) -> Place:
    """The place that the parameter `name` of a path names. Raises Problem: not found."""
    thing = FINDERS[name](connection, id_) if re.fullmatch(ID, id_) else None
    if thing is None:
        raise not_found(name)
    if isinstance(thing, Meeting):
        return Place(thing, thing)
    if isinstance(thing, ThreadRow | CommentRow):
        return _said(connection, thing)
    if isinstance(thing, SnapshotRow):
        document = documents.find(connection, thing.document)
        return Place(None if document is None else meetings.find(connection, document.meeting), thing)
    return Place(None if thing.meeting is None else meetings.find(connection, thing.meeting), thing)


def _said(connection: Connection, thing: ThreadRow | CommentRow) -> Place:
    thread = thing if isinstance(thing, ThreadRow) else threads.find(connection, thing.thread)
    document = documents.find(connection, thing.document)
    if thread is None or document is None:
        raise not_found("thread")
    return Place(meetings.find(connection, document.meeting), thing, thread.readers)


def own(connection: Connection, meeting: str | None) -> Place:
    """The place of a call whose path names nothing: one's own meeting."""
    return Place(None if meeting is None else meetings.find(connection, meeting))
