"""The threads of documents and what is said in them: rows beside the record (R2)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Insert, RowMapping, Update, insert, select, update
from sqlmodel import col

from server.store.record import Entry
from server.store.upsert import upserting
from server.tables import CommentRow, EntryKind, ThreadRow, Visit, WordingRow

WORDS = ("body", "mentions", "salt")
"""What an entry of the record covers by a digest alone."""


def of_document(connection: Connection, document: str) -> Sequence[RowMapping]:
    """Rows of `thread`, in the order in which they were opened."""
    query = select(ThreadRow).where(col(ThreadRow.document) == document).order_by(col(ThreadRow.seq))
    return connection.execute(query).mappings().all()


def comments(connection: Connection, document: str) -> Sequence[RowMapping]:
    """Rows of `comment`, in the order in which they were said, with `body` and `mentions` as they read now."""
    query = (
        select(CommentRow, col(WordingRow.body), col(WordingRow.mentions))
        .join(
            WordingRow,
            (col(WordingRow.document) == col(CommentRow.document)) & (col(WordingRow.seq) == col(CommentRow.wording)),
            isouter=True,
        )
        .where(col(CommentRow.document) == document)
        .order_by(col(CommentRow.seq))
    )
    return connection.execute(query).mappings().all()


def find(connection: Connection, thread: str) -> ThreadRow | None:
    row = connection.execute(select(ThreadRow).where(col(ThreadRow.id) == thread)).mappings().one_or_none()
    return None if row is None else ThreadRow(**row)


def find_comment(connection: Connection, comment: str) -> CommentRow | None:
    row = connection.execute(select(CommentRow).where(col(CommentRow.id) == comment)).mappings().one_or_none()
    return None if row is None else CommentRow(**row)


def wordings(connection: Connection, document: str, seqs: Iterable[int]) -> Mapping[int, RowMapping]:
    """Rows of `wording`, by the seq of the entry that says them."""
    query = select(WordingRow).where(col(WordingRow.document) == document, col(WordingRow.seq).in_(set(seqs)))
    return {row["seq"]: row for row in connection.execute(query).mappings()}


def with_words(connection: Connection, document: str, entries: Sequence[Entry]) -> list[Entry]:
    """Entries whose comments say their words again; those that were withdrawn say none."""
    wanted = {entry.seq for entry in entries if entry.kind == EntryKind.COMMENT}
    if not wanted:
        return list(entries)
    found = wordings(connection, document, wanted)
    return [_with_words(entry, found[entry.seq]) if entry.seq in found else entry for entry in entries]


def _with_words(entry: Entry, row: RowMapping) -> Entry:
    if entry.payload is None:
        return entry
    said = {
        "body": row["body"],
        "mentions": [] if row["mentions"] is None else json.loads(row["mentions"]),
        "salt": row["salt"],
    }
    payload = {**json.loads(entry.payload), **said}
    return entry._replace(payload=json.dumps(payload, ensure_ascii=False, sort_keys=True).encode())


def opening(thread: ThreadRow) -> Insert:
    return insert(ThreadRow).values(**thread.model_dump())


def adding(comment: CommentRow) -> Insert:
    return insert(CommentRow).values(**comment.model_dump())


def wording(row: WordingRow) -> Insert:
    return insert(WordingRow).values(**row.model_dump())


def editing(comment: str, seq: int, at: str) -> Update:
    return update(CommentRow).where(col(CommentRow.id) == comment).values(wording=seq, edited_at=at)


def withdrawing(comment: str) -> tuple[Executable, ...]:
    """Takes away all that was ever said under this comment."""
    return (
        update(CommentRow).where(col(CommentRow.id) == comment).values(withdrawn=True),
        update(WordingRow).where(col(WordingRow.comment) == comment).values(salt=None, body=None, mentions=None),
    )


def changing(thread: str, **values: Any) -> Update:
    """`values`: columns by name."""
    return update(ThreadRow).where(col(ThreadRow.id) == thread).values(**values)


def seen(connection: Connection, document: str, participant: str) -> int | None:
    """Up to which entry; none: they were never there."""
    query = select(col(Visit.seq)).where(col(Visit.document) == document, col(Visit.participant) == participant)
    return connection.execute(query).scalar_one_or_none()


def see(connection: Connection, visit: Visit) -> None:
    """Nobody unsees anything: an earlier seq changes nothing."""
    added = upserting(connection, Visit).values(**visit.model_dump())
    later = added.excluded.seq > col(Visit.seq)
    connection.execute(
        added.on_conflict_do_update(
            index_elements=["document", "participant"],
            set_={"seq": added.excluded.seq, "at": added.excluded.at},
            where=later,
        )
    )
