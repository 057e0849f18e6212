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
    if not verify(public_key, statement, signature):
        raise Fault("the signature is not that of this statement by this key")
    found = parsed(statement)
    key = fingerprint(public_key)
    if found.get("key") != key:
        raise Fault("the statement names another key than the one that signed it")
    said, delegations = _parts(found)
    replay, withheld = Replay(said["document"]), 0
    for entry in entries:
        replay.take(entry)
        withheld += entry.payload is None
    told = facts(replay, delegations)
    for part in (*told, *said):
        if said.get(part) != told.get(part):
            raise Fault(f"the record tells otherwise of: {part}")
    return Checked(found, key, replay.seq, withheld)


def _parts(found: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    match found:
        case {"facts": {"document": str(), **rest} as said, "named": {"delegations": dict(names)}} if rest:
            return said, [(code, str(name)) for code, name in names.items()]
    raise Fault("the statement lacks its facts or its names")
