"""How a due date was counted, day by day, as data; `explain` turns it into sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from vietnam.working_time.calendar import MINUTES_OF_DAY, Calendar, DayNote, is_working_day
from vietnam.working_time.pauses import Stretch
from vietnam.working_time.period import MINUTES_OF_WORKING_DAY, Period, Unit


class Reason(StrEnum):
    RECEIVED = "received"
    RECEIVED_AFTER_HOURS = "received_after_hours"
    RECEIVED_ON_DAY_OFF = "received_on_day_off"
    AFTER_HOUR_RULE = "after_hour_rule"
    FIRST_DAY_NOT_COUNTED = "first_day_not_counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SWAPPED_WORK_DAY = "swapped_work_day"
    COUNTED = "counted"
    PAUSED = "paused"
    MOVED_TO_NEXT_WORKING_DAY = "moved_to_next_working_day"
    LAST_DAY = "last_day"


class Day(NamedTuple):
    """One day of a count. `minutes` of it were counted: working minutes, or the clock's in clock hours.

    `args` by reason: `at` and `rule` (hh:mm), `n` of `of` days, `name`, `name_en`, `document`,
    `provisional` of the day's note, `not_counted` on a day of receipt that opens a count of days, with the `ground`
    of leaving out that day where it was no working day or over already.
    """

    date: date
    counted: bool
    minutes: int
    reason: Reason
    args: Mapping[str, object] = {}


class Counting(NamedTuple):
    """What `due` found out, in absolute minutes: the receipt, where the count begins and ends, and the raw
    end of calendar units; `received` is the index of the working day of receipt, `first` that of the first working day
    that a limit in working days counts."""

    calendar: Calendar
    period: Period
    minute: int
    begin: int
    received: int
    first: int
    late: bool
    after_hour_rule: time | None
    stretches: Sequence[Stretch]
    end: int | None
    raw: int | None

    @property
    def leaves_out_arrival(self) -> bool:
        """A limit in working days whose first day is one on which the office was closed (already)."""
        return self.period.unit is Unit.WORKING_DAY and self.period.whole > 0 and self.first == self.received

    @property
    def is_mixed(self) -> bool:
        """Whole days and a part of a day: the whole days' end is no end."""
        return bool(self.period.whole and self.period.minutes)


def day_by_day(counting: Counting) -> tuple[Day, ...]:
    """Return every day from the receipt to the end of the limit, or to where an open pause stopped it."""
    return tuple(_days(counting))


def _days(c: Counting) -> Iterator[Day]:
    calendar, unit = c.calendar, c.period.unit
    first = c.minute // MINUTES_OF_DAY
    last = _last_day(c)
    on_the_calendar = unit in (Unit.CALENDAR_DAY, Unit.MONTH)
    by_calendar = on_the_calendar or unit is Unit.CALENDAR_HOUR
    event = c.begin // MINUTES_OF_DAY if by_calendar or c.leaves_out_arrival else calendar.days[c.received]
    n = 0
    for ordinal in range(first, last + 1):
        day = date.fromordinal(ordinal)
        working = is_working_day(calendar, day)
        marks = _marks(c, day)
        ends_here = ordinal == last and c.end is not None
        # Whole days (or months) are counted first, then the minutes of a part of a day.
        by_days = _counts_off_days(c, ordinal) if unit is Unit.MONTH else n < c.period.whole
        minutes = _minutes_on(c, ordinal) if c.period.minutes and not by_days else 0

        if ordinal < event and ordinal == first:
            yield Day(day, False, 0, _late_reason(c, working), marks)
        elif ordinal == event and c.period.whole:
            if c.leaves_out_arrival:
                ground = calendar.day_left_out_ground
                yield Day(day, False, 0, _late_reason(c, working), {**marks, "not_counted": True, "ground": ground})
            elif ordinal == first:
                yield Day(day, False, 0, Reason.RECEIVED, {**marks, "not_counted": True})
            else:
                yield Day(day, False, 0, Reason.FIRST_DAY_NOT_COUNTED, marks)
        elif not working and not _counts_off_days(c, ordinal):
            yield Day(day, False, 0, _off_reason(c, day), marks)
        elif _is_paused(c, ordinal, by_days, ends_here, minutes):
            stopped = ordinal == last and c.end is None
            yield Day(day, minutes > 0, minutes, Reason.PAUSED, {**marks, "open": stopped})
        elif by_days:
            if unit is not Unit.MONTH:
                n += 1
                marks |= {"n": n, "of": c.period.whole}
            minutes = 0 if on_the_calendar else MINUTES_OF_WORKING_DAY
            yield Day(day, True, minutes, _counted_reason(c, day, working, ends_here), marks)
        elif ordinal == first and not ends_here:
            yield Day(day, minutes > 0, minutes, Reason.RECEIVED, marks)
        else:
            counted = minutes > 0 or unit is Unit.AT_ONCE
            yield Day(day, counted, minutes, _counted_reason(c, day, working, ends_here), marks)


