"""When a limit ends: `due`, for every unit the law uses.

How each unit is counted, and why:

- **When something counts as received.** Up to the closing moment of a working day: on that day. On a day
  off or after closing: at the next opening. With an after-hour rule (15:00 in civil status, certification,
  land), later than that hour: at the next working day's opening.
- **Whole working days.** The day of receipt is not counted (Civil Code 2015, article 147, unconfirmed
  wording); the limit ends at the close of office of the last one. What arrives on a day off counts as
  received on the next working day, and that day, being the day of receipt, is not counted either: the
  alternative would give an office that was closed less time than one that was open.
- **Working hours and parts of a day** run in working minutes, a day being eight hours. A limit such as 2.5
  days is two whole days and then four hours, never later than three days: so more is never due sooner.
- **Calendar days and months** (articles 147, 148): the day of the event is not counted even where it is a
  day off; an end on a day off moves to the close of office of the next working day. Months end on the day
  of the same number, or the month's last. Office hours do not matter, but the after-hour rule does.
- **Calendar hours** run on the clock from the moment itself; an end outside working time moves to the next
  opening, the first moment at which anything can be handed over.
- **At once** means by close of office of the day that counts as the day of receipt.
- **Pauses.** Minutes that stood still do not count in units of minutes. A day, working or calendar, is not
  counted when the clock stood still at its close: asked on Wednesday and answered on Friday, two days are
  left out, which is how people count by hand. No limit ends on a day whose close lies in a pause, and a
  pause without working time changes nothing in any unit. A pause that begins after the limit has ended
  does not reopen it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from vietnam.working_time.calendar import MINUTES_OF_DAY, Calendar, OutsideCalendar, instant_of
from vietnam.working_time.explanation import Counting, Day, day_by_day
from vietnam.working_time.pauses import Pause, Stretch, unite
from vietnam.working_time.period import Period, Unit


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


class _End(NamedTuple):
    """Where counting ended: an absolute minute, or what remained when an open pause stopped it.

    `raw` is the last day or minute before it was moved to working time (calendar units only).
    """

    minute: int | None
    remaining: Remaining | None = None
    raw: int | None = None


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
    late = False
    if after_hour_rule is not None:
        late = minute % MINUTES_OF_DAY > after_hour_rule.hour * 60 + after_hour_rule.minute
        if late and calendar.days[received] * MINUTES_OF_DAY <= minute:
            received += 1
            calendar.close_instant(received)  # the next working day must exist
    stretches = unite(calendar, pauses) if pauses else ()
    unit = period.unit

    if unit is Unit.WORKING_DAY and not period.minutes and not explain and not stretches:
        # The commonest question by far: a look-up without a search.
        return Due(calendar.close_instant(received + period.whole), start, period, calendar.version)

    counted_from = calendar.opens[received] if late else minute
    if unit is Unit.CALENDAR_HOUR:
        end = _calendar_minutes(calendar, counted_from, period.minutes, stretches)
    elif unit is Unit.WORKING_HOUR:
        end = _working_minutes(calendar, calendar.worked_at(counted_from), period.minutes, stretches)
    elif unit is Unit.AT_ONCE:
        end = _working_days(calendar, received, received, stretches)
    else:
        event = calendar.days[received] if late else minute // MINUTES_OF_DAY
        end = _days(calendar, period, received, event, calendar.worked_at(counted_from), stretches)

    explanation: tuple[Day, ...] = ()
    if explain:
        counting = Counting(
            calendar, period, minute, received, late, after_hour_rule, stretches, end.minute, end.raw
        )
        explanation = day_by_day(counting)
    at = None if end.minute is None else instant_of(end.minute)
    return Due(at, start, period, calendar.version, end.remaining, explanation)


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
    if end.minute is None:
        return None
    at = instant_of(end.minute)
    return at if ceiling is None or at <= ceiling else ceiling


def _days(
    calendar: Calendar,
    period: Period,
    received: int,
    event: int,
    from_worked: int,
    stretches: Sequence[Stretch],
) -> _End:
    """Whole days or months of `period`, then its minutes within the next day.

    `received` is a working day's index, `event` the ordinal of the day that calendar units do not count.
    """

    def whole(days: int) -> _End:
        if period.unit is Unit.WORKING_DAY:
            return _working_days(calendar, received + 1, received + days, stretches)
        if period.unit is Unit.MONTH:
            return _calendar_days(calendar, event, _months_later(event, days), stretches)
        return _calendar_days(calendar, event, event + days, stretches)

    if not period.minutes:
        return whole(period.whole)
    raw = event
    if period.whole:
        base = whole(period.whole)
        if base.minute is None:
            return _End(None, Remaining(base.remaining.days if base.remaining else 0, period.minutes))
        from_worked, raw = calendar.worked_at(base.minute), base.raw or event
    try:
        ceiling = whole(period.whole + 1).minute
    except OutsideCalendar:
        ceiling = None
    at_most = None if ceiling is None else calendar.worked_at(ceiling)
    end = _working_minutes(calendar, from_worked, period.minutes, stretches, at_most)
    return end if period.unit is Unit.WORKING_DAY else end._replace(raw=raw)


def _working_days(calendar: Calendar, first: int, last: int, stretches: Sequence[Stretch]) -> _End:
    """The close of the working day `last`, moved on by each day from `first` whose close was paused."""
    for start, end in stretches:
        paused = max(bisect_right(calendar.worked_at_close, start), first)
        if paused > last:
            break
        if end is None:
            return _End(None, Remaining(last - paused + 1, 0))
        last += max(bisect_right(calendar.worked_at_close, end) - paused, 0)
    calendar.close_instant(last)
    return _End(calendar.closes[last])


def _working_minutes(
    calendar: Calendar,
    worked: int,
    minutes: int,
    stretches: Sequence[Stretch],
    at_most: int | None = None,
) -> _End:
    """The minute at which `minutes` were worked after `worked`, or `at_most` were worked in all."""
    target = worked + minutes
    for start, end in stretches:
        if start < worked:
            start = worked
        if start >= target or (at_most is not None and start >= at_most):
            break
        if end is None:
            return _End(None, Remaining(0, target - start))
        if end > start:
            target += end - start
    if at_most is not None and target > at_most:
        target = at_most
    return _End(calendar.first_minute_with(target))


def _calendar_days(calendar: Calendar, event: int, last: int, stretches: Sequence[Stretch]) -> _End:
    """The close of the first working day from `last` on, which paused days after `event` move on."""
    for start, end in stretches:
        paused = max(calendar.next_minute_with(start) // MINUTES_OF_DAY, event + 1)
        if paused > last and paused > calendar.days[_working_day_from(calendar, last)]:
            break
        if end is None:
            return _End(None, Remaining(max(last - paused + 1, 0), 0))
        resumed = calendar.next_minute_with(end) // MINUTES_OF_DAY
        if resumed > paused:
            # Past the last day only its move to a working day is left, and that waits for the resumption.
            last = last + resumed - paused if paused <= last else resumed
    return _End(calendar.closes[_working_day_from(calendar, last)], raw=last)


def _working_day_from(calendar: Calendar, ordinal: int) -> int:
    index = bisect_left(calendar.days, ordinal)
    calendar.close_instant(index)
    return index


def _months_later(ordinal: int, months: int) -> int:
    day = date.fromordinal(ordinal)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OutsideCalendar(f"{months} months run beyond any calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])).toordinal()


def _calendar_minutes(calendar: Calendar, begin: int, minutes: int, stretches: Sequence[Stretch]) -> _End:
    """The absolute minute at which `minutes` passed on the clock, moved on to working time."""
    last = begin + minutes
    for start, end in stretches:
        paused = max(calendar.next_minute_with(start), begin)
        if paused >= last:
            break
        if end is None:
            return _End(None, Remaining(0, last - paused))
        last += max(calendar.next_minute_with(end) - paused, 0)
    i = bisect_right(calendar.starts, last) - 1
    if i >= 0 and last <= calendar.ends[i]:
        return _End(last, raw=last)
    if i + 1 == len(calendar.starts):
        raise OutsideCalendar(f"the term runs beyond calendar {calendar.version}")
    return _End(calendar.starts[i + 1], raw=last)
