"""What somebody was told on the portal."""

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account
from notices.models import Notice

SHOWN_AT_MOST = 99
# Asked by every page's frame, so it is worded once.
_UNREAD = """
    SELECT count(*) FROM (
        SELECT FROM notices_notice WHERE account_id = %s AND channel = %s AND read_at IS NULL LIMIT %s
    ) AS unread
"""


def inbox_of(account: Account) -> QuerySet[Notice]:
    return Notice.objects.filter(account=account, channel=Notice.Channel.PORTAL).order_by("-id")


def unread_count(account: Account) -> int:
    """How many are unread, counted no further than 99."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [account.pk, Notice.Channel.PORTAL, SHOWN_AT_MOST])
        return int(cursor.fetchone()[0])


def mark_read(account: Account) -> int:
    return inbox_of(account).filter(read_at__isnull=True).update(read_at=timezone.now())
