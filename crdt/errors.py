"""What can go wrong with a document, as one small tree."""


class CrdtError(Exception):
    """Any fault of this package."""


class Malformed(CrdtError):
    """A peer's bytes are not what they claim to be: the peer's fault (close code 4400, W7)."""


class Diverged(CrdtError):
    """Two replicas of one document differ, or a dump does not fit its state: ours to mend from the record."""
