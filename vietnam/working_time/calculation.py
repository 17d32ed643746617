"""When a limit ends: `due`, for every unit the law uses.

How each unit is counted, and why:

- **When something counts as received.** Up to the closing moment of a working day: on that day. On a day
  off or after closing: at the next opening. With an after-hour rule (15:00 in civil status, certification,
  land), later than that hour: at the next working day's opening.
- **Whole working days.** The first day is not counted (Civil Code 2015, article 147, clause 2); the limit ends at
  the close of office of the last one. Only one day is left out: of what arrives on a day off or after closing
  it is the day of arrival, and the next working day counts. `FirstDay.WORKING_DAY` leaves out the day that counts
  as the day of receipt instead, and so does an after-hour rule, by which a receipt on Friday at 15:01 and one on
  Saturday are both receipts of Monday.
- **Working hours and parts of a day** run in working minutes, a day being eight hours. A limit such as 2.5
  days is two whole days and then four hours, never later than three days: so more is never due sooner.
- **Calendar days and months** (articles 147, 148): the day of the event is not counted even where it is a
  day off; an end on a day off moves to the close of office of the next working day. Months end on the day
  of the same number, or the month's last; days on top of months (an extension) are calendar days.
- **Calendar hours** run on the clock from the moment itself to a moment (article 147, clause 1). That moment stays
  where it is, on a Saturday too: the move to a working day (article 148, clause 5) is a rule of limits in days.
- Office hours mean nothing to the start of calendar units, unless the after-hour rule holds: then they too
  begin with the day that counts as the day of receipt. Otherwise who came at 15:01 would be due later than
  who came at midnight.
- **At once** means by close of office of the day that counts as the day of receipt.
- **Pauses.** Minutes that stood still do not count in units of minutes. A day, working or calendar, is not
  counted when the clock stood still at its close: asked on Wednesday and answered on Friday, two days are
  left out, which is how people count by hand. No limit ends on a day whose close lies in a pause, and a
  pause without working time changes nothing in any unit. A pause that begins after the limit has ended
  does not reopen it.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from vietnam.working_time.calendar import MINUTES_OF_DAY, Calendar, FirstDay, OutsideCalendar
from vietnam.working_time.explanation import Counting, Day, day_by_day
from vietnam.working_time.pauses import Pause, Stretch, unite
from vietnam.working_time.period import Period, Unit

# Bound once: looking a member up on its enum costs as much as a search in the calendar.
_WORKING_DAY, _WORKING_HOUR, _CALENDAR_HOUR = Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_HOUR
_MONTH, _AT_ONCE, _RECEIPT = Unit.MONTH, Unit.AT_ONCE, FirstDay.RECEIPT


class Remaining(NamedTuple):
    """What is left of a limit whose clock stands still: whole days of its unit, and minutes."""

    days: int
    minutes: int


class Due(NamedTuple):
    """The end of a limit. `at` is None while the clock stands still; then `remaining` says what is left."""

    at: datetime | None
    start: datetime
    period: Period
    calendar_version: str
    remaining: Remaining | None = None
    explanation: tuple[Day, ...] = ()


def due(
    calendar: Calendar,
    start: datetime,
    period: Period,
    *,
    after_hour_rule: time | None = None,
    pauses: Sequence[Pause] = (),
    explain: bool = True,
) -> Due:
    """Return when `period` ends that began with a receipt at `start`, and how it was counted.

    `explain=False` leaves the explanation empty, for work on many dossiers. Raises `NaiveInstant`,
    `OutsideCalendar`, `InvalidPause`.
    """
    minute = calendar.minute_of(start)
    received = calendar.reception_day(minute)
    late, begin, first = False, minute, received + 1
    if after_hour_rule is not None:
        late = minute % MINUTES_OF_DAY > after_hour_rule.hour * 60 + after_hour_rule.minute
        if late and calendar.days[received] * MINUTES_OF_DAY <= minute:
            received += 1
            calendar.close_of(received)  # the next working day must exist
        begin = max(minute, calendar.opens[received])
        first = received + 1
    elif calendar.day_left_out is _RECEIPT and calendar.days[received] * MINUTES_OF_DAY > minute:
        first = received  # the day of arrival is the one left out
    stretches = unite(calendar, pauses) if pauses else ()
    unit, whole = period.unit, period.whole

    at: datetime | None = None
    remaining: Remaining | None = None
    raw: int | None = None
    # Working units end where counting ends; calendar units end raw and are then moved to working time.
    end: int | Remaining
    if unit is _WORKING_DAY and not period.minutes:
        end = _working_days(calendar, first, first + whole - 1, stretches)
    elif unit is _WORKING_HOUR:
        end = _working_minutes(calendar, calendar.worked_at(begin), period.minutes, stretches)
    elif unit is _AT_ONCE:
        end = _working_days(calendar, received, received, stretches)
    elif unit is _CALENDAR_HOUR:
        end = _clock_minutes(calendar, begin, period.minutes, stretches)
        raw = None if isinstance(end, Remaining) else end
    elif period.minutes:
        end, raw = _part_of_day(calendar, period, first, begin, stretches)
    else:
        end, raw = _whole(calendar, period, whole, first, begin // MINUTES_OF_DAY, stretches)

    if isinstance(end, Remaining):
        remaining, last = end, None
    else:
        at, last = calendar.instant_of(end), end
    if not explain:
        return Due(at, start, period, calendar.version, remaining)
    counting = Counting(calendar, period, minute, begin, received, first, late, after_hour_rule, stretches, last, raw)
    return Due(at, start, period, calendar.version, remaining, day_by_day(counting))


def step_due(
    calendar: Calendar,
    start: datetime,
    minutes: int,
    *,
    ceiling: datetime | None = None,
    pauses: Sequence[Pause] = (),
) -> datetime | None:
    """Return when an internal step ends that runs in working minutes from its hand-over.

    `ceiling` is the dossier's own due date, which no step outlives. None while the clock stands still.
    Raises as `due`.
    """
    worked = calendar.worked_at(calendar.minute_of(start))
    end = _working_minutes(calendar, worked, minutes, unite(calendar, pauses))
    if isinstance(end, Remaining):
        return None
    at = calendar.instant_of(end)
    return at if ceiling is None or at <= ceiling else ceiling


def _whole(
    calendar: Calendar, period: Period, count: int, first: int, event: int, stretches: Sequence[Stretch]
) -> tuple[int | Remaining, int | None]:
    """Whole days or months: where they end, and for calendar units the raw day before its move.

    `first` is the index of the first working day that counts, `event` the ordinal of the day that calendar
    units do not count.
    """
    if period.unit is _WORKING_DAY:
        return _working_days(calendar, first, first + count - 1, stretches), None
    last = _months_later(event, count) + period.days if period.unit is _MONTH else event + count
    raw = _calendar_days(calendar, event, last, stretches)
    if isinstance(raw, Remaining):
        return raw, None
    return calendar.closes[calendar.working_day_from(raw)], raw


def _part_of_day(
    calendar: Calendar, period: Period, first: int, begin: int, stretches: Sequence[Stretch]
) -> tuple[int | Remaining, int | None]:
    """The whole days of `period`, then its minutes, never beyond one whole day more; raw as in `_whole`."""
    unit, event, following = period.unit, begin // MINUTES_OF_DAY, first
    worked = calendar.worked_at(begin)
    raw = None if unit is _WORKING_DAY else event
    if period.whole:
        base, raw = _whole(calendar, period, period.whole, first, event, stretches)
        if isinstance(base, Remaining):
            return Remaining(base.days, period.minutes), None
        worked = calendar.worked_at(base)
        following = calendar.reception_day(base) + 1
    end = _working_minutes(calendar, worked, period.minutes, stretches)
    next_close = calendar.closes[following] if following < len(calendar.closes) else 0
    if unit is _WORKING_DAY and not isinstance(end, Remaining) and end <= next_close:
        return end, None  # one working day more ends there at the soonest
    try:
        ceiling, _ = _whole(calendar, period, period.whole + 1, first, event, stretches)
    except OutsideCalendar:
        return end, raw
    if isinstance(ceiling, Remaining):
        return end, raw
    at_most = calendar.worked_at(ceiling)
    return _working_minutes(calendar, worked, period.minutes, stretches, at_most), raw


def _working_days(calendar: Calendar, first: int, last: int, stretches: Sequence[Stretch]) -> int | Remaining:
    """The close of the working day `last`, moved on by each day from `first` whose close was paused."""
    for start, end in stretches:
        paused = bisect_right(calendar.worked_at_close, start)
        if paused < first:
            paused = first
        if paused > last:
            break
        if end is None:
            return Remaining(last - paused + 1, 0)
        resumed = bisect_right(calendar.worked_at_close, end)
        if resumed > paused:
            last += resumed - paused
    return calendar.close_of(last)


def _working_minutes(
    calendar: Calendar,
    worked: int,
    minutes: int,
    stretches: Sequence[Stretch],
    at_most: int | None = None,
) -> int | Remaining:
    """The minute at which `minutes` were worked after `worked`, or `at_most` were worked in all."""
    target = worked + minutes
    for start, end in stretches:
        if start < worked:
            start = worked
        if start >= target or (at_most is not None and start >= at_most):
            break
        if end is None:
            return Remaining(0, target - start)
        if end > start:
            target += end - start
    if at_most is not None and target > at_most:
        target = at_most
    return calendar.first_minute_with(target)


def _calendar_days(calendar: Calendar, event: int, last: int, stretches: Sequence[Stretch]) -> int | Remaining:
    """The ordinal `last`, moved on by each day after `event` at whose end the clock stood still."""
    for start, end in stretches:
        paused = calendar.next_minute_with(start) // MINUTES_OF_DAY
        if paused <= event:
            paused = event + 1
        if paused > last and paused > calendar.days[calendar.working_day_from(last)]:
            break
        if end is None:
            return Remaining(max(last - paused + 1, 0), 0)
        resumed = calendar.next_minute_with(end) // MINUTES_OF_DAY
        if resumed > paused:
            # Past the last day only its move to a working day is left, and that waits for the resumption.
            last = last + resumed - paused if paused <= last else resumed
    return last


def _clock_minutes(calendar: Calendar, begin: int, minutes: int, stretches: Sequence[Stretch]) -> int | Remaining:
    """The absolute minute at which `minutes` passed on the clock after `begin`."""
    last = begin + minutes
    for start, end in stretches:
        paused = max(calendar.next_minute_with(start), begin)
        if paused >= last:
            break
        if end is None:
            return Remaining(0, last - paused)
        last += max(calendar.next_minute_with(end) - paused, 0)
    if last >= calendar.last_minute:
        raise OutsideCalendar(f"the term runs beyond calendar {calendar.version}")
    return last


def _months_later(ordinal: int, months: int) -> int:
    """The ordinal of the same day number, or of the month's last day, some months later."""
    day = date.fromordinal(ordinal)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OutsideCalendar(f"{months} months run beyond any calendar")
    last = day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last).toordinal()
