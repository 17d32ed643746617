"""How long a round of calls to others may go on: a worker is nobody's to wait with."""

from __future__ import annotations

import time

ROUND_SECONDS = 12.0  # a round begins no call after this; the timetable begins the next round
SHARE_SECONDS = 5.0  # of a round, for one of several neighbours


class TimeBudget:
    """Time that runs from when it is made; whoever has it asks before each call that it begins."""

    def __init__(self, seconds: float = ROUND_SECONDS, share: float = SHARE_SECONDS) -> None:
        self._ends_at = time.monotonic() + seconds
        self._share = share

    @property
    def is_spent(self) -> bool:
        return time.monotonic() >= self._ends_at

    def new_share(self) -> TimeBudget:
        """A budget of its own for one neighbour, at most what is left of this one."""
        return TimeBudget(min(self._share, self._ends_at - time.monotonic()))
