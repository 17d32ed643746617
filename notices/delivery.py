"""Sending notices: again after a passing fault, never after a lasting one, never twice.

A notice is claimed in one transaction and its outcome written in another: no lock is held while a carrier is called,
and a worker that dies in between leaves the notice to be claimed again, asked about before it is sent again.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from core.time_budget import TimeBudget
from notices import digest, outcomes, providers, quiet
from notices.models import CARRIED, Notice
from notices.outcomes import ATTEMPTS
from notices.providers.base import MessageRefused, NotNow

__all__ = ["ATTEMPTS", "ask_about_sent", "send_due"]
log = logging.getLogger(__name__)
State = Notice.State
LEASE = timedelta(minutes=5)  # longer than a carrier's patience
# A gateway that never called back is asked, after this long and then once a day while it still knows.
REPORT_EXPECTED, ASKED_AGAIN, FORGOTTEN = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def send_due(*, at: datetime, limit: int = 100, budget: TimeBudget | None = None) -> int:
    """Send what waits at `at`; returns how many left. A slow carrier's share of the time spent, it rests this round."""
    digest.gather_digests(at=at)
    if morning := quiet.over_at(at):
        due = Notice.objects.filter(state=State.WAITING, urgent=False, next_attempt_at__lte=at)
        due.update(next_attempt_at=morning)
    budget, sent = budget or TimeBudget(), 0
    resting: set[str] = set()
    shares: dict[str, TimeBudget] = {}
    for _n in range(limit):
        notice = None if budget.is_spent else _claim(at, resting)
        if notice is None:
            break
        share = shares.setdefault(notice.channel, budget.new_share())
        sent += _send(notice, at, resting)
        if share.is_spent:
            resting.add(notice.channel)
    return sent


@transaction.atomic
def _claim(at: datetime, resting: set[str]) -> Notice | None:
    notice = (
        Notice.objects.select_for_update(skip_locked=True)
        .filter(state=State.WAITING, next_attempt_at__lte=at)
        .exclude(channel__in=resting)
        .order_by("next_attempt_at", "id")
        .first()
    )
    if notice is None:
        return None
    before = notice.in_doubt
    notice.attempts += 1
    notice.begun_at = notice.begun_at or at
    notice.next_attempt_at = at + LEASE
    notice.in_doubt = notice.channel in CARRIED  # until an answer came
    notice.save()
    notice.in_doubt = before
    return notice


def _send(notice: Notice, at: datetime, resting: set[str]) -> bool:
    carrier = providers.provider_of(notice.channel)
    if not carrier.is_ready():  # it was when the notice was written; the next channel is, or the list of failures tells
        outcomes.record_refused(notice.pk, "this channel is not configured", at=at)
        return False
    try:
        known = carrier.ask(notice, at) if notice.in_doubt else None
        outcomes.record_taken(notice.pk, known or carrier.send(notice), at=at)
    except MessageRefused as refusal:
        outcomes.record_refused(notice.pk, str(refusal), at=at)
        return False
    except NotNow as problem:
        if not (notice.in_doubt or problem.in_doubt):
            Notice.objects.filter(pk=notice.pk).update(in_doubt=False)
        outcomes.record_postponed(notice.pk, problem, at=at)
        if problem.rest:
            resting.add(notice.channel)
        return False
    except Exception as error:  # one message that nobody foresaw never stops the others
        log.exception("notice could not be handed over", extra={"notice": notice.pk})
        outcomes.record_postponed(notice.pk, NotNow(type(error).__name__, in_doubt=True), at=at)
        return False
    return True


def ask_about_sent(*, at: datetime, limit: int = 200, budget: TimeBudget | None = None) -> int:
    """Ask what became of messages on which no report came; returns how many ended."""
    expected = Notice.objects.filter(
        Q(asked_at=None) | Q(asked_at__lte=at - ASKED_AGAIN),
        state=State.SENT,
        channel__in=CARRIED,
        sent_at__lte=at - REPORT_EXPECTED,
        sent_at__gte=at - FORGOTTEN,
    )
    budget, ended = budget or TimeBudget(), 0
    for notice in expected.order_by(F("asked_at").asc(nulls_first=True), "sent_at")[:limit]:
        if budget.is_spent:
            break
        Notice.objects.filter(pk=notice.pk).update(asked_at=at)
        try:
            known = providers.provider_of(notice.channel).ask(notice, at)
        except (NotNow, MessageRefused):
            continue
        if known is not None:
            ended += outcomes.record_taken(notice.pk, known, at=at) != State.SENT
    return ended
