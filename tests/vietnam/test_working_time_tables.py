"""Due dates on the real Vietnamese calendar: the points the law and practice fix."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from vietnam.working_time import (
    VIETNAM,
    Calendar,
    DayNote,
    FirstDay,
    InvalidCalendar,
    InvalidPause,
    InvalidPeriod,
    NaiveInstant,
    OfficeHours,
    OutsideCalendar,
    Pause,
    Period,
    Remaining,
    Standing,
    Unit,
    add_minutes,
    close_of_office,
    due,
    is_reception_open,
    is_working_day,
    minutes_between,
    next_working_moment,
    seeded_calendar,
    standing,
    step_due,
    subtract_minutes,
)

CALENDAR = seeded_calendar(2025, 2034)
THREE = time(15, 0)
D, H = Unit.WORKING_DAY, Unit.WORKING_HOUR
CD, CH, M, NOW = Unit.CALENDAR_DAY, Unit.CALENDAR_HOUR, Unit.MONTH, Unit.AT_ONCE


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def pause(start, end=None):
    return Pause(at(start), at(end) if end else None)


def ends(start, amount, unit, *, rule=None, pauses=()):
    period = Period(Decimal(str(amount)) if isinstance(amount, float) else amount, unit)
    result = due(CALENDAR, at(start), period, after_hour_rule=rule, pauses=pauses)
    return result.at and result.at.strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "rule", "expected"),
    [
        # Whole working days: the day of receipt is not counted, close of office on the last.
        ("2026-11-23T09:10", 1, D, None, "2026-11-25T17:00"),  # Tuesday is the Day of Culture
        ("2026-02-13T09:10", 5, D, None, "2026-02-27T17:00"),  # Tết 16-20 February
        ("2026-11-18T07:30", 1, D, None, "2026-11-19T17:00"),
        ("2026-11-18T17:00", 1, D, None, "2026-11-19T17:00"),  # the closing moment still counts
        ("2026-11-18T17:01", 1, D, None, "2026-11-19T17:00"),  # after closing: Wednesday is the first day
        ("2026-11-18T06:00", 1, D, None, "2026-11-19T17:00"),
        ("2026-11-18T12:00", 1, D, None, "2026-11-19T17:00"),
        # A day off is left out as the first day, and no other day: Monday counts.
        ("2026-11-21T10:00", 1, D, None, "2026-11-23T17:00"),
        ("2026-11-22T10:00", 2, D, None, "2026-11-25T17:00"),  # Tuesday is the Day of Culture
        ("2026-11-24T10:00", 1, D, None, "2026-11-25T17:00"),
        ("2026-11-21T10:00", 1.5, D, None, "2026-11-25T11:30"),
        ("2026-11-21T10:00", 0.5, D, None, "2026-11-23T11:30"),
        ("2026-08-22T10:00", 1, D, None, "2026-08-24T17:00"),  # an exchanged Saturday is a working day
        ("2026-08-21T10:00", 1, D, None, "2026-08-22T17:00"),
        ("2026-08-28T10:00", 1, D, None, "2026-09-03T17:00"),
        ("2026-01-09T10:00", 1, D, None, "2026-01-10T17:00"),
        ("2025-12-31T10:00", 1, D, None, "2026-01-05T17:00"),
        ("2025-04-25T10:00", 3, D, None, "2025-04-29T17:00"),
        ("2025-04-29T10:00", 1, D, None, "2025-05-05T17:00"),
        ("2026-04-24T10:00", 1, D, None, "2026-04-28T17:00"),  # Monday in lieu of the Hung Kings' Sunday
        # The rule of 15:00.
        ("2026-11-20T15:00", 1, D, THREE, "2026-11-23T17:00"),
        ("2026-11-20T15:01", 1, D, None, "2026-11-23T17:00"),
        ("2026-11-20T15:01", 1, D, THREE, "2026-11-25T17:00"),  # received Monday, Tuesday is off
        ("2026-11-21T16:00", 1, D, THREE, "2026-11-25T17:00"),  # a Saturday is not late twice
        ("2026-11-20T15:01", 4, H, THREE, "2026-11-23T11:30"),
        ("2026-11-20T15:01", 0, NOW, THREE, "2026-11-23T17:00"),
        ("2026-11-20T15:01", 3, CD, THREE, "2026-11-26T17:00"),
        ("2026-11-21T09:00", 3, CD, THREE, "2026-11-26T17:00"),
        ("2026-11-20T15:01", 2, CH, THREE, "2026-11-23T09:30"),
        ("2026-11-20T23:30", 2, CH, THREE, "2026-11-23T09:30"),
        ("2026-11-21T00:30", 2, CH, THREE, "2026-11-23T09:30"),
        # Parts of days: eight hours make a day.
        ("2026-11-18T09:10", 0.25, D, None, "2026-11-18T11:10"),
        ("2026-11-18T10:30", 0.25, D, None, "2026-11-18T14:00"),
        ("2026-11-18T16:00", 0.5, D, None, "2026-11-19T10:30"),
        ("2026-11-18T07:30", 0.5, D, None, "2026-11-18T11:30"),
        ("2026-11-18T09:10", 2.5, D, None, "2026-11-23T11:30"),
        ("2026-11-18T20:00", 0.5, D, None, "2026-11-19T11:30"),
        # Working hours.
        ("2026-11-18T09:10", 8, H, None, "2026-11-19T09:10"),
        ("2026-11-20T16:00", 2, H, None, "2026-11-23T08:30"),
        ("2026-11-23T16:00", 2, H, None, "2026-11-25T08:30"),
        ("2026-11-18T13:00", 4, H, None, "2026-11-18T17:00"),
        ("2026-11-18T11:30", 4, H, None, "2026-11-18T17:00"),
        ("2026-11-18T09:10", 0.5, H, None, "2026-11-18T09:40"),
        # Calendar days: weekends count, an end on a day off moves.
        ("2026-11-16T09:10", 3, CD, None, "2026-11-19T17:00"),
        ("2026-11-18T09:10", 3, CD, None, "2026-11-23T17:00"),
        ("2026-11-21T09:10", 3, CD, None, "2026-11-25T17:00"),  # Saturday's receipt is the event itself
        ("2026-02-10T09:10", 7, CD, None, "2026-02-23T17:00"),
        ("2026-04-20T09:10", 10, CD, None, "2026-05-04T17:00"),
        ("2026-11-16T09:10", 2.5, CD, None, "2026-11-19T11:30"),
        # Calendar hours: on the clock, to a moment that stays where it is.
        ("2026-11-18T09:10", 24, CH, None, "2026-11-19T09:10"),
        ("2026-11-20T10:00", 24, CH, None, "2026-11-21T10:00"),  # Saturday
        ("2026-11-18T09:10", 3, CH, None, "2026-11-18T12:10"),
        ("2026-11-18T09:00", 8, CH, None, "2026-11-18T17:00"),
        ("2026-11-18T09:10", 10, CH, None, "2026-11-18T19:10"),
        ("2026-11-20T10:00", 28, CH, None, "2026-11-21T14:00"),
        # Months: the same day number, or the month's last.
        ("2026-03-12T09:10", 1, M, None, "2026-04-13T17:00"),  # 12 April is a Sunday
        ("2026-01-30T09:10", 1, M, None, "2026-03-02T17:00"),  # 28 February is a Saturday
        ("2026-03-31T09:10", 1, M, None, "2026-05-04T17:00"),  # 30 April and 1 May are off
        ("2027-11-30T09:10", 3, M, None, "2028-02-29T17:00"),
        ("2026-03-12T09:10", 12, M, None, "2027-03-12T17:00"),
        # At once: by close of office of the day of receipt.
        ("2026-11-18T09:10", 0, NOW, None, "2026-11-18T17:00"),
        ("2026-11-18T16:59", 0, NOW, None, "2026-11-18T17:00"),
        ("2026-11-18T17:30", 0, NOW, None, "2026-11-19T17:00"),
        ("2026-11-22T09:10", 0, NOW, None, "2026-11-23T17:00"),
    ],
)
def test_due(start, amount, unit, rule, expected):
    assert ends(start, amount, unit, rule=rule) == expected


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-11-21T10:00", 1, "2026-11-25T17:00"),
        ("2026-11-18T17:01", 1, "2026-11-20T17:00"),
        ("2026-11-18T17:00", 1, "2026-11-19T17:00"),
        ("2026-11-21T10:00", 0.5, "2026-11-23T11:30"),
    ],
)
def test_a_province_may_leave_out_the_working_day_of_receipt(start, amount, expected):
    calendar = replace(CALENDAR, day_left_out=FirstDay.WORKING_DAY)
    result = due(calendar, at(start), Period(Decimal(str(amount)), D))
    assert result.at == at(expected)


@pytest.mark.parametrize(
    ("start", "months", "days", "expected"),
    [
        ("2026-03-12T09:10", 1, 0, "2026-04-13T17:00"),
        # The raw end is 12 April, a Sunday: ten days on top of it, not of the Monday it moves to.
        ("2026-03-12T09:10", 1, 10, "2026-04-22T17:00"),
        ("2026-01-30T09:10", 1, 3, "2026-03-03T17:00"),
    ],
)
def test_months_are_extended_by_days(start, months, days, expected):
    assert due(CALENDAR, at(start), Period(months, M, days)).at == at(expected)
    if days:
        with pytest.raises(InvalidPeriod):
            Period(months, D, days)


@pytest.mark.parametrize(
    ("amount", "unit", "pauses", "expected"),
    [
        # Received Wednesday 18 November 2026; without a pause three days end on Monday the 23rd.
        (3, D, [], "2026-11-23T17:00"),
        (3, D, [("2026-11-19T10:00", "2026-11-20T14:00")], "2026-11-25T17:00"),  # one close: Thursday's
        (3, D, [("2026-11-19T10:00", "2026-11-19T16:00")], "2026-11-23T17:00"),  # no close
        (3, D, [("2026-11-20T07:30", "2026-11-20T17:00")], "2026-11-25T17:00"),  # a whole day
        (3, D, [("2026-11-20T17:00", "2026-11-23T07:30")], "2026-11-23T17:00"),  # no working time
        (3, D, [("2026-11-23T16:59", "2026-11-26T09:00")], "2026-11-26T17:00"),  # asked on the last day
        (3, D, [("2026-11-23T17:00", "2026-11-26T09:00")], "2026-11-23T17:00"),  # asked too late
        (3, D, [("2026-11-18T10:00", "2026-11-19T09:00")], "2026-11-23T17:00"),  # the first day's close
        (3, D, [("2026-11-19T10:00", "2026-11-20T14:00")] * 2, "2026-11-25T17:00"),
        (3, D, [("2026-11-20T09:00", "2026-11-23T09:00"), ("2026-11-19T09:00", "2026-11-20T10:00")],
         "2026-11-26T17:00"),
        (8, H, [("2026-11-18T10:10", "2026-11-18T11:10")], "2026-11-19T10:10"),
        (8, H, [("2026-11-18T10:10", "2026-11-23T10:10")], "2026-11-25T09:10"),
        (0.5, D, [("2026-11-18T10:10", "2026-11-19T10:10")], "2026-11-19T14:40"),
        (5, CD, [("2026-11-20T16:00", "2026-11-23T09:00")], "2026-11-26T17:00"),
        (5, CD, [("2026-11-20T17:00", "2026-11-23T07:30")], "2026-11-23T17:00"),
        (24, CH, [("2026-11-18T10:10", "2026-11-18T11:10")], "2026-11-19T10:10"),
        # A pause from the due moment on changes nothing.
        (8, H, [("2026-11-19T09:10", "2026-11-19T10:10")], "2026-11-19T09:10"),
        (24, CH, [("2026-11-19T09:10", "2026-11-19T10:10")], "2026-11-19T09:10"),
        (24, CH, [("2026-11-19T09:09", "2026-11-19T10:09")], "2026-11-19T10:10"),
        # Calendar days: the day of receipt cannot be left out twice; the move waits for the resumption.
        (5, CD, [("2026-11-18T10:00", "2026-11-19T09:00")], "2026-11-23T17:00"),
        (3, CD, [("2026-11-23T09:00", "2026-11-25T10:00")], "2026-11-25T17:00"),
        (1, M, [("2026-12-01T10:00", "2026-12-03T10:00")], "2026-12-21T17:00"),
        (0, NOW, [("2026-11-18T15:00", "2026-11-19T10:00")], "2026-11-19T17:00"),
    ],
)  # fmt: skip
def test_pauses(amount, unit, pauses, expected):
    assert ends("2026-11-18T09:10", amount, unit, pauses=[pause(*p) for p in pauses]) == expected


def test_a_supplement_over_tet():
    asked = [pause("2026-02-13T10:00", "2026-02-24T10:00")]
    # Friday's and Monday's closes were paused; Tuesday to Thursday are days two to four.
    assert ends("2026-02-11T09:10", 4, D, pauses=asked) == "2026-02-26T17:00"


@pytest.mark.parametrize(
    ("amount", "unit", "remaining"),
    [
        (3, D, Remaining(2, 0)),
        (2.5, D, Remaining(1, 240)),
        (16, H, Remaining(0, 16 * 60 - 140 - 240 - 480)),
        (5, CD, Remaining(4, 0)),
        (72, CH, Remaining(0, 72 * 60 - 46 * 60 - 20)),
    ],
)
def test_an_open_pause_has_no_due_date_but_says_what_is_left(amount, unit, remaining):
    period = Period(Decimal(str(amount)), unit)
    result = due(CALENDAR, at("2026-11-18T09:10"), period, pauses=[pause("2026-11-20T07:30")])
    assert (result.at, result.remaining) == (None, remaining)


def test_an_open_pause_after_the_end_cures_nothing():
    assert ends("2026-11-18T09:10", 1, D, pauses=[pause("2026-11-20T07:30")]) == "2026-11-19T17:00"


def test_a_wrong_pause_is_refused():
    with pytest.raises(InvalidPause):
        ends("2026-11-18T09:10", 1, D, pauses=[pause("2026-11-20T07:30", "2026-11-20T07:00")])


def test_a_step_runs_in_minutes_and_never_outlives_the_dossier():
    start, ceiling = at("2026-11-18T16:00"), at("2026-11-20T17:00")
    assert step_due(CALENDAR, start, 7 * 480) == at("2026-11-30T16:00")
    assert step_due(CALENDAR, start, 7 * 480, ceiling=ceiling) == ceiling
    assert step_due(CALENDAR, start, 120, ceiling=ceiling) == at("2026-11-19T08:30")
    assert step_due(CALENDAR, start, 120, pauses=[pause("2026-11-18T16:30")]) is None


def test_instants_of_other_zones_are_the_same_instants():
    local, utc = at("2026-11-23T09:10"), datetime(2026, 11, 23, 2, 10, tzinfo=UTC)
    assert due(CALENDAR, utc, Period(1, D)).at == due(CALENDAR, local, Period(1, D)).at
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # Tuesday 03:00 in Vietnam
    assert next_working_moment(CALENDAR, late) == at("2026-11-25T07:30")


def test_questions_about_days():
    assert is_working_day(CALENDAR, date(2026, 8, 22))
    assert not is_working_day(CALENDAR, date(2026, 11, 24))
    assert close_of_office(CALENDAR, date(2026, 8, 22)) == at("2026-08-22T17:00")
    with pytest.raises(ValueError, match="no working day"):
        close_of_office(CALENDAR, date(2026, 11, 22))
    assert next_working_moment(CALENDAR, at("2026-11-18T11:30")) == at("2026-11-18T13:00")
    assert next_working_moment(CALENDAR, at("2026-11-18T09:10")) == at("2026-11-18T09:10")


def test_minutes():
    start = at("2026-11-20T16:00")
    assert add_minutes(CALENDAR, start, 120) == at("2026-11-23T08:30")
    assert subtract_minutes(CALENDAR, at("2026-11-23T08:30"), 120) == start
    assert add_minutes(CALENDAR, start, -60) == at("2026-11-20T15:00")
    assert minutes_between(CALENDAR, start, at("2026-11-23T08:30")) == 120
    assert minutes_between(CALENDAR, at("2026-11-23T08:30"), start) == -120
    assert minutes_between(CALENDAR, at("2026-11-20T17:00"), at("2026-11-23T07:30")) == 0


def test_seasons_saturday_reception_and_exchanged_days():
    week = frozenset(range(5))
    summer = OfficeHours(week, ((time(7), time(11, 30)), (time(13, 30), time(17))), (4, 16), (10, 15))
    winter = OfficeHours(week, ((time(7, 30), time(12)), (time(13), time(16, 30))), (10, 16), (4, 15))
    saturday = OfficeHours(frozenset({5}), ((time(8), time(11)),), reception_only=True)
    calendar = Calendar(
        date(2026, 1, 1), date(2026, 12, 31), "seasons", (summer, winter, saturday),
        work={date(2026, 8, 22): DayNote("Làm bù")},
    )  # fmt: skip
    assert close_of_office(calendar, date(2026, 4, 15)) == at("2026-04-15T16:30")
    assert close_of_office(calendar, date(2026, 4, 16)) == at("2026-04-16T17:00")
    assert close_of_office(calendar, date(2026, 8, 22)) == at("2026-08-22T17:00")
    assert not is_working_day(calendar, date(2026, 11, 21))
    assert is_reception_open(calendar, at("2026-11-21T09:00"))
    assert not is_reception_open(calendar, at("2026-11-21T11:00"))
    assert is_reception_open(calendar, at("2026-11-20T11:00"))
    received_on_saturday = due(calendar, at("2026-11-21T09:00"), Period(1, D))
    assert received_on_saturday.at == at("2026-11-23T16:30")


@pytest.mark.parametrize(
    ("finished", "now", "paused", "expected"),
    [
        (None, "2026-11-18T09:10", False, Standing.ON_TIME),
        (None, "2026-11-23T07:30", False, Standing.DUE_SOON),
        (None, "2026-11-25T17:00", False, Standing.DUE_SOON),
        (None, "2026-11-25T17:01", False, Standing.OVERDUE),
        (None, "2026-11-20T09:10", True, Standing.PAUSED),
        (None, "2026-11-26T09:10", True, Standing.OVERDUE),
        ("2026-11-23T16:00", "2026-12-30T09:10", False, Standing.EARLY),
        ("2026-11-25T08:00", "2026-12-30T09:10", False, Standing.ON_TIME),
        ("2026-11-26T08:00", "2026-12-30T09:10", False, Standing.OVERDUE),
    ],
)
def test_standing(finished, now, paused, expected):
    soon = 16 * 60
    stand = standing(
        CALENDAR, at("2026-11-25T17:00"), at(now), finished_at=finished and at(finished), paused=paused,
        soon_minutes=soon,
    )  # fmt: skip
    assert stand.standing is expected


def test_standing_counts_working_minutes():
    due_at = at("2026-11-25T17:00")
    assert standing(CALENDAR, due_at, at("2026-11-23T16:00")).remaining_minutes == 540
    assert standing(CALENDAR, due_at, at("2026-11-26T08:30")).remaining_minutes == -60
    assert standing(CALENDAR, None, at("2026-11-26T08:30")) == (Standing.PAUSED, None)
    overdue = standing(CALENDAR, due_at, at("2026-11-25T17:00").replace(second=1))
    assert overdue.standing is Standing.OVERDUE


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(0, D), (-1, D), (1, NOW), (0.5, M), (Decimal("0.0001"), D), (Decimal("NaN"), H), (True, D), ("1", D)],
)
def test_amounts_that_cannot_be_counted(amount, unit):
    with pytest.raises(InvalidPeriod):
        Period(Decimal(str(amount)) if isinstance(amount, float) else amount, unit)


def test_amounts_compare_as_working_minutes():
    half, quarter = Decimal("0.5"), Decimal("0.25")
    steps = [half, quarter, half, quarter, half, 7, 2, 1, 1, half, 3, half]  # a real route of 17 days
    total = sum(Period(step, D).working_minutes for step in steps)
    assert total == Period(17, D).working_minutes == Period(136, H).working_minutes
    with pytest.raises(InvalidPeriod):
        _ = Period(3, CD).working_minutes


@pytest.mark.parametrize(("amount", "unit"), [(9999, D), (99999, H), (9999, CD), (99999, CH), (999, M)])
def test_what_runs_beyond_the_calendar_says_so(amount, unit):
    with pytest.raises(OutsideCalendar):
        due(CALENDAR, at("2026-11-18T09:10"), Period(amount, unit))


def test_instants_must_be_aware_and_inside():
    with pytest.raises(NaiveInstant):
        due(CALENDAR, datetime(2026, 11, 18, 9, 10), Period(1, D))
    with pytest.raises(OutsideCalendar):
        due(CALENDAR, at("2024-12-31T09:10"), Period(1, D))
    with pytest.raises(OutsideCalendar):
        due(CALENDAR, at("2034-12-31T09:10"), Period(1, D))


def test_calendars_that_are_none():
    with pytest.raises(InvalidCalendar):
        Calendar(date(2026, 1, 2), date(2026, 1, 1), "backwards")
    with pytest.raises(InvalidCalendar):
        Calendar(date(2026, 11, 21), date(2026, 11, 22), "weekend")
    with pytest.raises(InvalidCalendar):
        OfficeHours(frozenset({0}), ((time(9), time(8)),))
    with pytest.raises(InvalidCalendar):
        OfficeHours(frozenset({0}), ((time(9), time(11)), (time(10), time(12))))
