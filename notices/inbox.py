"""What somebody was told on the portal."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account
from notices.models import Notice

SHOWN_AT_MOST = 99


def inbox_of(account: Account) -> QuerySet[Notice]:
    return Notice.objects.filter(account=account, channel=Notice.Channel.PORTAL).order_by("-id")


def unread_count(account: Account) -> int:
    """How many are unread, counted no further than 99."""
    return inbox_of(account).filter(read_at__isnull=True)[:SHOWN_AT_MOST].count()


def mark_read(account: Account) -> int:
    return inbox_of(account).filter(read_at__isnull=True).update(read_at=timezone.now())
