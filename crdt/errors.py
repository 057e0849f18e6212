"""What can go wrong in the document core: one small tree."""


class CrdtError(Exception):
    """Any failure of the document core."""


class Malformed(CrdtError):
    """Bytes that a peer sent are not what the protocol says; the edge closes the socket with 4400 (W7)."""


class Diverged(CrdtError):
    """The index and pycrdt hold different documents: the room stops and opens anew from the record."""
