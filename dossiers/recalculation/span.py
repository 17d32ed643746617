"""Which calendars count differently, and over which days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agencies.models import Agency
from vietnam.working_time import VIETNAM


@dataclass(frozen=True)
class Span:
    """`agencies` are the ids of those on the changed calendars; `since` and `until` the midnights around the days."""

    agencies: frozenset[int]
    since: datetime
    until: datetime

    @classmethod
    def of(cls, calendars: Sequence[int], first_day: date, last_day: date) -> "Span":
        agencies = Agency.objects.filter(calendar__in=calendars).values_list("pk", flat=True)
        return cls(frozenset(agencies), _midnight(first_day), _midnight(last_day + timedelta(days=1)))

    def under(self, began_at: datetime | None, ends_at: datetime | None) -> bool:
        """Whether time from `began_at` to `ends_at` runs over the changed days."""
        return began_at is not None and ends_at is not None and ends_at >= self.since and began_at < self.until


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=VIETNAM)
