"""A new document's text as the one update that makes it, seen through the gate like any other."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from crdt.brackets import Counts
from crdt.brackets.live import Live
from crdt.compose import Draft, compose
from crdt.document import Document
from crdt.gate import Accepted
from server.api.readings import Parties, register_of
from server.errors import Code, Problem


@dataclass(frozen=True, slots=True)
class Drafted:
    """`update` makes the document; `counts` of its text (B6)."""

    update: bytes
    counts: Counts


def drafted(drafts: Sequence[Draft], participant: str, parties: Parties) -> Drafted:
    """Raises Problem when the text is too long. Takes a while: to be run in a thread."""
    update = compose(drafts or (Draft(),), secrets.randbits(31))
    document = Document.new()
    if not isinstance(document.judge(update, participant), Accepted):
        raise Problem(Code.TOO_LARGE, "The text is too long for one document; make several of it.")
    _, counts = Live(register_of(parties)).read(document.paragraphs())
    return Drafted(update, counts)
