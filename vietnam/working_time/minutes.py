"""Working minutes added, taken away and counted between instants.

Two instants with no working time between them are the same point of working time. Adding ends at the
earliest of them (a closing, 11:30, not the next opening, 13:00), subtracting at the latest, so that nobody's
time is stretched over a break.
"""

from __future__ import annotations

from datetime import datetime

from vietnam.working_time.calendar import Calendar, OutsideCalendar


def add_minutes(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Return the instant at which `minutes` of working time have passed since `start`.

    Zero minutes give `start` to the minute; a negative number is `subtract_minutes`.
    Raises `OutsideCalendar`, `NaiveInstant`.
    """
    if minutes < 0:
        return subtract_minutes(calendar, start, -minutes)
    minute = calendar.minute_of(start)
    if minutes:
        minute = calendar.first_minute_with(calendar.worked_at(minute) + minutes)
    return calendar.instant_of(minute)


def subtract_minutes(calendar: Calendar, end: datetime, minutes: int) -> datetime:
    """Return the latest instant from which `minutes` of working time pass until `end`.

    Raises `OutsideCalendar`, `NaiveInstant`.
    """
    if minutes < 0:
        return add_minutes(calendar, end, -minutes)
    minute = calendar.minute_of(end)
    if minutes:
        worked = calendar.worked_at(minute) - minutes
        if worked < 0:
            raise OutsideCalendar(f"the time lies before calendar {calendar.version}")
        minute = calendar.next_minute_with(worked)
    return calendar.instant_of(minute)


def minutes_between(calendar: Calendar, a: datetime, b: datetime) -> int:
    """Return the working minutes from `a` to `b`; negative when `b` is the earlier.

    Raises `OutsideCalendar`, `NaiveInstant`.
    """
    return calendar.worked_at(calendar.minute_of(b)) - calendar.worked_at(calendar.minute_of(a))