def _last_day(c: Counting) -> int:
    if c.end is not None:
        return c.end // MINUTES_OF_DAY
    # An open pause: up to the day on which the clock stopped.
    open_from = next(start for start, end in c.stretches if end is None)
    return max(c.calendar.next_minute_with(open_from), c.minute) // MINUTES_OF_DAY


def _counts_off_days(c: Counting, ordinal: int) -> bool:
    """Calendar units count days off up to their last day; the move to a working day passes over them."""
    if c.period.unit not in (Unit.CALENDAR_DAY, Unit.MONTH, Unit.CALENDAR_HOUR):
        return False
    return c.raw is None or ordinal <= _raw_day(c.raw, c.period.unit)


def _raw_day(raw: int, unit: Unit) -> int:
    return raw // MINUTES_OF_DAY if unit is Unit.CALENDAR_HOUR else raw


def _is_paused(c: Counting, ordinal: int, by_days: bool, ends_here: bool, minutes: int) -> bool:
    """A day left out of a count of days because its close was paused, or one whose minutes all were."""
    if ends_here or not c.stretches:
        return False
    if by_days and c.period.unit in (Unit.CALENDAR_DAY, Unit.MONTH):
        resume = c.calendar.next_minute_with
        return any(
            resume(start) // MINUTES_OF_DAY <= ordinal and (end is None or ordinal < resume(end) // MINUTES_OF_DAY)
            for start, end in c.stretches
        )
    if by_days or c.period.unit is Unit.AT_ONCE:
        close = c.calendar.worked_at((ordinal + 1) * MINUTES_OF_DAY)
        return any(start < close and (end is None or close <= end) for start, end in c.stretches)
    return minutes == 0


def _minutes_on(c: Counting, ordinal: int) -> int:
    """Minutes of the day between the start of the count and its end, less what was paused."""
    lower = max(ordinal * MINUTES_OF_DAY, c.begin)
    upper = (ordinal + 1) * MINUTES_OF_DAY
    if c.period.unit is Unit.CALENDAR_HOUR:
        upper = min(upper, c.raw) if c.raw is not None else upper
        return max(upper - lower - _overlap(lower, upper, _on_the_clock(c)), 0)
    if c.end is not None:
        upper = min(upper, c.end)
    a, b = c.calendar.worked_at(lower), c.calendar.worked_at(max(lower, upper))
    return b - a - _overlap(a, b, [(s, b if e is None else e) for s, e in c.stretches])


def _on_the_clock(c: Counting) -> list[tuple[int, int]]:
    resume = c.calendar.next_minute_with
    return [(resume(s), c.calendar.last_minute if e is None else resume(e)) for s, e in c.stretches]


def _overlap(lower: int, upper: int, intervals: Sequence[tuple[int, int]]) -> int:
    return sum(max(min(upper, end) - max(lower, start), 0) for start, end in intervals)


def _late_reason(c: Counting, working: bool) -> Reason:
    if not working:
        return Reason.RECEIVED_ON_DAY_OFF
    return Reason.AFTER_HOUR_RULE if c.late else Reason.RECEIVED_AFTER_HOURS


def _off_reason(c: Counting, day: date) -> Reason:
    return Reason.HOLIDAY if day in c.calendar.off else Reason.WEEKEND


def _counted_reason(c: Counting, day: date, working: bool, ends_here: bool) -> Reason:
    if ends_here:
        return Reason.LAST_DAY
    if c.raw is not None and _raw_day(c.raw, c.period.unit) == day.toordinal() and not (c.is_mixed and working):
        return Reason.MOVED_TO_NEXT_WORKING_DAY
    return Reason.SWAPPED_WORK_DAY if working and day in c.calendar.work else Reason.COUNTED


def _marks(c: Counting, day: date) -> dict[str, object]:
    marks: dict[str, object] = {}
    if day.toordinal() == c.minute // MINUTES_OF_DAY:
        marks["at"] = _clock(c.minute)
        if c.late and c.after_hour_rule is not None:
            marks["rule"] = f"{c.after_hour_rule:%H:%M}"
    note = c.calendar.work.get(day) or c.calendar.off.get(day)
    if note is not None:
        marks |= _note_marks(note)
    return marks


def _note_marks(note: DayNote) -> dict[str, object]:
    return {
        "name": note.name,
        "name_en": note.name_en,
        "document": note.document,
        "provisional": note.provisional,
    }


def _clock(minute: int) -> str:
    return f"{minute % MINUTES_OF_DAY // 60:02d}:{minute % 60:02d}"
