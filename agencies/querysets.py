"""Rows that hold for a time."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone


class ValidityQuerySet(QuerySet):
    """Of tables with `valid_from` and `valid_to`, the last day included and empty while it lasts."""

    def valid(self, *, on: date | None = None) -> "ValidityQuerySet":
        """Those that hold on a day (today unless given)."""
        day = on or timezone.localdate()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
