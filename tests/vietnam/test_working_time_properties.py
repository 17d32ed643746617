"""The clock against a naive one that walks minute by minute, over random calendars; and its laws."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vietnam.working_time import (
    VIETNAM,
    Calendar,
    DayNote,
    FirstDay,
    OfficeHours,
    OutsideCalendar,
    Pause,
    Period,
    Unit,
    add_minutes,
    due,
    minutes_between,
    subtract_minutes,
)

FIRST = date(2026, 1, 26)
LENGTH = 110
MIDNIGHT = datetime(2026, 1, 26, tzinfo=VIETNAM)
NOTE = DayNote("Nghỉ")


def at(minute):
    return MIDNIGHT + timedelta(minutes=minute)


class Naive:
    """Every minute of the calendar, by brute force; minutes count from the first day's midnight."""

    def __init__(self, calendar):
        self.leaves_out_arrival = calendar.day_left_out is FirstDay.RECEIPT
        self.at_work = []
        for n in range(LENGTH):
            row = [False] * 1440
            for opens, closes in self.intervals(calendar, FIRST + timedelta(days=n)):
                for minute in range(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute):
                    row[minute] = True
            self.at_work += row

    @staticmethod
    def intervals(calendar, day):
        def of(weekday):
            fitting = [h for h in calendar.hours if weekday in h.weekdays and h.in_season(day)]
            return fitting[0].intervals if fitting else ()

        if day in calendar.work:
            return of(day.weekday()) or next((of(w) for w in range(7) if of(w)), ())
        return () if day in calendar.off else of(day.weekday())

    def worked(self, a, b):
        return sum(self.at_work[a:b])

    def last_minute(self, day):
        """The last working minute of a day, or None."""
        row = self.at_work[day * 1440 : (day + 1) * 1440]
        return max((day * 1440 + m for m in range(1440) if row[m]), default=None)

    def first_minute(self, day):
        return next(m for m in range(day * 1440, (day + 1) * 1440) if self.at_work[m])

    def paused_minutes(self, pauses):
        return {m for start, end in pauses for m in range(start, end) if self.at_work[m]}

    def stands_still(self, minute, paused):
        """Whether the clock stands still at a moment: the latest working minute up to it was paused."""
        while minute >= 0 and not self.at_work[minute]:
            minute -= 1
        return minute in paused

    def due(self, start, period, rule, pauses):
        """The end of `period` as a minute; raises IndexError beyond the calendar."""
        paused = self.paused_minutes(pauses)
        received = start // 1440
        late = rule is not None and start % 1440 > rule
        last = self.last_minute(received)
        if last is None or start > last + 1 or late:
            received = self.next_day(received + 1)
        begin = start if rule is None else max(start, self.first_minute(received))
        # The day that a limit in working days leaves out.
        first_day = start // 1440 if rule is None and self.leaves_out_arrival else received
        if period.unit is Unit.AT_ONCE:
            return self.close(self.next_unpaused(received, paused))
        if period.unit is Unit.WORKING_HOUR:
            return self.run(begin, period.minutes, paused)
        if period.unit is Unit.CALENDAR_HOUR:
            return self.on_the_clock(begin, period.minutes, paused)
        end = begin
        if period.whole:
            end = self.whole(period, period.whole, first_day, begin // 1440, paused)
        if not period.minutes:
            return end
        part = self.run(end, period.minutes, paused)
        try:
            return min(part, self.whole(period, period.whole + 1, first_day, begin // 1440, paused))
        except IndexError:
            return part

    def whole(self, period, count, first_day, event, paused):
        if period.unit is Unit.WORKING_DAY:
            day = first_day
            for _ in range(count):
                day = self.next_unpaused(day + 1, paused)
            return self.close(day)
        if period.unit is Unit.MONTH:
            origin = FIRST + timedelta(days=event)
            index = origin.year * 12 + origin.month - 1 + count
            year, month = index // 12, index % 12 + 1
            target = date(year, month, min(origin.day, monthrange(year, month)[1]))
            count = (target - origin).days + period.days
        while count:
            event += 1
            if not self.stands_still((event + 1) * 1440 - 1, paused):
                count -= 1
        return self.close(self.next_unpaused(event, paused))

    def next_day(self, day):
        while self.last_minute(day) is None:
            if day >= LENGTH:
                raise IndexError
            day += 1
        return day

    def next_unpaused(self, day, paused):
        day = self.next_day(day)
        while self.last_minute(day) in paused:
            day = self.next_day(day + 1)
        return day

    def close(self, day):
        return self.last_minute(day) + 1

    def run(self, minute, minutes, paused):
        while minutes:
            if self.at_work[minute] and minute not in paused:
                minutes -= 1
            minute += 1
        return minute

    def on_the_clock(self, minute, minutes, paused):
        while minutes:
            if not self.stands_still(minute, paused):
                minutes -= 1
            minute += 1
        self.at_work[minute]  # beyond the calendar nobody knows
        return minute


@st.composite
def office_hours(draw, weekdays):
    marks = sorted(draw(st.sets(st.integers(6 * 4, 19 * 4), min_size=4, max_size=4)))
    clock = [time(mark // 4, mark % 4 * 15) for mark in marks]
    intervals = ((clock[0], clock[1]), (clock[2], clock[3]))
    spring = draw(st.booleans())
    return OfficeHours(
        weekdays,
        intervals if draw(st.booleans()) else intervals[:1],
        *(((2, 20), (12, 31)) if spring else ((1, 1), (12, 31))),
    )


@st.composite
def calendars(draw):
    week = frozenset(draw(st.sampled_from([range(5), range(6), (0, 2, 4)])))
    special = draw(st.sets(st.integers(0, LENGTH - 1), max_size=12))
    off = {FIRST + timedelta(days=n): NOTE for n in special if n % 3}
    work = {FIRST + timedelta(days=n): NOTE for n in special if n % 3 == 0}
    standard = OfficeHours(week, ((time(7, 30), time(11, 30)), (time(13), time(17))))
    hours = (draw(office_hours(week)), standard) if draw(st.booleans()) else (standard,)
    left_out = draw(st.sampled_from(FirstDay))
    return Calendar(FIRST, FIRST + timedelta(days=LENGTH - 1), "random", hours, off, work, left_out)


STARTS = st.one_of(
    st.integers(0, 20 * 1440), st.builds(lambda d, h: d * 1440 + h * 30, st.integers(0, 20), st.integers(12, 40))
)
PAUSES = st.lists(
    st.builds(lambda s, n: (s, s + n), st.integers(0, 30 * 1440), st.one_of(st.integers(0, 300), st.integers(0, 6000))),
    max_size=4,
)  # fmt: skip
QUARTERS = st.integers(1, 24).map(lambda n: Decimal(n) / 4)
PERIODS = st.one_of(
    st.builds(Period, st.one_of(st.integers(1, 8), QUARTERS), st.just(Unit.WORKING_DAY)),
    st.builds(Period, st.one_of(st.integers(1, 40), QUARTERS), st.just(Unit.WORKING_HOUR)),
    st.builds(Period, st.one_of(st.integers(1, 12), QUARTERS), st.just(Unit.CALENDAR_DAY)),
    st.builds(Period, st.integers(1, 100), st.just(Unit.CALENDAR_HOUR)),
    st.builds(Period, st.just(1), st.just(Unit.MONTH), st.sampled_from([0, 0, 1, 10])),
    st.just(Period(0, Unit.AT_ONCE)),
)
RULES = st.sampled_from([None, 15 * 60, 9 * 60])


def as_pauses(pauses):
    return [Pause(at(start), at(end)) for start, end in pauses]


def as_rule(minute):
    return None if minute is None else time(minute // 60)


def ours(calendar, start, period, rule=None, pauses=(), *, explain=False):
    try:
        return due(
            calendar, at(start), period, after_hour_rule=as_rule(rule), pauses=as_pauses(pauses), explain=explain
        )
    except OutsideCalendar:
        assume(False)


@settings(max_examples=300, deadline=None)
@given(calendars(), STARTS, PERIODS, RULES, PAUSES)
def test_the_fast_clock_equals_the_naive_one(calendar, start, period, rule, pauses):
    try:
        expected = at(Naive(calendar).due(start, period, rule, pauses))
    except IndexError:
        with pytest.raises(OutsideCalendar):
            due(calendar, at(start), period, after_hour_rule=as_rule(rule), pauses=as_pauses(pauses))
    else:
        assert ours(calendar, start, period, rule, pauses).at == expected


@settings(max_examples=100, deadline=None)
@given(calendars(), STARTS, st.integers(0, 6000))
def test_adding_then_subtracting(calendar, start, minutes):
    naive = Naive(calendar)
    assume(naive.worked(start, LENGTH * 1440) >= minutes)
    begin, end = at(start), add_minutes(calendar, at(start), minutes)
    assert minutes_between(calendar, begin, end) == minutes == -minutes_between(calendar, end, begin)
    assert naive.worked(start, int((end - MIDNIGHT) / timedelta(minutes=1))) == minutes
    assert minutes == 0 or naive.at_work[int((end - MIDNIGHT) / timedelta(minutes=1)) - 1]
    back = subtract_minutes(calendar, end, minutes)
    assert minutes_between(calendar, begin, back) == 0
    assert back >= begin
    if naive.at_work[start]:
        assert back == begin


@settings(max_examples=200, deadline=None)
@given(calendars(), STARTS, st.integers(0, 3000), PERIODS, RULES, PAUSES)
def test_who_comes_later_is_never_due_sooner(calendar, start, later, period, rule, pauses):
    first = ours(calendar, start, period, rule, pauses)
    second = ours(calendar, start + later, period, rule, pauses)
    assert first.at <= second.at
    assert first.at >= at(start) or period.unit is Unit.AT_ONCE


@settings(max_examples=200, deadline=None)
@given(
    calendars(), STARTS, QUARTERS, QUARTERS, RULES, PAUSES,
    st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_DAY, Unit.CALENDAR_HOUR]),
)  # fmt: skip
def test_more_is_never_due_sooner(calendar, start, amount, more, rule, pauses, unit):
    less = ours(calendar, start, Period(amount, unit), rule, pauses)
    greater = ours(calendar, start, Period(amount + more, unit), rule, pauses)
    assert less.at <= greater.at


@settings(max_examples=150, deadline=None)
@given(calendars(), STARTS, PERIODS, RULES, PAUSES, st.data())
def test_pauses_count_by_their_union(calendar, start, period, rule, pauses, data):
    expected = ours(calendar, start, period, rule, pauses).at
    again = data.draw(st.permutations(pauses + pauses))
    pieces = [piece for a, b in again for piece in ((a, (a + b) // 2), ((a + b) // 2, b))]
    assert ours(calendar, start, period, rule, again).at == expected
    assert ours(calendar, start, period, rule, pieces).at == expected


@settings(max_examples=150, deadline=None)
@given(calendars(), STARTS, PERIODS, RULES, PAUSES, PAUSES)
def test_one_more_pause_never_brings_the_end_nearer(calendar, start, period, rule, pauses, more):
    shorter = ours(calendar, start, period, rule, pauses)
    assert shorter.at <= ours(calendar, start, period, rule, pauses + more).at


@settings(max_examples=150, deadline=None)
@given(calendars(), STARTS, PERIODS, RULES, PAUSES, st.integers(0, 30 * 1440))
def test_a_pause_without_working_time_changes_nothing(calendar, start, period, rule, pauses, moment):
    naive = Naive(calendar)
    a = b = moment
    while b < LENGTH * 1440 and not naive.at_work[b]:
        b += 1
    while a > 0 and not naive.at_work[a - 1]:
        a -= 1
    expected = ours(calendar, start, period, rule, pauses).at
    assert ours(calendar, start, period, rule, [*pauses, (a, b)]).at == expected


@settings(max_examples=150, deadline=None)
@given(calendars(), STARTS, PERIODS, RULES, PAUSES)
def test_the_explanation_adds_up(calendar, start, period, rule, pauses):
    result = ours(calendar, start, period, rule, pauses, explain=True)
    days = result.explanation
    assert [day.date for day in days] == [days[0].date + timedelta(days=n) for n in range(len(days))], (
        "every day has its line"
    )
    assert days[0].date == at(start).date()
    assert days[-1].date == result.at.date()
    assert all(day.minutes == 0 or day.counted for day in days)
    if period.unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY):
        numbered = [day for day in days if "n" in day.args]
        assert [day.args["n"] for day in numbered] == list(range(1, period.whole + 1))
        assert all(day.counted for day in numbered)
    if period.unit in (Unit.WORKING_HOUR, Unit.CALENDAR_HOUR):
        assert sum(day.minutes for day in days) == period.minutes
    if period.unit is Unit.WORKING_DAY:
        parts = [day for day in days if "n" not in day.args]
        assert sum(day.minutes for day in parts) <= period.minutes


@pytest.mark.parametrize("unit", list(Unit))
def test_an_open_pause_resumed_gives_what_a_closed_one_gives(unit):
    """What is left while the clock stands still is what runs after it resumes."""
    calendar = Calendar(FIRST, FIRST + timedelta(days=LENGTH - 1), "plain")
    start, stop = 2 * 1440 + 600, 4 * 1440 + 500
    period = Period(0 if unit is Unit.AT_ONCE else 1 if unit is Unit.MONTH else 5, unit)
    result = due(calendar, at(start), period, pauses=[Pause(at(stop), None)], explain=True)
    if result.at is None:
        assert result.remaining is not None
        assert result.explanation[-1].args["open"] is True
        assert result.explanation[-1].date == at(stop).date()
    else:
        assert result.at <= at(stop), "a pause after the end reopens nothing"
