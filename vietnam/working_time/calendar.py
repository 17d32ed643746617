"""A working calendar as a plain value: office hours by season, days off, decreed working days.

Building one lays out running totals of working minutes and working days, so that every later question is
a look-up or a binary search. Instants are aware datetimes; they count by the whole minute, the
seconds of an act fall away in favour of the person who came before the minute was over.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NoReturn
from zoneinfo import ZoneInfo

from vietnam.dates import format_date

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTES_OF_DAY = 1440
# Vietnam's clocks have been seven hours ahead of UTC, winter and summer, since 1975.
_AHEAD = timedelta(hours=7)
_MINUTE = timedelta(minutes=1)
_INTO_DAY = [timedelta(minutes=minute) for minute in range(MINUTES_OF_DAY)]

MonthDay = tuple[int, int]
Intervals = tuple[tuple[time, time], ...]


class InvalidCalendar(ValueError):
    """The parts do not make a calendar."""


class OutsideCalendar(ValueError):
    """An instant, or the answer, lies outside the years of the calendar: a longer one is needed."""


class NaiveInstant(ValueError):
    """A datetime without a time zone names no instant."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When an office works on some weekdays (0 is Monday), in a season or all year.

    A season runs from one (month, day) to another, both included, over the turn of the year if need be.
    `reception_only` hours (a Saturday morning counter) take dossiers in but are no working time. Hours that were
    changed held from `first` to `last`, both included: what was worked before is not counted anew.
    """

    weekdays: frozenset[int]
    intervals: Intervals
    season_from: MonthDay = (1, 1)
    season_to: MonthDay = (12, 31)
    reception_only: bool = False
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if not self.weekdays or not all(0 <= day <= 6 for day in self.weekdays):
            raise InvalidCalendar("weekdays run from 0 (Monday) to 6 (Sunday)")
        for opens, closes in self.intervals:
            if opens >= closes or opens.second or closes.second:
                raise InvalidCalendar(f"not an interval of whole minutes: {opens} to {closes}")
        if any(before[1] > after[0] for before, after in pairwise(self.intervals)):
            raise InvalidCalendar("intervals of a day must follow each other")

    def in_season(self, day: date) -> bool:
        """Whether they hold on that day of the year, in that year."""
        if (self.first is not None and day < self.first) or (self.last is not None and day > self.last):
            return False
        today = (day.month, day.day)
        if self.season_from <= self.season_to:
            return self.season_from <= today <= self.season_to
        return today >= self.season_from or today <= self.season_to


STANDARD_HOURS = OfficeHours(frozenset(range(5)), ((time(7, 30), time(11, 30)), (time(13, 0), time(17, 0))))


@dataclass(frozen=True, slots=True)
class DayNote:
    """Why a day departs from the week: its name in both languages and the document that decided it.

    `provisional`: computed by rule, no official notice yet.
    """

    name: str
    name_en: str = ""
    document: str = ""
    provisional: bool = False


class FirstDay(StrEnum):
    """Which day a limit in working days leaves out when something arrives while the office is closed.

    `RECEIPT`: the very day on which it arrived (Civil Code 2015, article 147, clause 2), so that the next working day
    counts. `WORKING_DAY`: it counts as received on the next working day, and that day is left out.
    """

    RECEIPT = "receipt"
    WORKING_DAY = "working_day"


class _Shape:
    """The working time of a day, minute by minute; all days with the same hours share one."""

    __slots__ = ("length", "next_at", "passed", "reached_at")

    def __init__(self, intervals: Intervals) -> None:
        working = [
            minute
            for opens, closes in intervals
            for minute in range(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute)
        ]
        at_work = set(working)
        self.length = len(working)
        # passed[m]: working minutes before minute m; next_at[k]: where the minute after k worked ones
        # begins; reached_at[k]: the earliest minute by which k were worked.
        self.passed = list(accumulate((m in at_work for m in range(MINUTES_OF_DAY)), initial=0))
        self.next_at = working
        self.reached_at = [working[0], *(m + 1 for m in working)] if working else []


@dataclass(frozen=True, eq=False)
class Calendar:
    """Working time from `first_day` to `last_day`, both included.

    The first entry of `hours` that fits a day's weekday and season is that day's. `work` beats `off`
    beats the week. A decreed working day on a weekday without hours has the hours of the season's Monday
    (or of the first weekday that has some): an exchanged day is worked as the day it stands for. `day_left_out` and
    its ground say what is left out where a receipt falls outside working time.
    """

    first_day: date
    last_day: date
    version: str
    hours: Sequence[OfficeHours] = (STANDARD_HOURS,)
    off: Mapping[date, DayNote] = field(default_factory=dict)
    work: Mapping[date, DayNote] = field(default_factory=dict)
    day_left_out: FirstDay = FirstDay.RECEIPT
    day_left_out_ground: str = ""

    # Compiled. By day of the calendar: its first instant, its shape, the working minutes and working days
    # before it …
    midnights: list[datetime] = field(init=False, repr=False)
    shapes: list[_Shape] = field(init=False, repr=False)
    worked_before: list[int] = field(init=False, repr=False)
    working_days_before: list[int] = field(init=False, repr=False)
    # … and by working day: its ordinal, its first and closing minute, the working minutes up to its close.
    days: list[int] = field(init=False, repr=False)
    opens: list[int] = field(init=False, repr=False)
    closes: list[int] = field(init=False, repr=False)
    worked_at_close: list[int] = field(init=False, repr=False)
    first_minute: int = field(init=False, repr=False)
    last_minute: int = field(init=False, repr=False)
    worked_in_all: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise InvalidCalendar("the calendar ends before it begins")
        shape_of: dict[Intervals, _Shape] = {}
        midnights, shapes, worked_before, working_days_before = [], [], [], []
        days, opens, closes, worked_at_close = [], [], [], []
        total = 0
        for ordinal in range(self.first_day.toordinal(), self.last_day.toordinal() + 1):
            day = date.fromordinal(ordinal)
            intervals = self._intervals_of(day)
            midnights.append(datetime(day.year, day.month, day.day, tzinfo=VIETNAM))
            shape = shape_of.get(intervals) or shape_of.setdefault(intervals, _Shape(intervals))
            shapes.append(shape)
            worked_before.append(total)
            working_days_before.append(len(days))
            if shape.length:
                total += shape.length
                days.append(ordinal)
                opens.append(ordinal * MINUTES_OF_DAY + shape.next_at[0])
                closes.append(ordinal * MINUTES_OF_DAY + shape.reached_at[-1])
                worked_at_close.append(total)
        if not days:
            raise InvalidCalendar("the calendar has no working day")
        compiled = {
            "midnights": midnights,
            "shapes": shapes,
            "worked_before": worked_before,
            "working_days_before": working_days_before,
            "days": days,
            "opens": opens,
            "closes": closes,
            "worked_at_close": worked_at_close,
            "first_minute": self.first_day.toordinal() * MINUTES_OF_DAY,
            "last_minute": (self.last_day.toordinal() + 1) * MINUTES_OF_DAY,
            "worked_in_all": total,
        }
        for name, value in compiled.items():
            object.__setattr__(self, name, value)

    def _intervals_of(self, day: date) -> Intervals:
        if day in self.off and day not in self.work:
            return ()
        if own := self._week_hours(day, day.weekday()):
            return own
        if day in self.work:
            for weekday in range(7):
                if hours := self._week_hours(day, weekday):
                    return hours
        return ()

    def _week_hours(self, day: date, weekday: int) -> Intervals:
        for entry in self.hours:
            if weekday in entry.weekdays and not entry.reception_only and entry.in_season(day):
                return entry.intervals
        return ()

    # From here on minutes are absolute: day ordinal * 1440 + minute of the day, in Vietnam's time.

    def minute_of(self, at: datetime) -> int:
        """The absolute minute of an instant. Raises `NaiveInstant`, `OutsideCalendar`."""
        minute = absolute_minute(at)
        if not self.first_minute <= minute < self.last_minute:
            raise OutsideCalendar(f"{format_date(at)} is outside calendar {self.version}")
        return minute

    def instant_of(self, minute: int) -> datetime:
        """The instant of an absolute minute inside the calendar, in Vietnam's time."""
        offset = minute - self.first_minute
        return self.midnights[offset // MINUTES_OF_DAY] + _INTO_DAY[offset % MINUTES_OF_DAY]

    def worked_at(self, minute: int) -> int:
        """Working minutes from the calendar's first day up to an absolute minute, inside it or not."""
        offset = minute - self.first_minute
        if offset < 0:
            return 0
        if minute >= self.last_minute:
            return self.worked_in_all
        day = offset // MINUTES_OF_DAY
        return self.worked_before[day] + self.shapes[day].passed[offset % MINUTES_OF_DAY]

    def first_minute_with(self, worked: int) -> int:
        """The earliest absolute minute by which `worked` working minutes have passed: never an opening
        but the calendar's first."""
        index = bisect_left(self.worked_at_close, worked)
        ordinal = self.days[index] if index < len(self.days) else self._beyond()
        day = ordinal - self.first_minute // MINUTES_OF_DAY
        reached = worked - self.worked_before[day]
        return ordinal * MINUTES_OF_DAY + self.shapes[day].reached_at[reached]

    def next_minute_with(self, worked: int) -> int:
        """The latest such minute: where working time goes on after `worked` minutes, never a closing."""
        index = bisect_right(self.worked_at_close, worked)
        ordinal = self.days[index] if index < len(self.days) else self._beyond()
        day = ordinal - self.first_minute // MINUTES_OF_DAY
        return ordinal * MINUTES_OF_DAY + self.shapes[day].next_at[worked - self.worked_before[day]]

    def is_working_minute(self, minute: int) -> bool:
        """Whether the office works during the minute that begins here."""
        return self.worked_at(minute + 1) > self.worked_at(minute)

    def working_day_from(self, ordinal: int) -> int:
        """The index of the first working day that is not before a day. Raises `OutsideCalendar`."""
        day = ordinal - self.first_minute // MINUTES_OF_DAY
        index = self.working_days_before[day] if 0 <= day < len(self.shapes) else self._beyond()
        return index if index < len(self.days) else self._beyond()

    def reception_day(self, minute: int) -> int:
        """The index of the working day on which something arriving at `minute` counts as received.

        Its own day up to the closing moment, else the next working day. Raises `OutsideCalendar`.
        """
        index = self.working_days_before[(minute - self.first_minute) // MINUTES_OF_DAY]
        if index < len(self.closes) and self.closes[index] < minute:
            index += 1
        return index if index < len(self.closes) else self._beyond()

    def close_of(self, index: int) -> int:
        """The closing minute of a working day by its index. Raises `OutsideCalendar`."""
        return self.closes[index] if index < len(self.closes) else self._beyond()

    def _beyond(self) -> NoReturn:
        raise OutsideCalendar(f"the term runs beyond calendar {self.version}")


def absolute_minute(at: datetime) -> int:
    """The absolute minute of any instant, in no calendar's bounds. Raises `NaiveInstant`."""
    minute = at.toordinal() * MINUTES_OF_DAY + at.hour * 60 + at.minute
    if at.tzinfo is not VIETNAM:
        offset = at.utcoffset()
        if offset is None:
            raise NaiveInstant("a time needs its time zone")
        minute += (_AHEAD - offset) // _MINUTE
    return minute


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Say whether the office works on `day`; a Saturday reception is no working day.

    Raises `OutsideCalendar`.
    """
    if not calendar.first_day <= day <= calendar.last_day:
        raise OutsideCalendar(f"{format_date(day)} is outside calendar {calendar.version}")
    return calendar.shapes[(day - calendar.first_day).days].length > 0


def next_working_moment(calendar: Calendar, at: datetime) -> datetime:
    """Return the instant itself within working time, else the next opening.

    A closing moment is no working moment. Raises `NaiveInstant`, `OutsideCalendar`.
    """
    minute = calendar.minute_of(at)
    return calendar.instant_of(calendar.next_minute_with(calendar.worked_at(minute)))


def close_of_office(calendar: Calendar, day: date) -> datetime:
    """Return the closing moment of a working day.

    Raises `ValueError` on any other day, `OutsideCalendar` beyond the calendar.
    """
    if not is_working_day(calendar, day):
        raise ValueError(f"{format_date(day)} is no working day")
    return calendar.instant_of(calendar.closes[calendar.working_day_from(day.toordinal())])


def is_reception_open(calendar: Calendar, at: datetime) -> bool:
    """Say whether a counter takes dossiers in at this moment: in working time or reception-only hours."""
    minute = calendar.minute_of(at)
    if calendar.is_working_minute(minute):
        return True
    local = calendar.instant_of(minute)
    if local.date() in calendar.off and local.date() not in calendar.work:
        return False
    return any(
        entry.reception_only
        and local.weekday() in entry.weekdays
        and entry.in_season(local.date())
        and any(opens <= local.time() < closes for opens, closes in entry.intervals)
        for entry in calendar.hours
    )
