"""A working calendar as a plain value: office hours by season, days off, decreed working days.

Building one lays out the working intervals of the whole span with their running total of minutes, so that
every later question is a binary search. Instants are aware datetimes; they count by the whole minute, the
seconds of an act fall away in favour of the person who came before the minute was over.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTES_OF_DAY = 1440
_EPOCH = datetime(2000, 1, 1, tzinfo=VIETNAM)
_EPOCH_MINUTE = _EPOCH.toordinal() * MINUTES_OF_DAY

MonthDay = tuple[int, int]


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
    `reception_only` hours (a Saturday morning counter) take dossiers in but are no working time.
    """

    weekdays: frozenset[int]
    intervals: tuple[tuple[time, time], ...]
    season_from: MonthDay = (1, 1)
    season_to: MonthDay = (12, 31)
    reception_only: bool = False

    def __post_init__(self) -> None:
        if not self.weekdays or not all(0 <= day <= 6 for day in self.weekdays):
            raise InvalidCalendar("weekdays run from 0 (Monday) to 6 (Sunday)")
        for opens, closes in self.intervals:
            if opens >= closes or opens.second or closes.second:
                raise InvalidCalendar(f"not an interval of whole minutes: {opens} to {closes}")
        if any(before[1] > after[0] for before, after in pairwise(self.intervals)):
            raise InvalidCalendar("intervals of a day must follow each other")

    def in_season(self, day: date) -> bool:
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


@dataclass(frozen=True, eq=False)
class Calendar:
    """Working time from `first_day` to `last_day`, both included.

    The first entry of `hours` that fits a day's weekday and season is that day's. `work` beats `off`
    beats the week. A decreed working day on a weekday without hours has the hours of the season's Monday
    (or of the first weekday that has some): an exchanged day is worked as the day it stands for.
    """

    first_day: date
    last_day: date
    version: str
    hours: Sequence[OfficeHours] = (STANDARD_HOURS,)
    off: Mapping[date, DayNote] = field(default_factory=dict)
    work: Mapping[date, DayNote] = field(default_factory=dict)

    # Compiled: by working interval, its first minute, its last + 1, and the working minutes before it …
    starts: list[int] = field(init=False, repr=False)
    ends: list[int] = field(init=False, repr=False)
    before: list[int] = field(init=False, repr=False)
    # … and by working day, its ordinal, opening and closing minute, worked minutes at closing, closing.
    days: list[int] = field(init=False, repr=False)
    opens: list[int] = field(init=False, repr=False)
    closes: list[int] = field(init=False, repr=False)
    worked_at_close: list[int] = field(init=False, repr=False)
    close_instants: list[datetime] = field(init=False, repr=False)
    first_minute: int = field(init=False, repr=False)
    last_minute: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise InvalidCalendar("the calendar ends before it begins")
        starts, ends, before = [], [], []
        days, opens, closes, worked_at_close = [], [], [], []
        total = 0
        for day in _each_day(self.first_day, self.last_day):
            intervals = self._intervals_of(day)
            midnight = day.toordinal() * MINUTES_OF_DAY
            for opening, closing in intervals:
                starts.append(midnight + opening.hour * 60 + opening.minute)
                ends.append(midnight + closing.hour * 60 + closing.minute)
                before.append(total)
                total += ends[-1] - starts[-1]
            if intervals:
                days.append(day.toordinal())
                opens.append(starts[-len(intervals)])
                closes.append(ends[-1])
                worked_at_close.append(total)
        if not days:
            raise InvalidCalendar("the calendar has no working day")
        compiled = {
            "starts": starts,
            "ends": ends,
            "before": before,
            "days": days,
            "opens": opens,
            "closes": closes,
            "worked_at_close": worked_at_close,
            "close_instants": [instant_of(minute) for minute in closes],
            "first_minute": self.first_day.toordinal() * MINUTES_OF_DAY,
            "last_minute": (self.last_day.toordinal() + 1) * MINUTES_OF_DAY,
        }
        for name, value in compiled.items():
            object.__setattr__(self, name, value)

    def _intervals_of(self, day: date) -> tuple[tuple[time, time], ...]:
        if day in self.off and day not in self.work:
            return ()
        if own := self._week_hours(day, day.weekday()):
            return own
        if day in self.work:
            for weekday in range(7):
                if hours := self._week_hours(day, weekday):
                    return hours
        return ()

    def _week_hours(self, day: date, weekday: int) -> tuple[tuple[time, time], ...]:
        for entry in self.hours:
            if weekday in entry.weekdays and not entry.reception_only and entry.in_season(day):
                return entry.intervals
        return ()

    # From here on minutes are absolute: day ordinal * 1440 + minute of the day, in Vietnam's time.

    def minute_of(self, at: datetime) -> int:
        """The absolute minute of an instant. Raises `NaiveInstant`, `OutsideCalendar`."""
        minute = absolute_minute(at)
        if not self.first_minute <= minute < self.last_minute:
            raise OutsideCalendar(f"{at:%d/%m/%Y} is outside calendar {self.version}")
        return minute

    def worked_at(self, minute: int) -> int:
        """Working minutes from the calendar's first day up to an absolute minute."""
        i = bisect_right(self.starts, minute) - 1
        if i < 0:
            return 0
        end = self.ends[i]
        return self.before[i] + (minute if minute < end else end) - self.starts[i]

    def first_minute_with(self, worked: int) -> int:
        """The earliest absolute minute by which `worked` working minutes have passed."""
        i = bisect_left(self.before, worked) - 1
        if i < 0:
            return self.starts[0]
        minute = self.starts[i] + worked - self.before[i]
        if minute > self.ends[i]:
            raise OutsideCalendar(f"the term runs beyond calendar {self.version}")
        return minute

    def next_minute_with(self, worked: int) -> int:
        """The latest such minute: where working time goes on after `worked` minutes, never a closing."""
        i = bisect_right(self.before, worked) - 1
        minute = self.starts[i] + worked - self.before[i]
        if minute >= self.ends[i]:
            raise OutsideCalendar(f"the term runs beyond calendar {self.version}")
        return minute

    def reception_day(self, minute: int) -> int:
        """The index of the working day on which something arriving at `minute` counts as received.

        Its own day up to the closing moment, else the next working day.
        """
        index = bisect_left(self.closes, minute)
        if index == len(self.closes):
            raise OutsideCalendar(f"no working day follows in calendar {self.version}")
        return index

    def close_instant(self, index: int) -> datetime:
        """The close of office of a working day by its index. Raises `OutsideCalendar`."""
        if index >= len(self.close_instants):
            raise OutsideCalendar(f"the term runs beyond calendar {self.version}")
        return self.close_instants[index]


