"""The register: what is known of a document's brackets beside its text. It follows from the record alone (B3, B5).

A bracket is named by the id of its `[` (T2). One that an undo or a restore brings back has a new id there, and goes on
under its first one: docs/decisions/0009-the-register-of-brackets.md says how it is recognised.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, Executable

from crdt.brackets.places import ident
from crdt.brackets.watch import Lost, Seen
from crdt.document import Document
from server.rooms.author import Author
from server.store import brackets as rows
from server.tables import BracketRow, EntryKind, PositionRow

RETURNED: Final = "returned"
"""What a resolution says that takes an earlier one back: the bracket is there again."""

NONE: Final = "none"
"""The stance of a delegation that takes its position back."""

TOLD: Final = 100
"""Brackets that vanish in one edit and have an entry each; those beyond are named in the last one."""

SIGNS: Final = (b"[", "［".encode())


@dataclass(frozen=True, slots=True)
class Life:
    """What was recorded of one `[`. `seq`, `at` and `by`: of the entry that says so."""

    id: str
    first: str  # the id under which the bracket was known first
    seq: int
    at: str
    by: Author
    outcome: str | None  # None: it came back, and is open under this id
    was: Mapping[str, Any]  # how it read before it vanished
    returned: str | None = None  # the id under which it is there again


@dataclass(frozen=True, slots=True)
class Position:
    """What a delegation says of a bracket; `on_behalf`: the chair or the secretariat has said it for them."""

    stance: str
    note: str | None
    seq: int
    at: str
    by: Author
    on_behalf: bool


@dataclass(frozen=True, slots=True)
class Brackets:
    """`lives` by id, `positions` by the first id of a bracket and the code of a delegation."""

    lives: Mapping[str, Life] = field(default_factory=dict)
    positions: Mapping[str, Mapping[str, Position]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """The id under which a bracket was known first."""
        life = self.lives.get(name)
        return name if life is None else life.first

    def now(self, name: str) -> str:
        """The id under which a bracket is known now."""
        while (life := self.lives.get(name)) is not None and life.returned is not None:
            name = life.returned
        return name

    def of(self, name: str) -> Mapping[str, Position]:
        """The positions on a bracket."""
        return self.positions.get(self.first(name), {})

    def knows(self, name: str) -> bool:
        return name in self.lives or name in self.positions

    def gone(self) -> list[Life]:
        """The brackets that have vanished and not come back, in the order in which they did."""
        return [life for life in self.lives.values() if life.outcome is not None and life.returned is None]


def after(brackets: Brackets, kind: str, seq: int, said: Mapping[str, Any], at: str, by: Author) -> Brackets:
    """The register after an entry of the record."""
    if kind == EntryKind.POSITION:
        return _positioned(brackets, seq, said, at, by)
    lives = dict(brackets.lives)
    if said["outcome"] == RETURNED:
        old = lives[said["bracket"]]
        lives[old.id] = replace(old, returned=said["as"])
        lives[said["as"]] = Life(said["as"], old.first, seq, at, by, None, {})
        return replace(brackets, lives=lives)
    for each in (said, *said.get("others", ())):
        name = each["bracket"]
        lives.pop(name, None)  # to stand last
        lives[name] = Life(name, brackets.first(name), seq, at, by, each["outcome"], each.get("was", {}))
    return replace(brackets, lives=lives)


def _positioned(brackets: Brackets, seq: int, said: Mapping[str, Any], at: str, by: Author) -> Brackets:
    name = brackets.first(said["bracket"])
    here = {code: each for code, each in brackets.positions.get(name, {}).items() if code != said["delegation"]}
    if said["stance"] != NONE:
        here[said["delegation"]] = Position(said["stance"], said["note"], seq, at, by, said["on_behalf"])
    return replace(brackets, positions={**brackets.positions, name: here})


def position_event(said: Mapping[str, Any], at: str, by: Author) -> dict[str, Any]:
    """What everybody is told of a position (W2)."""
    position = {name: said[name] for name in ("stance", "note", "on_behalf")}
    return {
        "bracket": said["bracket"],
        "delegation": said["delegation"],
        "position": {**position, "at": at, "by": by.told()},
    }


def restored(connection: Connection, document: str, named: Mapping[str, Author]) -> Brackets:
    """The register from the rows beside the record. `named`: by participant."""
    lives = {row.id: _life(row, named[row.participant]) for row in rows.of_document(connection, document)}
    positions: dict[str, dict[str, Position]] = {}
    for row in rows.positions(connection, document):
        here = positions.setdefault(row.bracket, {})
        here.pop(row.delegation, None)
        if row.stance != NONE:
            by = named[row.participant]
            here[row.delegation] = Position(row.stance, row.note, row.seq, row.at, by, row.on_behalf)
    return Brackets(lives, positions)


def _life(row: BracketRow, by: Author) -> Life:
    return Life(row.id, row.first, row.seq, row.at, by, row.outcome, json.loads(row.was), row.returned)


def kept(document: str, before: Brackets, now: Brackets) -> list[Executable]:
    """What makes the rows beside the record follow the register."""
    statements: list[Executable] = []
    if now.lives is not before.lives:
        for name, life in now.lives.items():
            if before.lives.get(name) is not life:
                statements += [rows.removal(document, name), rows.addition(_row(document, life))]
    return statements


def _row(document: str, life: Life) -> BracketRow:
    return BracketRow(
        document=document,
        id=life.id,
        first=life.first,
        seq=life.seq,
        at=life.at,
        participant=life.by.id,
        outcome=life.outcome,
        was=json.dumps(life.was, ensure_ascii=False),
        returned=life.returned,
    )


def position_row(document: str, bracket: str, seq: int, at: str, by: str, said: Mapping[str, Any]) -> PositionRow:
    """`bracket`: its first id."""
    return PositionRow(
        document=document,
        bracket=bracket,
        delegation=said["delegation"],
        seq=seq,
        at=at,
        participant=by,
        stance=said["stance"],
        note=said["note"],
        on_behalf=said["on_behalf"],
    )


# -- what an update does to them


def touches(document: Document, update: bytes, brackets: Brackets) -> bool:
    """Whether an update that was just taken may have taken away or brought back any: costs nothing for most."""
    return document.brackets.alarmed or (bool(brackets.lives) and any(sign in update for sign in SIGNS))


def told_of(
    document: Document,
    update: bytes,
    brackets: Brackets,
    by: str,
    *,
    resolved: str | None = None,
    restoring: bool = False,
) -> list[dict[str, Any]]:
    """The payloads of the entries that follow from an update of a participant that was just taken.

    `resolved`: the bracket of which its own entry says what became of it. `restoring`: it brings back what anybody took
    away.
    """
    lost = document.brackets.lost(update) if document.brackets.alarmed else []
    said: list[dict[str, Any]] = [
        {"bracket": each.was.id, "outcome": str(each.outcome), "was": each.was.told()}
        for each in lost
        if each.was.id != resolved and not _is_slip(document, each, brackets, by)
    ]
    if len(said) > TOLD:
        said[TOLD - 1]["others"] = [{**each, "was": {**each["was"], "text": ""}} for each in said[TOLD:]]
        del said[TOLD:]
    if brackets.lives and any(sign in update for sign in SIGNS):
        said += _returned(document, update, brackets, by, restoring=restoring)
    return said


def _is_slip(document: Document, lost: Lost, brackets: Brackets, by: str) -> bool:
    """A `[` that was never closed, and that its own author takes back, is a slip of typing."""
    return lost.slip and document.owners.get(ident(lost.was.id)[0]) == by and not brackets.knows(lost.was.id)


def _returned(
    document: Document, update: bytes, brackets: Brackets, by: str, *, restoring: bool
) -> Iterable[dict[str, Any]]:
    gone = [life for life in reversed(brackets.gone()) if restoring or life.by.id == by]
    if not gone:
        return
    for seen, fresh in document.brackets.came(update):
        found = _recognised(document, seen, fresh, gone, restoring=restoring)
        if found is not None:
            gone.remove(found)
            yield {"bracket": found.id, "outcome": RETURNED, "as": seen.id}


def _recognised(
    document: Document, seen: Seen, fresh: dict[int, int], gone: Sequence[Life], *, restoring: bool
) -> Life | None:
    alike = [life for life in gone if _reads_alike(life, seen)]
    here = (life for life in alike if document.brackets.is_beside(seen.id, life.id, fresh))
    elsewhere = (life for life in alike if restoring and seen.closed)
    return next(here, None) or next(elsewhere, None)


def _reads_alike(life: Life, seen: Seen) -> bool:
    was = life.was
    if not (seen.closed and was.get("closed")):
        return bool(was)
    return was["size"] == seen.size and seen.text.startswith(was["text"])
