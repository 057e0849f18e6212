"""Who is online in other processes, as far as they tell; what is not repeated in time is forgotten (a process died)."""

from collections.abc import Callable, Collection

from server.fanout import Roll

WHOLE_EVERY = 2.0
"""Seconds between two whole rolls of one process; what has changed is told at once."""

OVERDUE = 5.0
"""Seconds without a roll after which a process is taken to be gone."""


class Elsewhere:
    """Participants by process. `clock`: monotonic seconds."""

    def __init__(self, process: str, clock: Callable[[], float]) -> None:
        self._process = process
        self._clock = clock
        self._rolls: dict[str, tuple[float, set[str]]] = {}  # when last heard, who is there
        self._told: frozenset[str] = frozenset()  # of this process
        self._whole_at = 0.0

    def __contains__(self, participant: object) -> bool:
        return any(participant in people for _, people in self._rolls.values())

    def hear(self, roll: Roll) -> None:
        if roll.process == self._process:
            return
        _, known = self._rolls.get(roll.process, (0.0, set()))
        people = set(roll.came) if roll.whole else (known | set(roll.came)) - set(roll.gone)
        self._rolls[roll.process] = self._clock(), people

    def roll(self, here: Collection[str]) -> Roll | None:
        """What is to be told of this process now, if anything; also forgets who is overdue."""
        now = self._clock()
        for process in [process for process, (at, _) in self._rolls.items() if now - at > OVERDUE]:
            del self._rolls[process]
        told, self._told = self._told, frozenset(here)
        if now - self._whole_at >= WHOLE_EVERY:
            self._whole_at = now
            return Roll(self._process, tuple(self._told), whole=True)
        if told == self._told:
            return None
        return Roll(self._process, tuple(self._told - told), tuple(told - self._told))
