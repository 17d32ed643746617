"""The clock: legal time on a Vietnamese working calendar, as pure functions of plain values.

>>> from datetime import date, datetime
>>> calendar = Calendar(date(2026, 1, 1), date(2026, 12, 31), "2026.1",
...                     off={date(2026, 11, 24): DayNote("Ngày Văn hóa Việt Nam")})
>>> due(calendar, datetime(2026, 11, 23, 9, 10, tzinfo=VIETNAM), Period(1, Unit.WORKING_DAY)).at
datetime.datetime(2026, 11, 25, 17, 0, tzinfo=zoneinfo.ZoneInfo(key='Asia/Ho_Chi_Minh'))
"""

from vietnam.working_time.calculation import Due, Remaining, due, step_due
from vietnam.working_time.calendar import (
    STANDARD_HOURS,
    VIETNAM,
    Calendar,
    DayNote,
    FirstDay,
    InvalidCalendar,
    NaiveInstant,
    OfficeHours,
    OutsideCalendar,
    close_of_office,
    is_reception_open,
    is_working_day,
    next_working_moment,
)
from vietnam.working_time.explain import describe, sentence, to_json
from vietnam.working_time.explanation import Day, Reason
from vietnam.working_time.minutes import add_minutes, minutes_between, subtract_minutes
from vietnam.working_time.pauses import InvalidPause, Pause
from vietnam.working_time.period import MINUTES_OF_WORKING_DAY, InvalidPeriod, Period, Unit, parse_amount
from vietnam.working_time.seeding import seeded_calendar
from vietnam.working_time.standing import Stand, Standing, standing, standing_by_dates

__all__ = [
    "MINUTES_OF_WORKING_DAY",
    "STANDARD_HOURS",
    "VIETNAM",
    "Calendar",
    "Day",
    "DayNote",
    "Due",
    "FirstDay",
    "InvalidCalendar",
    "InvalidPause",
    "InvalidPeriod",
    "NaiveInstant",
    "OfficeHours",
    "OutsideCalendar",
    "Pause",
    "Period",
    "Reason",
    "Remaining",
    "Stand",
    "Standing",
    "Unit",
    "add_minutes",
    "close_of_office",
    "describe",
    "due",
    "is_reception_open",
    "is_working_day",
    "minutes_between",
    "next_working_moment",
    "parse_amount",
    "seeded_calendar",
    "sentence",
    "standing",
    "standing_by_dates",
    "step_due",
    "subtract_minutes",
    "to_json",
]
