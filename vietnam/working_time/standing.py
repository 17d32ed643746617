"""How a dossier or a step stands against its due date, at a moment that is asked for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from vietnam.working_time.calendar import VIETNAM, Calendar
from vietnam.working_time.minutes import minutes_between
from vietnam.working_time.period import MINUTES_OF_WORKING_DAY


class Standing(StrEnum):
    EARLY = "early"  # finished on a day before the due day
    ON_TIME = "on_time"  # finished on the due day in time, or open with time to spare
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"


class Stand(NamedTuple):
    """`remaining_minutes` of working time, negative once overdue; None while the clock stands still, and where no
    calendar counts them."""

    standing: Standing
    remaining_minutes: int | None


def standing(
    calendar: Calendar,
    due_at: datetime | None,
    at: datetime,
    *,
    finished_at: datetime | None = None,
    paused: bool = False,
    soon_minutes: int = MINUTES_OF_WORKING_DAY,
) -> Stand:
    """Judge what is finished by when it was finished, and what is open by `at`.

    The due moment itself is still in time. A pause that began after the due moment cures nothing: it is
    overdue. Due soon: at most `soon_minutes` of working time are left. Seconds count here, where a limit
    is judged. Raises `NaiveInstant`, `OutsideCalendar`.
    """
    if due_at is None:
        return Stand(Standing.PAUSED, None)
    found = standing_by_dates(due_at, at, finished_at=finished_at, paused=paused)
    remaining = minutes_between(calendar, at if finished_at is None else finished_at, due_at)
    if found is Standing.ON_TIME and finished_at is None and remaining <= soon_minutes:
        return Stand(Standing.DUE_SOON, remaining)
    return Stand(found, remaining)


def standing_by_dates(
    due_at: datetime, at: datetime, *, finished_at: datetime | None = None, paused: bool = False
) -> Standing:
    """The same where no calendar says how many minutes are left or over."""
    if (at if finished_at is None else finished_at) > due_at:
        return Standing.OVERDUE
    if finished_at is not None:
        earlier = finished_at.astimezone(VIETNAM).date() < due_at.astimezone(VIETNAM).date()
        return Standing.EARLY if earlier else Standing.ON_TIME
    return Standing.PAUSED if paused else Standing.ON_TIME
