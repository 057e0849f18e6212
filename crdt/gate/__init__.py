"""The gate: nothing that it has not passed ever reaches pycrdt, the record, or anybody's screen.

`judge` says what becomes of one update; what it accepts stands in the index at once. It looks at bytes first, then at
each struct alone (schema), then at who wrote it (W5), and last at the document as it would be; then it takes it or
leaves everything as it was.
"""

from crdt.gate.arrivals import Arrivals
from crdt.gate.judging import admit, judge
from crdt.gate.verdict import Accepted, Reason, Refusal, Refused, Trimmed, Verdict

__all__ = ["Accepted", "Arrivals", "Reason", "Refusal", "Refused", "Trimmed", "Verdict", "admit", "judge"]
