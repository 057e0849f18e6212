"""Judging a batch: edits and commands in their order become entries, refusals and answers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Executable

from crdt.document import Document
from crdt.gate import Accepted, Reason, Refusal, Refused, Trimmed, Verdict
from server import metrics
from server.auth.policy import Act, Ground, Principal, allows
from server.errors import Problem
from server.rooms.inbox import Command, Decision, Edit, Item
from server.rooms.member import Member
from server.store import EntryDraft
from server.tables import EntryKind

MAX_UPDATE = 1 << 20
"""Bytes of one update; a step 2 may be as large as the gate lets it be."""


@dataclass(slots=True)
class Told:
    """What one author is told of a batch once it is on disk: see Member.saved."""

    refuse: Reason | None  # why this author may not write, for the whole batch
    updates: int = 0
    step2: bool = False


@dataclass(slots=True)
class Judged:
    """A batch after the gate, before the disk."""

    edits: int = 0
    drafts: list[EntryDraft] = field(default_factory=list)
    updates: list[bytes] = field(default_factory=list)  # those of the drafts that change the text, in order
    writers: set[Member] = field(default_factory=set)  # whose edits these are
    also: list[Executable] = field(default_factory=list)
    refusals: list[tuple[Member, int | None, Refusal]] = field(default_factory=list)
    told: dict[Member, Told] = field(default_factory=dict)
    decisions: list[tuple[asyncio.Future[Any], Decision[Any]]] = field(default_factory=list)
    problems: list[tuple[asyncio.Future[Any], Problem]] = field(default_factory=list)
    events: list[tuple[int, EntryDraft, dict[str, Any]]] = field(default_factory=list)  # with the seq of each

    @property
    def sole_writer(self) -> Member | None:
        """Whose edits alone changed the text: that member need not be sent them."""
        return next(iter(self.writers)) if len(self.writers) == 1 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a room knows of its document beside the text."""

    ground: Ground
    frozen: bool


def judge(document: Document, standing: Standing, after: int, at: str, batch: Sequence[Item]) -> Judged:
    """`after`: seq of the head; `at`: the time of all entries of the batch. The document's judged state advances."""
    judged = Judged()
    for item in batch:
        if isinstance(item, Edit):
            judged.edits += 1
            _judge_edit(document, standing, at, item, judged)
        else:
            _decide(document, after + len(judged.drafts) + 1, at, item, judged)
    return judged


def refusal_of(who: Principal, standing: Standing) -> Reason | None:
    """Why this person may not write here at all (W4); None: they may."""
    if not allows(who, Act.EDIT, standing.ground):
        return Reason.READ_ONLY
    return Reason.FROZEN if standing.frozen else None


def _judge_edit(document: Document, standing: Standing, at: str, edit: Edit, judged: Judged) -> None:
    told = judged.told.get(edit.member)
    if told is None:
        told = judged.told[edit.member] = Told(refusal_of(edit.member.principal, standing))
    if edit.number is None:
        told.step2 = True
    else:
        told.updates = edit.number
    verdict: Verdict
    if edit.number is not None and len(edit.update) > MAX_UPDATE:
        verdict = Refused(Refusal(Reason.TOO_LARGE))
    else:
        verdict = document.judge(edit.update, edit.member.principal.participant_id, told.refuse)
    match verdict:
        case Accepted(update, fresh):
            if fresh:
                _draft(judged, edit.member, update, at)
        case Trimmed(update, refusal):
            _draft(judged, edit.member, update, at)
            judged.refusals.append((edit.member, edit.number, refusal))
        case Refused(refusal):
            judged.refusals.append((edit.member, edit.number, refusal))


def _draft(judged: Judged, member: Member, update: bytes, at: str) -> None:
    judged.drafts.append(EntryDraft(EntryKind.UPDATE, member.principal.participant_id, at, update))
    judged.updates.append(update)
    judged.writers.add(member)


def _decide(document: Document, seq: int, at: str, command: Command, judged: Judged) -> None:
    try:
        decision = command.decide(document, seq, at)
    except Problem as problem:
        judged.problems.append((command.done, problem))
        return
    judged.decisions.append((command.done, decision))
    if decision.draft is not None:
        judged.drafts.append(decision.draft)
        judged.also.extend(decision.also)
        if decision.event is not None:
            judged.events.append((seq, decision.draft, decision.event))


def answer(judged: Judged, seq: int) -> None:
    """Tells authors and commands what came of a batch. Only when it is on disk (R4)."""
    metrics.UPDATES.inc(judged.edits)
    for member, number, refusal in judged.refusals:
        metrics.REFUSED.labels(refusal.reason).inc()
        member.refused(number, refusal)
    for member, told in judged.told.items():
        member.saved(told.updates, told.step2, seq)
    for done, decision in judged.decisions:
        if not done.done():  # else nobody waits any more
            done.set_result(decision.result)
    for done, problem in judged.problems:
        fail(done, problem)


def fail(done: asyncio.Future[Any], problem: Problem) -> None:
    if not done.done():
        done.set_exception(problem)
