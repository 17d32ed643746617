"""A rehearsal in a real context: the agency that would settle, its calendar and those of the bodies asked."""

from datetime import datetime

from django.utils import timezone

from agencies.calendars import calendar_of
from agencies.models import Agency, Territory
from procedures.competence.lookup import keys_by_level
from procedures.editions.time_limits import period_of, term_for
from procedures.models import Route
from procedures.public import presentation
from procedures.routes import context
from procedures.routes.planning import plan_steps, working_minutes
from procedures.routes.rehearsal import Rehearsal, rehearse_route
from procedures.routes.steps import read_steps
from procedures.routes.words import role_name
from vietnam.working_time import Period


def agency_for(route: Route) -> Agency | None:
    """The agency whose route it is, else the one that settles the procedure; of communes, the first there is."""
    edition = context.edition_of(route)
    keys = [route.agency_key] if route.agency_key else list(keys_by_level(edition).values()) if edition else []
    found = Agency.objects.valid().filter(key__in=keys).select_related("territory", "calendar")
    if route.territory_code:
        found = found.filter(territory__in=Territory.objects.filter(code=route.territory_code))
    return min(found[:300], key=lambda agency: (keys.index(agency.key), agency.pk), default=None)


def tried(route: Route, agency: Agency, start: datetime, *, channel: str, case: str) -> tuple[Rehearsal, Period | None]:
    """The rehearsal and the limit that holds for this channel and case. Raises as `vietnam.working_time.due`."""
    edition = context.edition_of(route)
    period = period_of(term_for(edition, channel, case)) if edition else None
    planned = plan_steps(read_steps(route.steps), working_minutes(period) if period else None)
    keys = {step.agency_key for step in planned} | {o.agency_key for step in planned for o in step.opinions}
    others = Agency.objects.valid().filter(key__in=keys - {""}).select_related("calendar").order_by("-pk")
    elsewhere = {other.key: calendar_of(other) for other in others[:300]}
    return rehearse_route(planned, start, calendar_of(agency), limit=period, elsewhere=elsewhere), period


def who(role: str, agency_key: str, settling: Agency | None) -> str:
    """ "Chuyên viên thụ lý, Sở Tài chính"."""
    if agency_key:
        name = presentation.agency_names([agency_key], timezone.localdate()).get(agency_key, agency_key)
    else:
        name = settling.local_name if settling and role != "counter" else ""
    return f"{role_name(role)}, {name}" if name else role_name(role)
