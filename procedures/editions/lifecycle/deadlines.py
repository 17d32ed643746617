"""What must be done by when after a decision, and what is late. The periods are settings: bodies rule differently."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.calendars import calendar_of
from agencies.models import Agency
from procedures.models import Edition
from vietnam.working_time import Period, Unit, due


def limits(decided: date) -> tuple[datetime | None, datetime | None]:
    """(until when to publicise, until when the electronic route is ready) for a decision signed on a day.

    The day itself is not counted. (None, None) while the province has no agency and so no calendar.
    """
    agency = Agency.objects.valid(on=decided).filter(kind=Agency.Kind.PROVINCIAL_PC).select_related("calendar").first()
    if agency is None:
        return None, None
    calendar = calendar_of(agency)
    signed = datetime.combine(decided, time(8), tzinfo=timezone.get_current_timezone())
    ends = [
        due(calendar, signed, Period(Decimal(days), Unit.WORKING_DAY)).at
        for days in (settings.PUBLICATION_WORKING_DAYS, settings.ROUTE_WORKING_DAYS)
    ]
    return ends[0], ends[1]


@dataclass(frozen=True)
class Lateness:
    """Whether each of the two clocks is over at a time without its work done."""

    publication: bool = False
    route: bool = False

    def __bool__(self) -> bool:
        return self.publication or self.route


def lateness(edition: Edition, at: datetime) -> Lateness:
    return Lateness(
        publication=edition.publish_by is not None and (edition.published_at or at) > edition.publish_by,
        route=edition.route_by is not None and (edition.route_ready_at or at) > edition.route_by,
    )


def late(at: datetime) -> QuerySet[Edition]:
    """Editions whose publication or route is overdue and still open."""
    return Edition.objects.filter(
        Q(status=Edition.Status.ANNOUNCED, publish_by__lt=at)
        | Q(
            status__in=(Edition.Status.ANNOUNCED, Edition.Status.UPCOMING, Edition.Status.PUBLISHED),
            route_by__lt=at,
            route_ready_at__isnull=True,
        )
    )
