"""What to make of a provider's report. The provider reports; our own record decides.

Reports come late, twice, at once and in any order. `failed` is never final and `confirmed` always is: a failure after
a confirmation changes nothing, a confirmation after a failure or after the attempt's end is good money.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Refused
from payments import reversals, settlement
from payments.attempts import attempt_called
from payments.ledger import strays
from payments.ledger.posting import Account
from payments.models import Charge, CollectionAccount, Payment, ProviderCall, RawCall, Refund, StrayMoney
from payments.numbering import SERIES
from payments.providers.base import Report, Status

Outcome = ProviderCall.Outcome
_RECEIVED = (Outcome.CONFIRMED, Outcome.SURPLUS)  # money that came; each transaction is counted once
_ENDED = {
    Status.FAILED: Payment.State.FAILED,
    Status.EXPIRED: Payment.State.EXPIRED,
    Status.TAKEN_BACK: Payment.State.FAILED,  # came and went before we heard of it
}


@dataclass(frozen=True)
class _Known:
    """What there is beside the charge and the payment: whether a report on the payment was `repeated`, a statement told
    of its money (`stated`), the transaction was `received`, or lies on the list (`stray`); how the charge stands."""

    repeated: bool
    stated: bool
    received: bool
    stray: bool
    standing: settlement.Standing


_OTHER_AMOUNT = (StrayMoney.Kind.PARTIAL, StrayMoney.Kind.OVER)
STATEMENT, FROM_STATEMENT = "statement", "line:"  # how a transaction begins that a bank statement told of first
# Nobody outside knows the references of what is taken at a counter.
_TOLD_OF = [str(each) for each in Payment.Method if each not in (Payment.Method.CASH, Payment.Method.POS)]


def verify_report(report: Report, *, provider: str, kind: str, at: datetime, raw: RawCall | None = None) -> Outcome:
    """Take note of a genuine report, confirm the payment if it is due, keep the call; all in one transaction."""
    with transaction.atomic():
        payment = report.named or attempt_called(report.reference, _TOLD_OF)
        if payment is None or _is_of_another(report, payment):
            if report.status is Status.PAID and report.amount > 0:
                _unknown(report, provider, at)
            return _keep(report, provider, kind, Outcome.UNKNOWN, None, at, raw)
        charge = payment.charge
        settlement.lock_known_charge(charge)
        known = _lock(payment, report, provider, at)
        if report.status is Status.PAID:
            outcome = _paid(report, provider, charge, payment, known, at)
        elif report.status is Status.TAKEN_BACK and payment.state == Payment.State.CONFIRMED:
            outcome = _taken_back(report, provider, payment, at)
        else:
            outcome = _not_paid(report, payment)
        return _keep(report, provider, kind, outcome, payment, at, raw)


def _is_of_another(report: Report, payment: Payment) -> bool:
    """Whoever holds the secret of one account says nothing of what was to go to another."""
    return bool(report.place) and payment.account is not None and payment.account.key != report.place


def keep_refused(
    provider: str, kind: str, outcome: Outcome, payload: dict[str, Any], *, at: datetime, raw: RawCall | None = None
) -> None:
    """Keep a call that was not believed."""
    ProviderCall.objects.create(provider=provider, kind=kind, outcome=outcome, payload=payload, raw=raw, received_at=at)


def _paid(report: Report, provider: str, charge: Charge, payment: Payment, known: _Known, at: datetime) -> Outcome:
    settled = payment.state in (Payment.State.CONFIRMED, Payment.State.REVERSED)
    if settled and payment.provider_transaction == report.transaction[:80]:
        return Outcome.REPEATED
    if provider != STATEMENT and _told_by_statement(payment, known):
        return Outcome.REPEATED  # the statement was quicker than the call about the same money
    if known.received:
        return Outcome.REPEATED
    if payment.state == Payment.State.REVERSED:  # somebody used the old code again: a person looks at it
        _stray(StrayMoney.Kind.AGAIN, report, provider, charge, payment, at)
        return Outcome.SURPLUS
    if report.amount != payment.amount:
        kind = StrayMoney.Kind.PARTIAL if report.amount < payment.amount else StrayMoney.Kind.OVER
        _stray(kind, report, provider, charge, payment, at)
        return Outcome.WRONG_AMOUNT
    if charge.settled_at is not None or charge.cancelled_at is not None:
        kind = StrayMoney.Kind.TWICE if charge.settled_at else StrayMoney.Kind.CANCELLED
        _stray(kind, report, provider, charge, payment, at)
        return Outcome.SURPLUS
    if provider == STATEMENT:  # what a call told of another amount never came so, unless a line holds it
        for wrong in payment.strays.filter(closed_at=None, line_match=None, kind__in=_OTHER_AMOUNT):
            strays.take_back(wrong.provider, wrong.transaction, at=at, by=provider)
    if known.stray and not strays.take_back(provider, report.transaction, at=at, by=provider):
        return Outcome.REPEATED  # a cashier has worked it off meanwhile
    settlement.confirm_payment(
        charge, payment, at=at, by=provider, transaction_id=report.transaction, standing=known.standing
    )
    return Outcome.CONFIRMED


# FILTER, because a condition may be looked up in an index of its own: of every attempt that waits, and of all that is
# owed in the province, as long as the tables' statistics are young.
_LOCK = f"""
    SELECT p.state, p.provider_transaction, p.confirmed_at,
        EXISTS (SELECT FROM payments_providercall WHERE payment_id = %(payment)s AND outcome = 'repeated'),
        EXISTS (SELECT FROM payments_straymoney
                WHERE payment_id = %(payment)s AND provider = 'statement' AND amount = %(amount)s),
        EXISTS (SELECT FROM payments_providercall
                WHERE provider = %(provider)s AND transaction = %(transaction)s AND outcome = ANY(%(received)s)),
        EXISTS (SELECT FROM payments_straymoney WHERE provider = %(provider)s AND transaction = %(transaction)s),
        (SELECT sum(amount) FILTER (WHERE account = 'owed')::bigint FROM payments_ledgerline
         WHERE charge_id = %(charge)s),
        (SELECT count(*) FILTER (WHERE state = 'created' AND id <> %(payment)s) > 0 FROM payments_payment
         WHERE charge_id = %(charge)s),
        coalesce(series.form_symbol, ''), coalesce(series.serial, '')
    FROM payments_payment p LEFT JOIN ({SERIES}) AS series ON TRUE WHERE p.id = %(payment)s FOR UPDATE OF p
