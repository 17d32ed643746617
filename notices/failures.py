"""Notices that nobody got: seen by administrators, tried again when the cause is mended."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.actors import Actor
from journal import audit_log
from notices import kinds
from notices.models import OUTSIDE, Notice
from notices.notify import call_sender

RETRIED_AT_ONCE = 500


def failed_notices() -> QuerySet[Notice]:
    return Notice.objects.filter(state=Notice.State.FAILED, channel__in=OUTSIDE).order_by("-id")


@transaction.atomic
def retry_notice(pks: list[int], *, by: Actor, at: datetime) -> int:
    """Send failed notices again, at most 500 at once; returns how many wait now.

    Those that left meanwhile stay, and so do secret ones whose text is no longer kept: a new one must be asked for.
    """
    rows = list(failed_notices().select_for_update().filter(pk__in=pks[:RETRIED_AT_ONCE]).exclude(body=""))
    for row in rows:
        row.state, row.attempts, row.next_attempt_at, row.last_error = Notice.State.WAITING, 0, at, ""
        if not row.in_doubt:
            # What surely failed is another message for the gateway, which would refuse the old reference.
            row.reference, row.provider_id, row.begun_at, row.sent_at = uuid.uuid4(), "", None, None
    fields = ["state", "attempts", "next_attempt_at", "last_error", "reference", "provider_id", "begun_at", "sent_at"]
    Notice.objects.bulk_update(rows, fields)
    if count := len(rows):
        audit_log.record_entry("notices_retried", "notices", by=by, count=count)
        transaction.on_commit(call_sender)
    return count


def label_of(notice: Notice) -> str:
    kind = kinds.kind_named(notice.kind)
    return str(kind.label) if kind else notice.kind
