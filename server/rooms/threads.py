"""The threads of a document as they stand: what was said, by whom, for whom, and which paragraph each follows.

They follow from the record alone. What is said stands in the database and the record, never in the text.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import RowMapping

from crdt.anchors import Letters
from server.rooms.author import Author
from server.store.threads import WORDS

ALL: Final = "all"
DELEGATION: Final = "delegation"


@dataclass(frozen=True, slots=True)
class Comment:
    """`seq`: of the entry that said it; `body` None: withdrawn (R2)."""

    id: str
    by: Author
    at: str
    seq: int
    body: str | None
    mentions: tuple[str, ...]  # codes of delegations
    edited_at: str | None = None


@dataclass(frozen=True, slots=True)
class Detached:
    """How the paragraph read when it was deleted, which participant did it, and its id."""

    text: str
    by: str
    paragraph: str


@dataclass(frozen=True, slots=True)
class Thread:
    """`seq`: of the entry that opened it; `published`: of the one that showed it to everybody, else 0."""

    id: str
    seq: int
    by: Author
    at: str
    delegation: str | None  # its author's, then
    readers: str | None  # the delegation that alone may see it; None: everybody
    quote: str | None
    letters: Letters  # the quote's characters
    anchor: str  # of its paragraph, which may be joined to another by now
    text: str  # of its paragraph when it was opened
    comments: tuple[Comment, ...]
    resolved: "tuple[Author, str] | None" = None  # by whom and when
    published: int = 0
    detached: Detached | None = None

    def comment(self, id_: str) -> Comment:
        """Raises StopIteration for one that is not among them."""
        return next(each for each in self.comments if each.id == id_)

    @property
    def withdrawn(self) -> bool:
        """Whether nothing is left of what was said."""
        return all(each.body is None for each in self.comments)

    def news(self, participant: str, seq: int) -> bool:
        """Whether others have said anything in it that came to this participant after entry `seq`."""
        return any(
            each.by.id != participant and each.body is not None and max(each.seq, self.published) > seq
            for each in self.comments
        )


Threads = Mapping[str, Thread]
"""By id, in the order in which they were opened."""


def recorded(payload: bytes) -> bytes:
    """The payload of an entry about a comment as it goes to the record: of the words a digest alone, which stays when
    they are withdrawn. The salt keeps them from being guessed at."""
    said = json.loads(payload)
    words = {name: said.pop(name) for name in WORDS if name in said}
    if words:
        said["said"] = digest_of_words(words)
    return _canonical(said)


def digest_of_words(words: Mapping[str, Any]) -> str:
    return sha256(_canonical({name: words[name] for name in WORDS})).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def after(threads: Threads, seq: int, said: Mapping[str, Any], at: str, by: Author) -> Threads:
    """The threads after an entry about a comment. `said`: its payload, with the words."""
    id_ = said["thread"]
    match said["action"]:
        case "thread":
            thread = Thread(
                id_,
                seq,
                by,
                at,
                said["delegation"],
                said["readers"],
                said["quote"],
                tuple((client, clock, size) for client, clock, size in said["letters"]),
                said["paragraph"],
                said["text"],
                (_comment(seq, said, at, by),),
            )
        case "comment":
            thread = threads[id_]
            thread = replace(thread, comments=(*thread.comments, _comment(seq, said, at, by)))
        case "edited":
            thread = _with(threads[id_], said, body=said["body"], mentions=tuple(said["mentions"]), edited_at=at)
        case "withdrawn":
            thread = _with(threads[id_], said, body=None, mentions=())
        case "resolved":
            thread = replace(threads[id_], resolved=(by, at))
        case "reopened":
            thread = replace(threads[id_], resolved=None)
        case "published":
            thread = replace(threads[id_], readers=None, published=seq)
        case action:
            raise ValueError(f"nobody knows what it is to have {action} a thread")
    return {**threads, id_: thread}


def _comment(seq: int, said: Mapping[str, Any], at: str, by: Author) -> Comment:
    return Comment(said["comment"], by, at, seq, said["body"], tuple(said["mentions"]))


def _with(thread: Thread, said: Mapping[str, Any], **changes: Any) -> Thread:
    """The thread with one comment changed; what was withdrawn since says nothing any more."""
    if changes["body"] is None:
        changes["mentions"] = ()
    comments = [replace(each, **changes) if each.id == said["comment"] else each for each in thread.comments]
    return replace(thread, comments=tuple(comments))


def restored(rows: Iterable[RowMapping], comments: Iterable[RowMapping], people: "Mapping[str, Author]") -> Threads:
    """The threads out of their rows."""
    by_thread: dict[str, list[Comment]] = {}
    for row in comments:
        mentions = () if row["mentions"] is None else tuple(json.loads(row["mentions"]))
        comment = Comment(
            row["id"], people[row["participant"]], row["at"], row["seq"], row["body"], mentions, row["edited_at"]
        )
        by_thread.setdefault(row["thread"], []).append(comment)
    return {row["id"]: _restored(row, tuple(by_thread.get(row["id"], ())), people) for row in rows}


def _restored(row: RowMapping, comments: tuple[Comment, ...], people: "Mapping[str, Author]") -> Thread:
    resolved = None if row["resolved_by"] is None else (people[row["resolved_by"]], row["resolved_at"])
    detached = None
    if row["detached_text"] is not None:
        detached = Detached(row["detached_text"], row["detached_by"], row["detached_from"])
    return Thread(
        row["id"],
        row["seq"],
        people[row["participant"]],
        row["at"],
        row["delegation"],
        row["readers"],
        row["quote"],
        tuple((client, clock, size) for client, clock, size in json.loads(row["letters"])),
        row["anchor"],
        row["text"],
        comments,
        resolved,
        row["published"],
        detached,
    )


def place_of(thread: Thread) -> dict[str, Any]:
    """Where it stands, as columns of its row."""
    lost = thread.detached
    return {
        "letters": json.dumps(thread.letters, separators=(",", ":")),
        "anchor": thread.anchor,
        "detached_text": None if lost is None else lost.text,
        "detached_by": None if lost is None else lost.by,
        "detached_from": None if lost is None else lost.paragraph,
    }
