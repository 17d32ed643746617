"""One e-mail a morning in place of many: what is due soon and overdue, for staff who chose so."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _lazy

from notices import kinds, wording
from notices.kinds import Kind
from notices.models import Channel, Notice

LISTED = 50  # lines of one e-mail; the portal has the rest
KIND = Kind(
    "digest",
    _lazy("Thư gộp buổi sáng cho cán bộ"),
    example={
        "count": 2,
        "more": 0,
        "items": [
            {"subject": "Quá hạn: H05.160-261123-0001, hạn 17:00, 25/11/2026", "link": "https://…/dossiers/1/"},
            {"subject": "Sắp đến hạn: H05.160-261123-0002, hạn 17:00, 26/11/2026", "link": "https://…/dossiers/2/"},
        ],
    },
)
kinds.register_kind(KIND)


def gather_digests(*, at: datetime, limit: int = 500) -> int:
    """Put what was held until `at` into one notice for each reader; returns how many were written.

    Safe to run many times at once: the rows of a reader are locked, and their notice has one key a day.
    """
    due = Notice.objects.filter(state=Notice.State.HELD, next_attempt_at__lte=at)
    readers = due.order_by("account_id").values_list("account_id", flat=True).distinct()[:limit]
    return sum(_for_reader(account, at) for account in list(readers))


@transaction.atomic
def _for_reader(account: int, at: datetime) -> bool:
    held = list(
        Notice.objects.select_for_update(skip_locked=True)
        .filter(state=Notice.State.HELD, account_id=account, next_attempt_at__lte=at)
        .order_by("id")
    )
    if not held:
        return False
    last = held[-1]
    facts = {
        "count": len(held),
        "more": max(0, len(held) - LISTED),
        "items": [{"subject": each.subject, "link": settings.PUBLIC_URL + each.link} for each in held[:LISTED]],
        "link": settings.PUBLIC_URL + "/my/notices/",
    }
    with translation.override(last.language):
        subject, body = wording.render_notice(KIND, Channel.EMAIL, last.language, facts)
    written = Notice.objects.create(
        key=f"digest:{timezone.localdate(at):%Y-%m-%d}:{last.pk}",
        kind=KIND.name,
        channel=Channel.EMAIL,
        account_id=account,
        address=last.address,
        language=last.language,
        subject=subject,
        body=body,
        link="/my/notices/",
        created_at=at,
        next_attempt_at=at,
    )
    Notice.objects.filter(pk__in=[each.pk for each in held]).update(state=Notice.State.SENT, sent_at=at, digest=written)
    return True
