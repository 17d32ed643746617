"""What to make of a provider's report. The provider reports; our own record decides.

Reports come late, twice, at once and in any order. `failed` is never final and `confirmed` always is: a failure after
a confirmation changes nothing, a confirmation after a failure or after the attempt's end is good money.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from payments import settlement
from payments.models import Charge, Payment, ProviderCall
from payments.providers.base import Report, Status

Outcome = ProviderCall.Outcome
_RECEIVED = (Outcome.CONFIRMED, Outcome.SURPLUS)  # money that came; each transaction is counted once
_ENDED = {Status.FAILED: Payment.State.FAILED, Status.EXPIRED: Payment.State.EXPIRED}


def verify_report(report: Report, *, provider: str, kind: str, at: datetime) -> Outcome:
    """Take note of a genuine report, confirm the payment if it is due, keep the call; all in one transaction."""
    payment = Payment.objects.filter(reference=report.reference, method=Payment.Method.VIETQR).first()
    if payment is None:
        return _keep(report, provider, kind, Outcome.UNKNOWN, None, at)
    with transaction.atomic():
        charge = settlement.lock_charge(payment.charge_id)
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
        if report.status is Status.PAID:
            outcome = _paid(report, provider, charge, payment, at)
        else:
            outcome = _not_paid(report, payment)
        return _keep(report, provider, kind, outcome, payment, at)


def keep_refused(provider: str, kind: str, outcome: Outcome, payload: dict[str, Any], *, at: datetime) -> None:
    """Keep a call that was not believed."""
    ProviderCall.objects.create(provider=provider, kind=kind, outcome=outcome, payload=payload, received_at=at)


def _paid(report: Report, provider: str, charge: Charge, payment: Payment, at: datetime) -> Outcome:
    if payment.state == Payment.State.CONFIRMED and payment.provider_transaction == report.transaction[:80]:
        return Outcome.REPEATED
    known = ProviderCall.objects.filter(provider=provider, transaction=report.transaction[:80], outcome__in=_RECEIVED)
    if known.exists():
        return Outcome.REPEATED
    if report.amount != payment.amount:
        return Outcome.WRONG_AMOUNT
    if charge.settled_at is not None or charge.cancelled_at is not None:
        return Outcome.SURPLUS
    settlement.confirm_payment(charge, payment, at=at, by=provider, transaction_id=report.transaction)
    return Outcome.CONFIRMED


def _not_paid(report: Report, payment: Payment) -> Outcome:
    if payment.state == Payment.State.CONFIRMED:
        return Outcome.REPEATED
    if payment.state == Payment.State.CREATED and report.status in _ENDED:
        payment.state = _ENDED[report.status]
        payment.save(update_fields=["state"])
    return Outcome.NOT_PAID


def _keep(report: Report, provider: str, kind: str, outcome: Outcome, payment: Payment | None, at: datetime) -> Outcome:
    ProviderCall.objects.create(
        provider=provider,
        kind=kind,
        transaction=report.transaction[:80],
        payload=report.fields,
        outcome=outcome,
        payment=payment,
        received_at=at,
    )
    return outcome