def absolute_minute(at: datetime) -> int:
    """The absolute minute of any instant, in no calendar's bounds. Raises `NaiveInstant`."""
    if at.tzinfo is not VIETNAM:
        if at.utcoffset() is None:
            raise NaiveInstant("a time needs its time zone")
        at = at.astimezone(VIETNAM)
    return at.toordinal() * MINUTES_OF_DAY + at.hour * 60 + at.minute


def instant_of(minute: int) -> datetime:
    """The instant of an absolute minute, in Vietnam's time."""
    return _EPOCH + timedelta(minutes=minute - _EPOCH_MINUTE)


def _each_day(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Say whether the office works on `day`; a Saturday reception is no working day.

    Raises `OutsideCalendar`.
    """
    if not calendar.first_day <= day <= calendar.last_day:
        raise OutsideCalendar(f"{day:%d/%m/%Y} is outside calendar {calendar.version}")
    ordinal = day.toordinal()
    index = bisect_left(calendar.days, ordinal)
    return index < len(calendar.days) and calendar.days[index] == ordinal


def next_working_moment(calendar: Calendar, at: datetime) -> datetime:
    """Return the instant itself within working time, else the next opening.

    A closing moment is no working moment. Raises `NaiveInstant`, `OutsideCalendar`.
    """
    minute = calendar.minute_of(at)
    return instant_of(calendar.next_minute_with(calendar.worked_at(minute)))


def close_of_office(calendar: Calendar, day: date) -> datetime:
    """Return the closing moment of a working day.

    Raises `ValueError` on any other day, `OutsideCalendar` beyond the calendar.
    """
    if not is_working_day(calendar, day):
        raise ValueError(f"{day:%d/%m/%Y} is no working day")
    return calendar.close_instants[bisect_left(calendar.days, day.toordinal())]


def is_reception_open(calendar: Calendar, at: datetime) -> bool:
    """Say whether a counter takes dossiers in at this moment: in working time or reception-only hours."""
    minute = calendar.minute_of(at)
    i = bisect_right(calendar.starts, minute) - 1
    if i >= 0 and minute < calendar.ends[i]:
        return True
    local = instant_of(minute)
    if local.date() in calendar.off and local.date() not in calendar.work:
        return False
    return any(
        entry.reception_only
        and local.weekday() in entry.weekdays
        and entry.in_season(local.date())
        and any(opens <= local.time() < closes for opens, closes in entry.intervals)
        for entry in calendar.hours
    )
