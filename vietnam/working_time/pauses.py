"""Times that do not count, brought into working time and united."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from vietnam.working_time.calendar import Calendar, absolute_minute


class Pause(NamedTuple):
    """The clock stood still from `start` until `end`; an open pause has no end yet."""

    start: datetime
    end: datetime | None


# Worked minutes (since the calendar's first day) at which a united pause begins and ends.
Stretch = tuple[int, int | None]


class InvalidPause(ValueError):
    """A pause ends before it begins."""


def unite(calendar: Calendar, pauses: Sequence[Pause]) -> list[Stretch]:
    """Return the union of the pauses in order, as stretches of working time.

    Pauses that overlap count once, whatever their order; a pause without working time falls away, and two
    with no working time between them are one. Raises `InvalidPause`, `NaiveInstant`.
    """
    stretches: list[Stretch] = []
    for pause_start, pause_end in pauses:
        start = calendar.worked_at(absolute_minute(pause_start))
        if pause_end is None:
            stretches.append((start, None))
            continue
        if pause_end < pause_start:
            raise InvalidPause(f"a pause ends before it begins: {pause_start} to {pause_end}")
        end = calendar.worked_at(absolute_minute(pause_end))
        if end > start:
            stretches.append((start, end))
    return stretches if len(stretches) < 2 else _merged(stretches)


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    stretches.sort(key=itemgetter(0))
    merged = [stretches[0]]
    for start, end in stretches[1:]:
        last_start, last_end = merged[-1]
        if last_end is None:
            break
        if start > last_end:
            merged.append((start, end))
        elif end is None or end > last_end:
            merged[-1] = (last_start, end)
    return merged
