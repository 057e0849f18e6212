"""Judging a batch: edits and commands in their order become entries, refusals and answers."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Executable

from crdt.brackets.watch import Sight
from crdt.document import Document
from crdt.gate import Accepted, Reason, Refusal, Refused, Trimmed, Verdict
from server import metrics
from server.errors import Code, Problem
from server.rooms import brackets, snapshots
from server.rooms.author import Author, author_of
from server.rooms.inbox import Command, Decision, Edit, Item, Scene
from server.rooms.member import Member
from server.rooms.standing import Standing, after, followed, refusal_of, written
from server.rooms.threads import place_of, recorded
from server.rooms.updates import carrying
from server.rooms.updates import told as without_update
from server.store import EntryDraft, threads
from server.tables import EntryKind

MAX_UPDATE = 1 << 20
"""Bytes of one update; a step 2 may be as large as the gate lets it be."""


@dataclass(slots=True)
class Told:
    """What one author is told of a batch once it is on disk: see Member.saved."""

    refuse: Reason | None  # why this author may not write, for the whole batch
    updates: int = 0
    step2: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What members are told of an entry (W2); with `readers`, only those of that delegation."""

    seq: int
    kind: str
    by: Author | None
    at: str
    data: dict[str, Any]
    readers: str | None


def told_as(kind: str) -> str:
    """The kind of the event that tells of an entry of this kind (W2)."""
    return EntryKind.SNAPSHOT if kind == EntryKind.RESTORE else kind


