"""Recording what must be told, in the transaction of its cause. Sending comes later and never undoes the act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from notices.models import Notice
from notices.wording import render


@dataclass(frozen=True)
class Recipient:
    """Somebody to tell: on the portal when they have an account, by e-mail when there is an address."""

    account: Account | None = None
    address: str = ""
    language: str = "vi"


def tell(
    key: str,
    recipients: list[Recipient],
    template: str,
    context: dict[str, Any],
    *,
    link: str,
    at: datetime,
    on_portal: bool = True,
) -> int:
    """Write the notices of one message; telling the same `key` again adds nothing. Returns how many are new.

    `link` is a path; e-mails carry it with the portal's address. Nothing is attached, ever.
    """
    rows = []
    for recipient in recipients:
        subject, body = render(template, recipient.language, {**context, "link": settings.PUBLIC_URL + link})
        facts = {"key": key, "language": recipient.language, "subject": subject, "body": body, "link": link}
        if recipient.account is not None and on_portal:
            rows.append(
                Notice(
                    **facts,
                    channel=Notice.Channel.PORTAL,
                    account=recipient.account,
                    state=Notice.State.SENT,
                    created_at=at,
                    sent_at=at,
                )
            )
        if recipient.address and settings.EMAIL_HOST:
            rows.append(
                Notice(
                    **facts,
                    channel=Notice.Channel.EMAIL,
                    account=recipient.account,
                    address=recipient.address,
                    created_at=at,
                    next_attempt_at=at,
                )
            )
    before = Notice.objects.filter(key=key).count()
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.channel == Notice.Channel.EMAIL for row in rows):
        transaction.on_commit(_call_sender)
    return Notice.objects.filter(key=key).count() - before


def _call_sender() -> None:
    from kombu.exceptions import OperationalError

    from notices.tasks import send_waiting

    try:
        send_waiting.apply_async(retry=False)
    except OperationalError:
        return  # the periodic sending finds the notices
