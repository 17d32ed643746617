"""Asking the provider what became of an attempt, when its call did not come: by timetable, or because somebody asks."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from core.time_budget import TimeBudget
from payments import verification
from payments.models import Charge, Payment, ProviderCall
from payments.providers import registry
from payments.providers.base import BadSignature, Provider, Report, Status, Unreachable

log = logging.getLogger(__name__)
Outcome = ProviderCall.Outcome
Kind = ProviderCall.Kind

FIRST_AFTER = timedelta(seconds=60)  # the bank calls by itself first
AGAIN_AFTER = timedelta(seconds=60)
# Most pay at once or not at all: an attempt that is no longer young is asked about less often.
_YOUNG = timedelta(minutes=5)
_LATER_AGAIN_AFTER = timedelta(minutes=5)
# A transfer may be booked late; after this somebody looks at the bank's statement instead.
LATE_MONEY = timedelta(days=3)
_HASTE = timedelta(seconds=5)  # between two questions about one attempt, however often a button is pressed
_ENDED_AGAIN_AFTER = timedelta(hours=6)
_ENDED = (Payment.State.FAILED, Payment.State.EXPIRED)
_GIVE_UP_AFTER = 3  # unanswered questions in a row: the bank is away, the next round will ask


def ask_waiting(*, at: datetime, limit: int = 50, budget: TimeBudget | None = None) -> int:
    """Ask about attempts that wait, longest unasked first, and end those whose time is over; returns how many.

    Attempts that ended are asked about a few times more until money can hardly come any more: a bank may book late.
    Two rounds at once share the attempts between them.
    """
    online = registry.online_methods()
    waiting = Q(state=Payment.State.CREATED) & (
        Q(asked_at__isnull=True, created_at__lte=at - FIRST_AFTER)
        | Q(asked_at__lte=at - AGAIN_AFTER, created_at__gt=at - _YOUNG)
        | Q(asked_at__lte=at - _LATER_AGAIN_AFTER)
    )
    ended = Q(state__in=_ENDED, created_at__gt=at - LATE_MONEY, asked_at__lte=at - _ENDED_AGAIN_AFTER)
    owed = Q(charge__settled_at__isnull=True)
    with transaction.atomic():
        claimed = list(
            Payment.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("account", "charge")
            .filter(waiting | (ended & owed), method__in=online)
            .order_by(F("asked_at").asc(nulls_first=True), "id")[:limit]
        )
        Payment.objects.filter(pk__in=[payment.pk for payment in claimed]).update(asked_at=at)
    return _ask_all(claimed, at=at, budget=budget or TimeBudget())


def ask_about(charge: Charge, *, at: datetime) -> bool:
    """Ask about the charge's attempts of late because somebody says they paid; returns whether the bank answered.

    Attempts that failed or ended are asked about too: their money may have come after all.
    """
    online = registry.online_methods()
    recent = (
        charge.payments.select_related("account", "charge")
        .filter(method__in=online, created_at__gt=at - LATE_MONEY)
        .exclude(state__in=(Payment.State.CONFIRMED, Payment.State.REVERSED))
    )
    if not recent and not registry.offered_providers(charge.agency_code, at=at):
        return False
    waiting = [payment for payment in recent[:3] if payment.asked_at is None or payment.asked_at <= at - _HASTE]
    Payment.objects.filter(pk__in=[payment.pk for payment in waiting]).update(asked_at=at)
    return _ask_all(waiting, at=at, give_up_after=1) == len(waiting)


def ask_again(payment: Payment, *, at: datetime) -> ProviderCall | None:
    """Ask about a confirmed payment whether its money is still there: no statement tells of what went at a provider.

    Returns the answer as it was judged; None when the provider was asked a moment ago."""
    provider = registry.provider_of(payment.method)
    if provider is None or (payment.asked_at is not None and payment.asked_at > at - _HASTE):
        return None
    Payment.objects.filter(pk=payment.pk).update(asked_at=at)
    _ask(provider, payment, at=at)
    return payment.calls.filter(kind=Kind.INQUIRY, received_at=at).first()


def announce_payment(payment: Payment, *, at: datetime) -> None:
    """Tell the provider of a new attempt. Raises Unreachable or BadSignature; telling it again is harmless."""
    provider = registry.provider_of(payment.method)
    report = provider.order(payment) if provider else None
    if provider is not None and report is not None:
        verification.verify_report(report, provider=provider.name, kind=Kind.ORDER, at=at)


def _ask_all(
    payments: Iterable[Payment], *, at: datetime, give_up_after: int = _GIVE_UP_AFTER, budget: TimeBudget | None = None
) -> int:
    """Ask about each; a provider that does not answer several times in a row is left alone until the next round, and
    so is one that answers so slowly that its share of the time is spent."""
    answered, unanswered = 0, dict[str, int]()
    shares: dict[str, TimeBudget] = {}
    for payment in payments:
        provider = registry.provider_of(payment.method)
        if provider is None or unanswered.get(provider.name, 0) >= give_up_after:
            continue
        if budget is not None and shares.setdefault(provider.name, budget.new_share()).is_spent:
            # Claimed and not asked: the first of the next round.
            Payment.objects.filter(pk=payment.pk, asked_at=at).update(asked_at=payment.asked_at)
            continue
        if _ask(provider, payment, at=at):
            answered, unanswered[provider.name] = answered + 1, 0
        else:
            unanswered[provider.name] = unanswered.get(provider.name, 0) + 1
            if unanswered[provider.name] == give_up_after:
                log.warning("a provider does not answer; asking again later", extra={"provider": provider.name})
    return answered


def _ask(provider: Provider, payment: Payment, *, at: datetime) -> bool:
    try:
        report = provider.inquire(payment, at=at)
    except Unreachable as error:
        _keep_unanswered(provider, payment, Outcome.UNREACHABLE, {"error": str(error)[:500]}, at)
        return False
    except BadSignature as error:
        _keep_unanswered(provider, payment, Outcome.BAD_SIGNATURE, error.fields, at)
        return False
    try:
        verification.verify_report(_timely(report, payment, at), provider=provider.name, kind=Kind.INQUIRY, at=at)
    except Exception:  # one attempt that cannot be settled must not keep the others waiting
        log.exception("a report could not be taken note of", extra={"reference": payment.reference})
    return True


def _timely(report: Report, payment: Payment, at: datetime) -> Report:
    """An attempt that still waits after its time has ended, whether or not the bank knows it."""
    over = payment.expires_at is not None and payment.expires_at <= at
    if over and report.status in (Status.WAITING, Status.UNKNOWN):
        return replace(report, status=Status.EXPIRED)
    return report


def _keep_unanswered(
    provider: Provider, payment: Payment, outcome: Outcome, payload: dict[str, str], at: datetime
) -> None:
    ProviderCall.objects.create(
        provider=provider.name,
        kind=Kind.INQUIRY,
        outcome=outcome,
        payload=payload,
        payment=payment,
        received_at=at,
    )
