"""How processes hear of each other: commits, people, carets. The database orders; this only hurries."""

from server.fanout.hints import (
    EVERYBODY,
    Advance,
    Asking,
    Carets,
    Changed,
    Ended,
    Focus,
    Here,
    Hint,
    Missed,
    Roll,
    Writing,
)
from server.fanout.local import LocalFanout
from server.fanout.port import Fanout
from server.fanout.redis import RedisFanout

__all__ = [
    "EVERYBODY",
    "Advance",
    "Asking",
    "Carets",
    "Changed",
    "Ended",
    "Fanout",
    "Focus",
    "Here",
    "Hint",
    "LocalFanout",
    "Missed",
    "RedisFanout",
    "Roll",
    "Writing",
]
