"""Entries that change the text: updates, and what the server writes for somebody beside saying what it did.

Such an entry carries its Yjs update in its payload, as base64 under "update": one entry, one change (docs/record.md).
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from crdt.document import Document
from crdt.errors import Diverged
from server.rooms.standing import written
from server.store import Entry, EntryDraft
from server.tables import EntryKind

CARRIED: Final = "update"
CARRIERS: Final = frozenset({EntryKind.RESOLUTION, EntryKind.RESTORE})
"""Kinds of entries that may carry an update."""

CHANGES: Final = frozenset({EntryKind.UPDATE, *CARRIERS})
"""Kinds of entries without whose payloads no text can be rebuilt."""


def update_of(entry: Entry) -> bytes | None:
    """The change of the text that an entry is or carries; None: it changes nothing.

    Raises Diverged when the entry has lost its payload, or that cannot be read.
    """
    if entry.kind not in CHANGES:
        return None
    if entry.payload is None:
        raise Diverged(f"entry {entry.seq} of document {entry.document} has lost its payload")
    if entry.kind == EntryKind.UPDATE:
        return entry.payload
    try:
        carried = json.loads(entry.payload).get(CARRIED)
        return None if carried is None else b64decode(carried, validate=True)
    except ValueError as fault:
        raise Diverged(f"entry {entry.seq} of document {entry.document} cannot be read") from fault


def carrying(draft: EntryDraft, update: bytes) -> EntryDraft:
    """The draft with an update in its payload."""
    payload = {**json.loads(draft.payload), CARRIED: b64encode(update).decode("ascii")}
    return replace(draft, payload=written(payload))


def told(said: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody is told of such an entry: not the update, which they receive as one, and of very many brackets
    that vanished at once only which."""
    found = {name: value for name, value in said.items() if name != CARRIED}
    if "others" in found:
        found["others"] = [{"bracket": each["bracket"], "outcome": each["outcome"]} for each in found["others"]]
    return found


def new_client(document: Document) -> int:
    """A Yjs client id that nobody has used in this document, for what the server writes (W5)."""
    while True:
        client = secrets.randbits(32)
        if client not in document.owners and not document.index.end(client):
            return client
