"""The register of CICA: its members and observers, as the delegations of a new meeting.

Source and date stand in the file itself; a meeting's list can be edited, so the file need not be the last word.
"""

import json
import re
from functools import cache
from pathlib import Path

from server.tables import DelegationKind

FILE = Path(__file__).parent / "data" / "cica_register.json"

_ACRONYMS = {"United Nations": "UN"}  # the one whose name in the file brings none along
_ACRONYM = re.compile(r"^(?P<name>.+?)\s*\((?P<code>[A-Z]+)\)$")


@cache
def cica() -> tuple[tuple[str, str, DelegationKind], ...]:
    """Code, name and kind: the members, then the observer states, then the observer organisations."""
    register = json.loads(FILE.read_text(encoding="utf-8"))
    states = [
        (state["iso3"], state["name"], kind)
        for list_, kind in (("members", DelegationKind.MEMBER), ("observer_states_2022", DelegationKind.OBSERVER))
        for state in register[list_]
    ]
    organisations = [_organisation(name) for name in register["observer_organizations_2022"]]
    return (*states, *organisations)


def _organisation(name: str) -> tuple[str, str, DelegationKind]:
    named = _ACRONYM.match(name)
    if named is None:
        return _ACRONYMS[name], name, DelegationKind.ORGANISATION
    return named["code"], named["name"], DelegationKind.ORGANISATION
