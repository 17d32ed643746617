"""What will fall overdue within a week at the pace of the last four, and how wrong the same reckoning was before.

Each agency is taken as one queue that works by due date: what it finishes a working day, times the working days until a
date, is how far it gets by then. Dossiers whose clock stands still have no date and are not counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from agencies.calendars import calendar_of
from agencies.models import Agency, WorkCalendar
from dossiers.models import OPEN_STATES, Dossier
from reports import figures
from reports.cuts import AGENCY
from reports.indicators.kinds import Asked
from reports.population import Population
from vietnam.numbers import format_number
from vietnam.working_time import VIETNAM, Calendar, is_working_day

AHEAD = timedelta(days=7)
PACE = timedelta(days=28)
WEEKS_TRIED = 4
ROWS_SHOWN = 10


@dataclass(frozen=True)
class AgencyForecast:
    """`pace` in dossiers finished a working day; `overdue` are so already, `coming` fall due within the week."""

    agency: Agency
    pace: float
    overdue: int
    coming: int
    expected: int

    @property
    def pace_written(self) -> str:
        return format_number(round(self.pace, 1))


@dataclass(frozen=True)
class TriedWeek:
    """The week that began at `since`: what would have been forecast then, and what came."""

    since: datetime
    expected: int
    came: int


@dataclass(frozen=True)
class Forecast:
    agencies: list[AgencyForecast]
    tried: list[TriedWeek]

    @property
    def expected(self) -> int:
        return sum(one.expected for one in self.agencies)

    @property
    def shown(self) -> list[AgencyForecast]:
        """Those with something to fear, most first."""
        return sorted((one for one in self.agencies if one.expected), key=lambda one: -one.expected)[:ROWS_SHOWN]

    @property
    def mean_error(self) -> str | None:
        """Dossiers a week, up or down, over the weeks tried, in writing; None where none had anything."""
        if not any(week.expected or week.came for week in self.tried):
            return None
        return format_number(round(sum(abs(week.expected - week.came) for week in self.tried) / len(self.tried), 1))


@dataclass
class _Queue:
    overdue: int
    coming: dict[date, int]
    came: int


def late_in_queue(overdue: int, coming: Iterable[tuple[int, int]], pace: float) -> int:
    """How many of `coming`, (working days left, number) with the nearest first, a queue does not reach in time when
    `overdue` stand before them and `pace` are done a working day."""
    standing, late = overdue, 0
    for days, number in coming:
        standing += number
        late += min(number, max(0, standing - floor(pace * days)))
    return late


def overdue_forecast(population: Population, at: datetime) -> Forecast:
    """The week from `at`, and the four weeks before it for comparison. A fixed number of statements."""
    moments = [at - AHEAD * back for back in range(1, WEEKS_TRIED + 1)]
    queues = {moment: _queues(population.dossiers, moment) for moment in (at, *moments)}
    finished = {moment: _finished_before(population, moment) for moment in queues}
    agencies = Agency.objects.in_bulk({pk for found in queues.values() for pk in found})
    wanted = WorkCalendar.objects.filter(pk__in={agency.calendar_id for agency in agencies.values()})
    calendars = {calendar.pk: calendar_of(calendar) for calendar in wanted}

    def forecast(moment: datetime) -> list[AgencyForecast]:
        found = []
        for pk, queue in queues[moment].items():
            calendar = calendars[agencies[pk].calendar_id]
            today = moment.astimezone(VIETNAM).date()
            worked = _working_days(calendar, today - PACE, today - timedelta(days=1))
            pace = finished[moment].get(pk, 0) / worked if worked else 0.0
            coming = [(_working_days(calendar, today, day), n) for day, n in sorted(queue.coming.items())]
            late = late_in_queue(queue.overdue, coming, pace)
            found.append(AgencyForecast(agencies[pk], pace, queue.overdue, sum(queue.coming.values()), late))
        return found

    tried = [
        TriedWeek(
            moment, sum(one.expected for one in forecast(moment)), sum(one.came for one in queues[moment].values())
        )
        for moment in reversed(moments)
    ]
    return Forecast(forecast(at), tried)


def _queues(dossiers: QuerySet[Dossier], at: datetime) -> dict[int, _Queue]:
    """What each agency had open at a moment with a date within a week of it; `came` are those that then ran over."""
    still_open = Q(finished_at=None, state__in=OPEN_STATES) | Q(finished_at__gt=at)
    in_time = Q(finished_at__lte=F("due_at"))
    rows = (
        dossiers.filter(still_open, received_at__lte=at, due_at__lt=at + AHEAD, settling_agency__isnull=False)
        .order_by()
        .values_list("settling_agency", TruncDate("due_at", tzinfo=VIETNAM))
        .annotate(
            overdue=Count("pk", filter=Q(due_at__lte=at)),
            coming=Count("pk", filter=Q(due_at__gt=at)),
            came=Count("pk", filter=Q(due_at__gt=at) & ~in_time),
        )
    )
    found: dict[int, _Queue] = {}
    for pk, day, overdue, coming, came in rows:
        queue = found.setdefault(pk, _Queue(0, {}, 0))
        queue.overdue += overdue
        queue.came += came
        if coming:
            queue.coming[day] = queue.coming.get(day, 0) + coming
    return found


def _finished_before(population: Population, at: datetime) -> dict[int, int]:
    today = at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = Asked(today - PACE, today, at, {})
    return {pk: row["finished"] for pk, row in figures.figures(population, asked, ("finished",), cut=AGENCY).items()}


def _working_days(calendar: Calendar, first: date, last: date) -> int:
    """Both days included; days that the calendar does not reach count as none."""
    first, last = max(first, calendar.first_day), min(last, calendar.last_day)
    return sum(is_working_day(calendar, first + timedelta(days=n)) for n in range((last - first).days + 1))
