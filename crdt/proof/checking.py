"""Whether a statement is true: signed by its key, and told by the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crdt.proof.ed25519 import verify
from crdt.proof.entries import Recorded
from crdt.proof.facts import facts
from crdt.proof.faults import Fault
from crdt.proof.replay import Replay
from crdt.proof.statement import fingerprint, parsed


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement that is true of a record of so many entries, if the key is the server's."""

    statement: dict[str, Any]
    key: str  # its fingerprint
    entries: int
    withheld: int  # entries that are known by their digests alone


def check(statement: bytes, signature: bytes, public_key: bytes, entries: Iterable[Recorded]) -> Checked:
    """Raises Fault. `entries`: the record from its first one to the snapshot's."""
    found = signed(statement, signature, public_key)
    replay, withheld = Replay(_parts(found)[0]["document"]), 0
    for entry in entries:
        replay.take(entry)
        withheld += entry.payload is None
    compare(found, replay)
    return Checked(found, fingerprint(public_key), replay.seq, withheld)


def signed(statement: bytes, signature: bytes, public_key: bytes) -> dict[str, Any]:
    """What a statement says, if its signature is right. Raises Fault."""
    if not verify(public_key, statement, signature):
        raise Fault("the signature is not that of this statement by this key")
    found = parsed(statement)
    if found.get("key") != fingerprint(public_key):
        raise Fault("the statement names another key than the one that signed it")
    return found


def compare(statement: dict[str, Any], replay: Replay) -> None:
    """With the record, which was replayed up to the snapshot. Raises Fault."""
    said, delegations = _parts(statement)
    told = facts(replay, delegations)
    for part in (*told, *said):
        if said.get(part) != told.get(part):
            raise Fault(f"the record tells otherwise of: {part}")


def _parts(found: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    match found:
        case {"facts": {"document": str(), **rest} as said, "named": {"delegations": dict(names)}} if rest:
            return said, [(code, str(name)) for code, name in names.items()]
    raise Fault("the statement lacks its facts or its names")
