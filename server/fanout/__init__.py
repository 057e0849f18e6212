"""How processes hear of each other's commits. The database orders; this only hurries."""

from server.fanout.local import LocalFanout
from server.fanout.port import Advance, Fanout

__all__ = ["Advance", "Fanout", "LocalFanout"]
