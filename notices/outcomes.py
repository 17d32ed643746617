"""What became of a notice, written under its lock: each of these may come twice, late or in the wrong order."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from notices import kinds
from notices.models import CARRIED, Notice
from notices.providers.base import Fate, NotNow, Taken

log = logging.getLogger(__name__)
State = Notice.State
ATTEMPTS = 8
# What is in doubt is asked about at least this often before it is given up.
LONGEST_PAUSE = timedelta(hours=2)


@transaction.atomic
def record_taken(pk: int, by_carrier: Taken, *, at: datetime) -> str:
    """The carrier has it, or says what became of it. Returns the notice's state.

    Delivered is the end, whatever comes later; failed is mended only by delivered (reports may overtake each other).
    """
    notice = Notice.objects.select_for_update().get(pk=pk)
    notice.in_doubt = False
    notice.provider_id = notice.provider_id or by_carrier.provider_id
    if notice.state in (State.WAITING, State.HELD):
        notice.state, notice.sent_at, notice.last_error = State.SENT, at, ""
        _keep_no_secret(notice)
    if by_carrier.fate is Fate.DELIVERED and notice.state != State.DELIVERED:
        notice.state, notice.delivered_at, notice.last_error = State.DELIVERED, at, ""
    elif by_carrier.fate is Fate.FAILED and notice.state == State.SENT:
        _fail(notice, by_carrier.reason or "not delivered", at)
    notice.save()
    return notice.state


@transaction.atomic
def record_refused(pk: int, why: str, *, at: datetime) -> None:
    notice = Notice.objects.select_for_update().get(pk=pk)
    notice.in_doubt = False
    if notice.state == State.WAITING:
        _fail(notice, why, at)
    notice.save()


@transaction.atomic
def record_postponed(pk: int, problem: NotNow, *, at: datetime) -> None:
    """Tried again later, each time after a longer pause; given up after the last attempt."""
    notice = Notice.objects.select_for_update().get(pk=pk)
    notice.in_doubt = notice.in_doubt or (problem.in_doubt and notice.channel in CARRIED)
    notice.last_error = str(problem)[:300]
    if notice.state == State.WAITING:
        if notice.attempts >= ATTEMPTS:
            _fail(notice, str(problem), at)
        else:
            pause = timedelta(seconds=problem.seconds or 30 * 2**notice.attempts)
            notice.next_attempt_at = at + min(pause, LONGEST_PAUSE)
    notice.save()
    log.warning(
        "notice not sent", extra={"notice": notice.pk, "attempts": notice.attempts, "why": type(problem).__name__}
    )


def _fail(notice: Notice, why: str, at: datetime) -> None:
    """The channel is of no use: the next one of the recipient's is tried, once."""
    notice.state, notice.last_error = State.FAILED, why[:300]
    if not notice.fallbacks:
        return
    first, *rest = notice.fallbacks
    notice.fallbacks = []
    Notice.objects.bulk_create(
        [
            Notice(
                key=notice.key,
                kind=notice.kind,
                urgent=notice.urgent,
                account_id=notice.account_id,
                language=notice.language,
                link=notice.link,
                **first,
                fallbacks=rest,
                created_at=at,
                next_attempt_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def _keep_no_secret(notice: Notice) -> None:
    kind = kinds.kind_named(notice.kind)
    if kind is not None and kind.secret:
        notice.body = ""
