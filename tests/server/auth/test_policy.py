"""P2: the table, and that nothing else grants anything."""

import pytest

from server.auth import policy
from server.auth.policy import Act, Ground, Principal, allows, rights
from server.tables import Role

# P2 as it stands in the contract: secretariat, chair, delegate, observer.
P2 = {
    Act.READ: "yes yes yes yes",
    Act.EDIT: "yes yes yes no",
    Act.COMMENT: "yes yes yes if",
    Act.TAKE_POSITION: "any any own no",
    Act.PRESIDE: "no yes no no",
    Act.ADMINISTER: "yes no no no",
}
ROLES = (Role.SECRETARIAT, Role.CHAIR, Role.DELEGATE, Role.OBSERVER)
HERE, THERE = Ground("here"), Ground("there")


def person(role: Role, delegation: str | None = "KAZ") -> Principal:
    return Principal("id", "Aru", role, "here", delegation)


def cells() -> list[tuple[Act, Role, str]]:
    return [(act, role, cell) for act, row in P2.items() for role, cell in zip(ROLES, row.split(), strict=True)]


def test_p2_names_every_act() -> None:
    assert set(P2) == set(Act)


@pytest.mark.parametrize(("act", "role", "cell"), cells())
def test_p2(act: Act, role: Role, cell: str) -> None:
    who = person(role)
    assert allows(who, act, HERE, delegation="KAZ") is (cell in ("yes", "any", "own"))
    assert allows(who, act, HERE, delegation="IND") is (cell in ("yes", "any"))
    assert allows(who, act, Ground("here", observers_may_comment=True), delegation="KAZ") is (cell != "no")


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", ROLES)
def test_only_the_secretariat_acts_in_other_meetings_p1(act: Act, role: Role) -> None:
    """P1: a participant belongs to one meeting; the secretariat acts in every one."""
    allowed = role is Role.SECRETARIAT and act is not Act.PRESIDE
    assert allows(person(role), act, THERE, delegation="KAZ") is allowed
    assert allows(person(role), act, None, delegation="KAZ") is allowed


def test_what_the_table_does_not_grant_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "RIGHTS", {Act.READ: {Role.CHAIR: policy.Grant.YES}})
    granted = [(role, act) for role in ROLES for act in Act if allows(person(role), act, HERE, delegation="KAZ")]
    assert granted == [(Role.CHAIR, Act.READ)]


def test_a_position_needs_a_delegation() -> None:
    assert not allows(person(Role.DELEGATE, None), Act.TAKE_POSITION, HERE, delegation=None)


def test_rights_are_what_is_allowed() -> None:
    assert rights(person(Role.OBSERVER), HERE) == (Act.READ,)
    assert rights(person(Role.OBSERVER), Ground("here", observers_may_comment=True)) == (Act.READ, Act.COMMENT)
    assert rights(person(Role.DELEGATE), THERE) == ()
