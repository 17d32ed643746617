"""What the address of a report asks for: whose figures, of which days."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import StaffPost
from agencies.calendars import NoCalendarDays, calendar_of
from agencies.models import Agency
from reports import figures, periods
from reports.indicators.kinds import Asked
from reports.periods import DaysForm, Period
from reports.scope import Scope, scope_of
from vietnam.working_time import OutsideCalendar, is_working_day

LONGEST_REST = 12  # days without work at the beginning of a month: Tết and the weekends around it
ROLES = (StaffPost.Role.UNIT_HEAD, StaffPost.Role.LEADER, StaffPost.Role.SUPERVISOR)


def read_request(request: HttpRequest) -> tuple[Scope, Period, DaysForm, Asked]:
    """What the address asks for. Raises Http404 for an agency that the reader may not look at."""
    at = timezone.now()
    scope = scope_of(request.actor, request.GET.get("agency", ""))
    today = timezone.localdate(at)
    begun = month_has_just_begun(scope.agency or request.actor.post.agency, today)
    unasked = "last_month" if begun else periods.DEFAULT
    period, form = periods.chosen(request.GET, today=today, unasked=unasked)
    return scope, period, form, figures.period_asked(period.since, period.until, at=at)


def month_has_just_begun(agency: Agency, today: date) -> bool:
    """Whether no working day of the month lies behind yet, so that its figures are noughts and whoever looks wants to
    know how the last one went."""
    if today.day > LONGEST_REST:
        return False
    try:
        calendar = calendar_of(agency)
        return not any(is_working_day(calendar, today.replace(day=day)) for day in range(1, today.day))
    except (NoCalendarDays, OutsideCalendar):
        return False