@dataclass(slots=True)
class Judged:
    """A batch after the gate, before the disk."""

    standing: Standing  # after it
    head: int = 0  # seq of the last entry before it
    edits: int = 0
    drafts: list[EntryDraft] = field(default_factory=list)
    updates: list[bytes] = field(default_factory=list)  # those of the drafts that change the text, in order
    writers: set[Member] = field(default_factory=set)  # whose edits these are
    altered: bool = False  # whether any was taken otherwise than it came: its author must be sent what was taken
    also: list[Executable] = field(default_factory=list)
    refusals: list[tuple[Edit, Refusal, bool]] = field(default_factory=list)  # with whether all of it was refused
    told: dict[Member, Told] = field(default_factory=dict)
    decisions: list[tuple[asyncio.Future[Any], Decision[Any]]] = field(default_factory=list)
    problems: list[tuple[asyncio.Future[Any], Problem]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def add(self, draft: EntryDraft, by: Author, event: dict[str, Any]) -> None:
        """An entry that follows from what came before it in the batch, and is told to all."""
        self.drafts.append(draft)
        seq = self.head + len(self.drafts)
        self.events.append(Event(seq, draft.kind, by, draft.at, event, None))
        self.stand(after(self.standing, seq, draft.kind, draft.payload, draft.at, by))

    def snap(self, seq: int, at: str, by: str, sight: Sight) -> None:
        """A snapshot without a label, of the text after entry `seq`."""
        self.also.append(snapshots.taken(self.standing.document, seq, at, by, sight))
        self.standing = replace(self.standing, snapped=at)

    def stand(self, standing: Standing) -> None:
        """What stands from now on; the register's rows follow."""
        self.also.extend(brackets.kept(standing.document, self.standing.brackets, standing.brackets))
        self.standing = standing

    @property
    def plain(self) -> bool:
        """Whether it is nothing but edits, all taken, from which nothing else follows."""
        beside = self.also or self.refusals or self.decisions or self.problems or self.events
        return not beside and all(draft.kind == EntryKind.UPDATE for draft in self.drafts)

    @property
    def sole_writer(self) -> Member | None:
        """Whose edits alone changed the text: that member need not be sent them."""
        return next(iter(self.writers)) if len(self.writers) == 1 and not self.altered else None


def judge(document: Document, standing: Standing, head: int, at: str, batch: Sequence[Item]) -> Judged:
    """`head`: seq of the last entry; `at`: time of all entries of the batch. The document's judged state advances."""
    judged = Judged(standing, head)
    hourly = _hourly(document, standing, head, at, batch)
    document.brackets.agreed = standing.locked
    for item in batch:
        if isinstance(item, Edit):
            judged.edits += 1
            _judge_edit(document, at, item, judged)
        else:
            _decide(Scene(document, judged.standing, head + len(judged.drafts) + 1, at), item, judged)
    if hourly is not None and judged.updates:
        judged.snap(head, at, judged.drafts[0].participant, hourly)
    return judged


def _hourly(document: Document, standing: Standing, head: int, at: str, batch: Sequence[Item]) -> Sight | None:
    """The text before the batch, where it may be the first that changes it in this hour."""
    due = snapshots.is_due(standing.snapped, at) and head > 0 and any(isinstance(item, Edit) for item in batch)
    return document.brackets.sight() if due else None


def _judge_edit(document: Document, at: str, edit: Edit, judged: Judged) -> None:
    told = judged.told.get(edit.member)
    if told is None:
        told = judged.told[edit.member] = Told(refusal_of(edit.member.principal, judged.standing))
    if edit.number is None:
        told.step2 = True
    else:
        told.updates = edit.number
    verdict: Verdict
    if edit.number is not None and len(edit.update) > MAX_UPDATE:
        verdict = Refused(Refusal(Reason.TOO_LARGE))
    else:
        who = edit.member.principal.participant_id
        verdict = document.judge(edit.update, who, told.refuse, judged.standing.locked)
    match verdict:
        case Accepted(update, fresh):
            if fresh:
                _draft(document, judged, edit, update, at)
        case Trimmed(update, refusal):
            _draft(document, judged, edit, update, at)
            judged.refusals.append((edit, refusal, False))
        case Refused(refusal):
            judged.refusals.append((edit, refusal, True))


def _draft(document: Document, judged: Judged, edit: Edit, update: bytes, at: str) -> None:
    who = edit.member.principal.participant_id
    judged.drafts.append(EntryDraft(EntryKind.UPDATE, who, at, update))
    judged.updates.append(update)
    _follow(document, judged, update, who)
    _tell_of_brackets(document, judged, update, author_of(edit.member.principal), at)
    judged.writers.add(edit.member)
    judged.altered |= update != edit.update


def _tell_of_brackets(
    document: Document, judged: Judged, update: bytes, by: Author, at: str, decided: EntryDraft | None = None
) -> None:
    """Brackets that vanish or come back have an entry each (B5), behind the one that did it: `decided`, or an edit."""
    if not brackets.touches(document, update, judged.standing.brackets):
        return
    restoring = decided is not None and decided.kind == EntryKind.RESTORE
    resolved = json.loads(decided.payload)["bracket"] if decided and decided.kind == EntryKind.RESOLUTION else None
    for said in brackets.told_of(
        document, update, judged.standing.brackets, by.id, resolved=resolved, restoring=restoring
    ):
        judged.add(EntryDraft(EntryKind.RESOLUTION, by.id, at, written(said)), by, without_update(said))


def _follow(document: Document, judged: Judged, update: bytes, participant: str) -> None:
    """Threads go with their paragraphs."""
    judged.standing, moved = followed(judged.standing, document.index, update, participant)
    for thread in moved:
        judged.also.append(threads.changing(thread.id, **place_of(thread)))


def _decide(scene: Scene, command: Command, judged: Judged) -> None:
    try:
        decision = command.decide(scene)
        draft = decision.draft
        before = scene.document.brackets.sight() if draft is not None and draft.kind in snapshots.BEFORE else None
        update = None if draft is None or decision.update is None else _taken(scene, draft, decision.update)
    except Problem as problem:
        judged.problems.append((command.done, problem))
        return
    judged.decisions.append((command.done, decision))
    if draft is None:
        return
    if before is not None:
        judged.snap(scene.seq - 1, draft.at, draft.participant, before)
    if update is not None:
        draft = carrying(draft, update)
        judged.updates.append(update)
        judged.altered = True
        _follow(scene.document, judged, update, draft.participant)
    if decision.event is not None:
        judged.events.append(
            Event(scene.seq, told_as(draft.kind), decision.by, draft.at, decision.event, decision.readers)
        )
    if decision.by is not None:
        judged.stand(after(judged.standing, scene.seq, draft.kind, draft.payload, draft.at, decision.by))
    if draft.kind == EntryKind.COMMENT:
        draft = replace(draft, payload=recorded(draft.payload))
    judged.drafts.append(draft)
    judged.also.extend(decision.also)
    if update is not None and decision.by is not None:
        _tell_of_brackets(scene.document, judged, update, decision.by, draft.at, draft)
    for member, told in judged.told.items():  # who may write may have changed
        told.refuse = refusal_of(member.principal, judged.standing)


def _taken(scene: Scene, draft: EntryDraft, update: bytes) -> bytes | None:
    """What goes to the record of an update that the server wrote for somebody; None: it changes nothing.

    Raises Problem when locks or freezing forbid any of it; then nothing of it was taken.
    """
    refuse = Reason.FROZEN if scene.standing.frozen else None
    match scene.document.judge(update, draft.participant, refuse, scene.standing.locked, entire=True):
        case Accepted(taken, fresh):
            return taken if fresh else None
        case Trimmed(_, refusal) | Refused(refusal):
            raise _refused(refusal)


def _refused(refusal: Refusal) -> Problem:
    match refusal.reason:
        case Reason.LOCKED:
            names = list(refusal.paragraphs)
            return Problem(Code.LOCKED, "A locked paragraph would change; unlock it first.", paragraphs=names)
        case Reason.FROZEN:
            return Problem(Code.FROZEN, "Nobody can change the text until the chair opens it again.")
        case Reason.TOO_LARGE:
            return Problem(Code.TOO_LARGE, "This is too much for one change of the text.")
    return Problem(Code.INVALID, "This text cannot stand in a document.")


def answer(judged: Judged, seq: int) -> None:
    """Tells authors and commands what came of a batch. Only when it is on disk (R4)."""
    metrics.UPDATES.inc(judged.edits)
    for edit, refusal, whole in judged.refusals:
        metrics.REFUSED.labels(refusal.reason).inc()
        edit.member.refused(edit.number, refusal, whole=whole)
    for member, told in judged.told.items():
        member.saved(told.updates, told.step2, seq)
    for done, decision in judged.decisions:
        if not done.done():  # else nobody waits any more
            done.set_result(decision.result)
    for done, problem in judged.problems:
        fail(done, problem)


class Conflicting(Problem):
    """The same was written at the same time by somebody else: whoever asks again finds it done."""

    def __init__(self) -> None:
        super().__init__(Code.UNAVAILABLE, "The same request is being carried out; try again.")


def fail(done: asyncio.Future[Any], problem: Problem) -> None:
    if not done.done():
        done.set_exception(problem)
