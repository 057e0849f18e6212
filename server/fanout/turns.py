"""Turns to write a document: held in Redis for a short time, handed on in the order in which they were asked for.

Two processes that write one document would meet at the head of its record again and again, and the one that comes
second judges its batch twice. A turn spares that. It is no lock: one that does not come in time is done without, and
one whose holder died runs out.
"""

import asyncio
from collections.abc import Sequence

from server import metrics

HELD_MS = 500  # a turn that was not given back is free again
QUEUE_MS = 2_000  # nobody has waited for so long

WAIT_S = HELD_MS / 1000
"""Seconds for a turn; then without. As long as a turn is held, and no shorter: whoever gives up before meets the holder
at the head of the record and must judge again, perhaps from the record, for which 0.15 s are too short. Nor longer:
whoever has waited for that long knows that the holder has died or is stuck, and that the turn has run out. So a death
costs others this once, where waiting for 0.15 s cost them that for each batch until the turn ran out. Where nobody dies
a turn comes after some milliseconds, and this is never waited for."""

Command = Sequence[str | bytes | int]

TAKE = """
redis.call('lrem', KEYS[2], 0, ARGV[1])
local holder = redis.call('get', KEYS[1])
if not holder or holder == ARGV[1] then
  redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
  return tonumber(redis.call('get', KEYS[3]) or 0)
end
redis.call('rpush', KEYS[2], ARGV[1])
redis.call('pexpire', KEYS[2], ARGV[3])
return -1
"""
"""How far the record has come, or -1: one has to wait."""

GIVE = """
redis.call('set', KEYS[3], ARGV[4], 'px', ARGV[3])
redis.call('lrem', KEYS[2], 0, ARGV[1])
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
local next = redis.call('lpop', KEYS[2])
if not next then return redis.call('del', KEYS[1]) end
redis.call('set', KEYS[1], next, 'px', ARGV[2])
return redis.call('publish', ARGV[5], ARGV[6] .. next .. ' ' .. ARGV[4])
"""
"""To the one who has waited longest, who hears of it on the document's channel."""


class Turns:
    """Of one process; `keys`: what its keys in Redis begin with."""

    def __init__(self, process: str, keys: str) -> None:
        self._process = process
        self._keys = keys
        self._waiting: dict[str, asyncio.Future[int]] = {}

    def taking(self, document: str) -> Command:
        return ("EVAL", TAKE, 3, *self._names(document), self._process, HELD_MS, QUEUE_MS)

    def giving(self, document: str, seq: int, channel: str, mark: bytes) -> Command:
        """`mark`: what a word about turns begins with on a channel."""
        return ("EVAL", GIVE, 3, *self._names(document), self._process, HELD_MS, QUEUE_MS, seq, channel, mark)

    def _names(self, document: str) -> tuple[str, str, str]:
        turn = f"{self._keys}turn:{{{document}}}"  # braces: one slot, where Redis is a cluster
        return turn, f"{turn}:queue", f"{turn}:seq"

    def expect(self, document: str) -> "asyncio.Future[int]":
        """Done when the turn is handed to this process."""
        self._waiting[document] = waiting = asyncio.get_running_loop().create_future()
        return waiting

    async def wait(self, document: str, waiting: "asyncio.Future[int]") -> int:
        try:
            async with asyncio.timeout(WAIT_S):
                return await waiting
        except TimeoutError:
            metrics.TURNS.labels("late").inc()
            return 0
        finally:
            self.forget(document)

    def forget(self, document: str) -> None:
        self._waiting.pop(document, None)

    def handed(self, document: str, to: str, seq: int) -> bool:
        """False: it is this process's turn, and nobody here wants it any more."""
        if to != self._process:
            return True
        waiting = self._waiting.get(document)
        if waiting is None or waiting.done():
            return False
        metrics.TURNS.labels("handed").inc()
        waiting.set_result(seq)
        return True
