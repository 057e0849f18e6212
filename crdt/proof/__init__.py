"""What a record proves, and how anybody checks it who has the record alone: pure Python, nothing installed.

A statement says what a document was at a labelled snapshot: its text, its locks, its brackets, and what was deleted
since the labelled snapshot before. Its facts follow from the record's entries, from which `check` finds them again.
"""

from crdt.proof.checking import Checked, check, compare, signed
from crdt.proof.ed25519 import verify
from crdt.proof.entries import Recorded, line, read
from crdt.proof.facts import Facts, facts
from crdt.proof.faults import Fault
from crdt.proof.replay import Replay
from crdt.proof.statement import FORMAT, fingerprint, written

__all__ = [
    "FORMAT", "Checked", "Facts", "Fault", "Recorded", "Replay", "check", "compare", "facts", "fingerprint", "line",
    "read", "signed", "verify", "written",
]  # fmt: skip
