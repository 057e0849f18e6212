"""Who may do what: P2 as one table and one function. What is not granted there is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.tables import Role


class Act(StrEnum):
    """The rows of P2."""

    READ = "read"  # text, comments for all, brackets, history; also who takes part
    EDIT = "edit"  # open text
    COMMENT = "comment"
    TAKE_POSITION = "take_position"  # a delegation's position on a bracket
    PRESIDE = "preside"  # resolve brackets, lock, unlock, label a snapshot, freeze a document, set focus
    ADMINISTER = "administer"  # create meetings, documents, invitations; import; restore; rename; revoke, remove


class Grant(StrEnum):
    """The cells of P2."""

    NO = "no"
    YES = "yes"
    IF_MEETING_ALLOWS = "if_meeting_allows"
    ON_BEHALF = "on_behalf"  # for any delegation, and marked so
    OWN_DELEGATION = "own_delegation"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who is signed in."""

    participant_id: str
    name: str
    role: Role
    meeting_id: str | None  # none: secretariat of no meeting in particular
    delegation: str | None  # its code


@dataclass(frozen=True, slots=True)
class Ground:
    """The meeting in which something is to be done, as far as rights depend on it."""

    meeting_id: str
    observers_may_comment: bool = False


RIGHTS: Mapping[Act, Mapping[Role, Grant]] = {
    Act.READ: {
        Role.SECRETARIAT: Grant.YES,
        Role.CHAIR: Grant.YES,
        Role.DELEGATE: Grant.YES,
        Role.OBSERVER: Grant.YES,
    },
    Act.EDIT: {
        Role.SECRETARIAT: Grant.YES,
        Role.CHAIR: Grant.YES,
        Role.DELEGATE: Grant.YES,
        Role.OBSERVER: Grant.NO,
    },
    Act.COMMENT: {
        Role.SECRETARIAT: Grant.YES,
        Role.CHAIR: Grant.YES,
        Role.DELEGATE: Grant.YES,
        Role.OBSERVER: Grant.IF_MEETING_ALLOWS,
    },
    Act.TAKE_POSITION: {
        Role.SECRETARIAT: Grant.ON_BEHALF,
        Role.CHAIR: Grant.ON_BEHALF,
        Role.DELEGATE: Grant.OWN_DELEGATION,
        Role.OBSERVER: Grant.NO,
    },
    Act.PRESIDE: {
        Role.SECRETARIAT: Grant.NO,
        Role.CHAIR: Grant.YES,
        Role.DELEGATE: Grant.NO,
        Role.OBSERVER: Grant.NO,
    },
    Act.ADMINISTER: {
        Role.SECRETARIAT: Grant.YES,
        Role.CHAIR: Grant.NO,
        Role.DELEGATE: Grant.NO,
        Role.OBSERVER: Grant.NO,
    },
}


def grant(role: Role, act: Act) -> Grant:
    """The cell of P2; `no` where there is none."""
    return RIGHTS.get(act, {}).get(role, Grant.NO)


def belongs(who: Principal, ground: Ground | None) -> bool:
    """Whether this ground exists for them at all: otherwise what lies in it is not found (404), not forbidden.

    `ground` None: outside every meeting, where only the secretariat acts.
    """
    return who.role is Role.SECRETARIAT or (ground is not None and who.meeting_id == ground.meeting_id)


def allows(who: Principal, act: Act, ground: Ground | None, *, delegation: str | None = None) -> bool:
    """Whether `who` may do `act` on this ground. `delegation`: whose position is taken."""
    if not belongs(who, ground):
        return False
    match grant(who.role, act):
        case Grant.YES | Grant.ON_BEHALF:
            return True
        case Grant.IF_MEETING_ALLOWS:
            return ground is not None and ground.observers_may_comment
        case Grant.OWN_DELEGATION:
            return delegation is not None and delegation == who.delegation
        case Grant.NO:
            return False


def circle(who: Principal) -> str | None:
    """The delegation whose private threads one may read. The secretariat has none, whatever else it may."""
    return None if who.role is Role.SECRETARIAT else who.delegation


def may_see(who: Principal, readers: str | None) -> bool:
    """Whether one may see what is for this delegation alone; None: for everybody who may read here."""
    return readers is None or readers == circle(who)


def rights(who: Principal, ground: Ground | None) -> tuple[Act, ...]:
    """All that one may do there; a position, if on one's own delegation."""
    return tuple(act for act in Act if allows(who, act, ground, delegation=who.delegation))
