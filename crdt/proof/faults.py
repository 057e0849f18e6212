"""What is wrong with a proof."""

from crdt.errors import CrdtError


class Fault(CrdtError):
    """A sentence for whoever checks. `seq`: of the entry that is not right; None: it lies elsewhere."""

    def __init__(self, reason: str, seq: int | None = None) -> None:
        super().__init__(reason if seq is None else f"entry {seq}: {reason}")
        self.seq = seq
        self.reason = reason