"""  # noqa: S608 (a statement of our own)


def _lock(payment: Payment, report: Report, provider: str, at: datetime) -> _Known:
    """Lock the attempt, read what may have changed of it, and what else is known: in one statement, as banks call in
    bursts. Its charge is locked already."""
    asked: dict[str, Any] = {
        "payment": payment.pk,
        "charge": payment.charge_id,
        "amount": report.amount,
        "provider": provider,
        "transaction": report.transaction[:80],
        "received": [str(outcome) for outcome in _RECEIVED],
        "agency": payment.charge.agency_code,
        "day": timezone.localdate(at),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, asked)
        row = cursor.fetchone()
    payment.state, payment.provider_transaction, payment.confirmed_at = row[:3]
    repeated, stated, received, stray = row[3:7]
    return _Known(repeated, stated, received, stray, settlement.Standing(row[7] or 0, row[8], row[9:11]))


def _told_by_statement(payment: Payment, known: _Known) -> bool:
    if known.repeated:
        return False
    return known.stated or payment.provider_transaction.startswith(FROM_STATEMENT)


def _stray(
    kind: StrayMoney.Kind, report: Report, provider: str, charge: Charge, payment: Payment, at: datetime
) -> None:
    if report.amount <= 0:
        return
    strays.take_in(
        kind,
        agency_code=charge.agency_code,
        place=settlement.place_of(payment),
        provider=provider,
        transaction=report.transaction,
        amount=report.amount,
        charge=charge,
        payment=payment,
        purpose=report.reference,
        payer=charge.payer_name,
        at=at,
        by=provider,
    )


def _unknown(report: Report, provider: str, at: datetime) -> None:
    """Money for nobody knows what, to an account of ours."""
    account = CollectionAccount.objects.filter(key=report.place).first()
    strays.take_in(
        StrayMoney.Kind.UNKNOWN,
        agency_code=account.agency_code if account else "",
        place=report.place or provider,
        provider=provider,
        transaction=report.transaction,
        amount=report.amount,
        purpose=report.reference,
        at=at,
        by=provider,
    )


def _taken_back(report: Report, provider: str, payment: Payment, at: datetime) -> Outcome:
    """A chargeback, or a refund made on the provider's own pages: no line of a bank tells of it. The provider's answer
    is the same after our own refunds; of a part that is not ours a person decides."""
    given = payment.refunds.exclude(state__in=(Refund.State.DECLINED, Refund.State.FAILED))
    if report.amount <= sum(refund.amount for refund in given):
        return Outcome.REPEATED
    if report.amount != payment.amount:
        return Outcome.WRONG_AMOUNT
    why = _("%(provider)s báo đã lấy lại tiền (giao dịch %(number)s)") % {
        "provider": provider.upper(),
        "number": report.transaction or "?",
    }
    try:
        with transaction.atomic():
            reversals.reverse_payment(
                payment,
                amount=report.amount,
                place=settlement.place_of(payment),
                why=why,
                at=at,
                by=provider,
                held=Account.CLEARING,
            )
    except Refused:
        return Outcome.REPEATED
    return Outcome.TAKEN_BACK


def _not_paid(report: Report, payment: Payment) -> Outcome:
    if payment.state in (Payment.State.CONFIRMED, Payment.State.REVERSED):
        return Outcome.REPEATED
    if payment.state == Payment.State.CREATED and report.status in _ENDED:
        payment.state = _ENDED[report.status]
        payment.save(update_fields=["state"])
    return Outcome.NOT_PAID


_KEEP = """
    INSERT INTO payments_providercall (
        provider, kind, transaction, payload, outcome, payment_id, raw_id, received_at
    ) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def _keep(
    report: Report,
    provider: str,
    kind: str,
    outcome: Outcome,
    payment: Payment | None,
    at: datetime,
    raw: RawCall | None,
) -> Outcome:
    payload, named = json.dumps(report.fields), report.transaction[:80]
    said: list[Any] = [provider, str(kind), named, payload, str(outcome), payment and payment.pk, raw and raw.pk, at]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, said)
    return outcome
