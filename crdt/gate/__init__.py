"""The gate: nothing that it has not passed ever reaches pycrdt, the record, or anybody's screen.

`judge` says what becomes of one update; what it accepts stands in the index at once. It looks at the bytes, then at
what the update claims (`claims`: authors, gaps, contents), then at the document as it would be (`trial`: origins,
locks), and takes it, takes a part, or leaves everything as it was.
"""

from crdt.gate.arrivals import Arrivals
from crdt.gate.judging import admit, judge, would_take
from crdt.gate.locks import NO_LOCKS, Locks
from crdt.gate.verdict import Accepted, Reason, Refusal, Refused, Trimmed, Verdict

__all__ = [
    "NO_LOCKS",
    "Accepted",
    "Arrivals",
    "Locks",
    "Reason",
    "Refusal",
    "Refused",
    "Trimmed",
    "Verdict",
    "admit",
    "judge",
    "would_take",
]
