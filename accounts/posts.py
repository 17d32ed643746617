"""Staff posts that hold at a time."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.models import Account, StaffPost


def valid_posts(account: Account, *, on: date | None = None) -> list[StaffPost]:
    """The posts of `account` valid on a day (today unless given), with agency, desk and account loaded."""
    day = on or timezone.localdate()
    return list(
        StaffPost.objects.filter(account=account, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .select_related("agency", "agency__calendar", "agency__territory", "desk", "account")
        .order_by("id")
    )
