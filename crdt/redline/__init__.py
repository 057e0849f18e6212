"""How two points of one record differ: paragraph by paragraph, and word by word within them."""

from crdt.redline.comparing import compare
from crdt.redline.model import Compared, Op, Piece, Status

__all__ = ["Compared", "Op", "Piece", "Status", "compare"]
