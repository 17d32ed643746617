"""Sending e-mail notices: again after a passing fault, never after a lasting one, never twice at once."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from notices.models import Notice

log = logging.getLogger(__name__)
ATTEMPTS = 8


def send_due(*, at: datetime, limit: int = 100) -> int:
    """Send what waits at `at`; returns how many left."""
    sent = 0
    for _n in range(limit):
        outcome = _send_one(at)
        if outcome is None:
            break
        sent += outcome
    return sent


def _send_one(at: datetime) -> bool | None:
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True)
            .filter(state=Notice.State.WAITING, next_attempt_at__lte=at)
            .order_by("next_attempt_at", "id")
            .first()
        )
        if notice is None:
            return None
        notice.attempts += 1
        try:
            EmailMessage(notice.subject, notice.body, to=[notice.address]).send()
        except (smtplib.SMTPException, OSError) as error:
            _failed(notice, error, at)
        else:
            notice.state, notice.sent_at, notice.last_error = Notice.State.SENT, at, ""
        notice.save()
        return notice.state == Notice.State.SENT


def _failed(notice: Notice, error: Exception, at: datetime) -> None:
    lasting = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _message in error.recipients.values()
    )
    notice.last_error = type(error).__name__
    if lasting or notice.attempts >= ATTEMPTS:
        notice.state = Notice.State.FAILED
    else:
        notice.next_attempt_at = at + timedelta(seconds=30 * 2**notice.attempts)
    log.warning("notice not sent", extra={"notice": notice.pk, "attempts": notice.attempts, "lasting": lasting})
