"""From the bytes of an update to a verdict."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from crdt.errors import Diverged, Malformed
from crdt.gate.arrivals import Arrivals
from crdt.gate.claims import Claims, is_too_much
from crdt.gate.homes import IN_TEXT
from crdt.gate.inserted import concerned, in_order_of_clocks
from crdt.gate.locks import NO_LOCKS, Locks
from crdt.gate.schema import fits
from crdt.gate.trial import Trial
from crdt.gate.typing import typed_on
from crdt.gate.verdict import Accepted, Reason, Refusal, Refused, Trimmed, Verdict
from crdt.index import TextIndex
from crdt.update import PEER, Range, Struct, Update, decode, encode

NOTHING_NEW: Final = Accepted(b"\x00\x00", fresh=False)


def judge(
    index: TextIndex,
    arrivals: Arrivals,
    owners: dict[int, str],
    data: bytes,
    participant: str,
    refuse: Reason | None = None,
    locks: Locks = NO_LOCKS,
    *,
    entire: bool = False,
    before: Callable[[Mapping[int, Sequence[Range]]], None] | None = None,
) -> Verdict:
    """The verdict on an update of a participant, who may not write if there is a reason to `refuse`.

    `entire`: what cannot be taken as it came is not taken at all. `before`: is shown what an update would delete while
    nothing of it has come into the index.

    What is accepted has come into `index`, `arrivals` and `owners`; otherwise they stay as they were.
    """
    if refuse is None and typed_on(index, arrivals, owners, data, participant, locks):
        return Accepted(data)
    if len(data) > PEER.size:
        return Refused(Refusal(Reason.TOO_LARGE))
    try:
        update = decode(data)
    except Malformed:
        return Refused(Refusal(Reason.MALFORMED))
    claims = Claims(index, owners, participant, update, locks.ids)
    flaw = claims.flaw()
    if flaw is not None:
        text = in_order_of_clocks(claims.structs or update.structs)
        return Refused(Refusal(refuse or flaw, concerned(index, update), text))
    trial = Trial(index, arrivals, locks)
    try:
        if before is not None and update.deletes:
            before(update.deletes)
        flaw = trial.insert(claims.structs, participant, owners)
        whole = flaw is None
        if whole:
            trial.aim(update.deletes)
            flaw = refuse or trial.settle(claims.struck)
            if entire and flaw is None and trial.refusal is not None:
                flaw = trial.give_back()
    except Malformed:  # an origin or a delete range cuts a surrogate pair
        flaw, whole = Reason.SCHEMA, False
    if flaw is None:
        for struct in trial.structs:
            owners.setdefault(struct.client, participant)
        return _taken(data, update, trial)
    if whole and trial.only_tidies:  # by somebody who may not write: from others it would have been taken
        return NOTHING_NEW
    text = trial.text() if whole else in_order_of_clocks(claims.structs)
    trial.undo()
    return Refused(Refusal(refuse or flaw, tuple(trial.changed) or concerned(index, update), text))


def would_take(structs: Collection[Struct], size: int) -> bool:
    """Whether an empty document would take a text that the server itself composed, as an update of so many bytes: it
    keeps to T1 and to the bounds of every update. Ids, origins and their order are right as they were made."""
    fitting = all(fits(struct, struct.key or IN_TEXT) for struct in structs)
    return fitting and size <= PEER.size and not is_too_much(structs)


def _taken(data: bytes, update: Update, trial: Trial) -> Verdict:
    """What has come into the index, as it goes to the record and to pycrdt."""
    refusal = trial.refusal
    if not trial.structs and not trial.deletes:
        return NOTHING_NEW if refusal is None else Refused(refusal)
    if refusal is not None:
        return Trimmed(encode(Update(trial.structs, trial.deletes)), refusal)
    whole = len(trial.structs) == len(update.structs) and all(struct.source for struct in trial.structs)
    if whole and update.tidy and trial.deletes == update.deletes:
        return Accepted(data)
    return Accepted(encode(Update(trial.structs, trial.deletes)))


def admit(index: TextIndex, arrivals: Arrivals, owners: dict[int, str], update: Update, participant: str) -> None:
    """Take an update that the record holds: it was judged when it came. Diverged when it leaves a gap."""
    structs = index.fresh(update)
    if structs is None:
        raise Diverged("an update of the record leaves a gap")
    index.integrate(structs, update.deletes)
    for struct in structs:
        arrivals.take(struct, participant, owners)
        owners.setdefault(struct.client, participant)
