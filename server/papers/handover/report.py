"""The report on two pages: agreed paragraphs, open issues by section, who holds what, and how it came about."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from crdt.brackets import Kind
from server.papers.handover.sheet import Block, Chart, Heading, Moment, Sheet, Table, Words
from server.papers.handover.state import State
from server.tables import LockStatus

SECTIONS, PARTIES = 18, 14  # rows that have room on two pages
PLACES = 700  # code points of a list of agreed paragraphs
STANCES = ("proposes", "prefer", "support", "can_accept", "oppose", "reserve", "awaiting")
HEADS = ("Proposes", "Prefers", "Supports", "Can accept", "Opposes", "Reserves", "Awaits")


def report(state: State, moments: Sequence[Moment]) -> Sheet:
    blocks: list[Block] = [
        Words(_summary(state)),
        Heading("Progress"),
        Chart(moments),
        Heading("Agreed paragraphs"),
        Words(_agreed(state, LockStatus.AGREED, "Agreed")),
        Words(_agreed(state, LockStatus.AGREED_AD_REF, "Agreed ad referendum")),
        Heading("Open issues by section"),
        *_sections(state),
        Heading("Who holds what"),
        *_parties(state),
    ]
    return Sheet("Report on the state of the negotiations", state.under, blocks)


def _summary(state: State) -> str:
    counts = state.counts
    share = round(100 * counts.words_bracketed / counts.words) if counts.words else 0
    return (
        f"Of {counts.paragraphs} paragraphs {counts.agreed_paragraphs} are agreed, and {counts.clean_paragraphs} have "
        f"no open brackets. {counts.issues} issues are open, in {counts.pairs} pairs of brackets, and there are "
        f"{counts.placeholders} placeholders. {share} % of the words stand in brackets."
    )


def _agreed(state: State, status: LockStatus, name: str) -> str:
    """Neighbours under one name count as one: OP1, OP2, OP5."""
    places = [place for place, _ in groupby(each.place for each in state.agreed if each.status == status)]
    if not places:
        return f"{name}: none."
    listed = ""
    for number, place in enumerate(places):
        if len(listed) + len(place) > PLACES:
            return f"{name} ({len(places)}): {listed} and {len(places) - number} more."
        listed += f"{', ' if listed else ''}{place}"
    return f"{name} ({len(places)}): {listed}."


def _sections(state: State) -> list[Block]:
    issues = Counter(state.issues)
    placeholders = [0] * len(state.sections)
    holders: list[Counter[str]] = [Counter() for _ in state.sections]
    for each in state.open:
        placeholders[each.section] += each.kind is Kind.PLACEHOLDER
        holders[each.section].update(dict.fromkeys((holding.delegation for holding in each.holdings), 1))
    agreed = Counter(each.section for each in state.agreed)
    rows = [
        (
            name,
            str(state.paragraphs[number]),
            str(agreed[number]),
            str(issues[number]),
            str(placeholders[number]),
            ", ".join(code for code, _ in holders[number].most_common(6)) or "–",
        )
        for number, name in enumerate(state.sections)
        if state.paragraphs[number]
    ]
    if len(rows) > SECTIONS:
        rows.sort(key=lambda row: -int(row[3]))
    head = ("Section", "Paragraphs", "Agreed", "Open issues", "Placeholders", "Named most often")
    return _cut(Table(head, rows, (6, 2, 1.4, 1.7, 2.1, 4)), SECTIONS, "Sections with fewer open issues")


def _parties(state: State) -> list[Block]:
    found: dict[str, Counter[str]] = {}
    for each in state.open:
        for holding in each.holdings:
            found.setdefault(holding.delegation, Counter())[holding.stance] += 1
    if not found:
        return [Words("No delegation is named in an open bracket, and none has taken a position on one.")]
    ordered = sorted(found.items(), key=lambda item: (-item[1].total(), item[0]))
    rows = [
        (f"{state.parties.get(code, code)} ({code})", *(str(counts[stance] or "–") for stance in STANCES))
        for code, counts in ordered
    ]
    table = Table(("Delegation", *HEADS), rows, (5, *[1.6] * len(HEADS)))
    return _cut(table, PARTIES, "Delegations named less often")


def _cut(table: Table, most: int, what: str) -> list[Block]:
    """What is left out is said."""
    left = len(table.rows) - most
    if left <= 0:
        return [table]
    return [
        Table(table.head, table.rows[:most], table.widths),
        Words(f"{what}, not shown: {left}; see Positions."),
    ]
