"""The positions matrix: every open bracket, and where each delegation stands on it; and the reservations."""

import csv
import io
from collections.abc import Sequence

from crdt.brackets import Kind, Stance
from server.papers.handover.sheet import Block, Sheet, Table, Words
from server.papers.handover.state import PROPOSES, Open, State, quoted
from server.tables import LockStatus

SIGNS = {
    PROPOSES: "•",
    Stance.PREFER: "P",
    Stance.SUPPORT: "S",
    Stance.CAN_ACCEPT: "A",
    Stance.OPPOSE: "O",
    Stance.RESERVE: "R",
    Stance.AWAITING: "W",
}
LEGEND = (
    "• proposes (named in the bracket), P prefers, S supports, A can accept, O opposes, R reserves, "
    "W awaits instructions."
)
SHOWN = 160  # code points of a bracket's text in the matrix
COLUMNS = 14  # delegations that have room beside each other on a page


def matrix(state: State) -> Sheet:
    """In parts of as many delegations as a page has room for; those that hold nothing are left out."""
    holders = _holders(state)
    blocks: list[Block] = [Words(LEGEND)]
    if not state.open:
        blocks = [Words("No bracket is open.")]
    for at in range(0, max(len(holders), 1), COLUMNS) if state.open else ():
        part = holders[at : at + COLUMNS]
        rows = [(each.place, quoted(each.text, SHOWN), *(_sign(each, code) for code in part)) for each in state.open]
        blocks.append(Table(("Paragraph", "Bracket", *part), rows, (2, 8, *[1.1] * len(part))))
    return Sheet("Positions on what is open", state.under, blocks, wide=True)


def as_csv(state: State) -> bytes:
    """For spreadsheets, which know UTF-8 by its mark; a text that one would take for a formula is marked as text."""
    holders = _holders(state)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["paragraph", "section", "kind", "bracket", *holders])
    for each in state.open:
        stances = {holding.delegation: holding.stance for holding in each.holdings}
        cells = [each.place, state.sections[each.section], str(each.kind), each.text]
        writer.writerow([*map(_plain, cells), *(stances.get(code, "") for code in holders)])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _holders(state: State) -> list[str]:
    """Codes of those that hold something: the meeting's in its order, then groups of states."""
    held = {holding.delegation for each in state.open for holding in each.holdings}
    return [code for code in state.parties if code in held] + sorted(held - state.parties.keys())


def _sign(each: Open, code: str) -> str:
    return next((SIGNS[_stance(holding.stance)] for holding in each.holdings if holding.delegation == code), "")


def _stance(name: str) -> Stance | str:
    return name if name == PROPOSES else Stance(name)


def reservations(state: State) -> Sheet:
    """What delegations have reserved their position on, reservations in the text, and what is agreed ad referendum."""
    rows = [
        (each.place, _party(state, holding.delegation), each.text, holding.note or "", holding.said or "in the text")
        for each in state.open
        for holding in each.holdings
        if holding.stance == Stance.RESERVE
    ]
    reserved = {each.text for each in state.open if any(held.stance == Stance.RESERVE for held in each.holdings)}
    rows += [
        (each.place, ", ".join(_party(state, held.delegation) for held in each.holdings), each.text, "", "in the text")
        for each in state.open
        if each.kind is Kind.RESERVATION and each.text not in reserved
    ]
    blocks: list[Block] = [
        _or_none(("Paragraph", "Delegation", "On", "Note", "Said"), rows, (2, 3, 6, 4, 3), "No reservation stands.")
    ]
    ad_ref = [(each.place, each.by, each.at[:10]) for each in state.agreed if each.status == LockStatus.AGREED_AD_REF]
    blocks.append(Words("Agreed ad referendum, and so still to be confirmed by capitals:"))
    blocks.append(_or_none(("Paragraph", "Declared by", "On"), ad_ref, (3, 5, 3), "none."))
    return Sheet("Reservations", state.under, blocks)


def _party(state: State, code: str) -> str:
    name = state.parties.get(code)
    return f"{name} ({code})" if name else code


def _or_none(
    head: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...], otherwise: str
) -> Block:
    return Table(head, rows, widths) if rows else Words(otherwise)
