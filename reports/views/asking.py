"""What the address of a report asks for: whose figures, of which days."""

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import StaffPost
from reports import figures, periods
from reports.indicators.kinds import Asked
from reports.periods import DaysForm, Period
from reports.scope import Scope, scope_of
from vietnam.working_time import VIETNAM

ROLES = (StaffPost.Role.UNIT_HEAD, StaffPost.Role.LEADER, StaffPost.Role.SUPERVISOR)


def read_request(request: HttpRequest) -> tuple[Scope, Period, DaysForm, Asked]:
    """What the address asks for. Raises Http404 for an agency that the reader may not look at."""
    at = timezone.now()
    scope = scope_of(request.actor, request.GET.get("agency", ""))
    period, form = periods.chosen(request.GET, today=at.astimezone(VIETNAM).date())
    return scope, period, form, figures.period_asked(period.since, period.until, at=at)
