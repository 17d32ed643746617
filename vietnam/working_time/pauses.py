"""Times that do not count, brought into working time and united."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from vietnam.working_time.calendar import Calendar, absolute_minute


class Pause(NamedTuple):
    """The clock stood still from `start` until `end`; an open pause has no end yet."""

    start: datetime
    end: datetime | None


class Stretch(NamedTuple):
    """Worked minutes (since the calendar's first day) at which a united pause begins and ends."""

    start: int
    end: int | None


class InvalidPause(ValueError):
    """A pause ends before it begins."""


def unite(calendar: Calendar, pauses: Sequence[Pause]) -> list[Stretch]:
    """Return the union of the pauses in order, as stretches of working time.

    Pauses that overlap count once, whatever their order; a pause without working time falls away, and two
    with no working time between them are one. Raises `InvalidPause`, `NaiveInstant`.
    """
    stretches: list[Stretch] = []
    for pause in pauses:
        start = calendar.worked_at(absolute_minute(pause.start))
        if pause.end is None:
            stretches.append(Stretch(start, None))
            continue
        if pause.end < pause.start:
            raise InvalidPause(f"a pause ends before it begins: {pause.start} to {pause.end}")
        end = calendar.worked_at(absolute_minute(pause.end))
        if end > start:
            stretches.append(Stretch(start, end))
    return stretches if len(stretches) < 2 else _merged(stretches)


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    stretches.sort(key=lambda stretch: stretch.start)
    merged = [stretches[0]]
    for start, end in stretches[1:]:
        last = merged[-1]
        if last.end is None:
            break
        if start > last.end:
            merged.append(Stretch(start, end))
        elif end is None or end > last.end:
            merged[-1] = Stretch(last.start, end)
    return merged
