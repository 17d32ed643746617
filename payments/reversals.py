"""A bank, or who collects for us, takes money back: what it settled is owed again, and its receipt is adjusted to
nought.

Money that waits on the cashier's list simply leaves it. What was applied or given back meanwhile cannot be undone here:
a person explains that line otherwise.
"""

import re
from datetime import datetime

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from core.refusals import Refused
from journal import audit_log, outbox
from payments import numbering, settlement
from payments.charges import open_charges, subject_of
from payments.ledger.posting import Account, Kind, Leg, enter_transaction, left_of
from payments.ledger.strays import close_when_empty
from payments.models import Charge, Payment, Receipt, Refund, StatementLine, StrayMoney
from payments.signals import charge_reopened
from payments.statements.references import references_in
from vietnam.money import format_money

_AT_MOST = 10
_NUMBER = re.compile(r"[0-9A-Za-z]{6,}")  # what could be a bank's number in a purpose
_NOT_GIVEN = (Refund.State.DECLINED, Refund.State.FAILED)


def payments_taken_back(line: StatementLine) -> QuerySet[Payment]:
    """Confirmed payments of the line's account and amount, those that its text names first (`named`)."""
    numbers = _NUMBER.findall(line.purpose)
    named = Q(reference__in=references_in(line.purpose)) | Q(provider_transaction__in=numbers)
    named |= Q(line_match__line__bank_reference__in=numbers)
    rows = Payment.objects.filter(account=line.account_id, state=Payment.State.CONFIRMED, amount=-line.amount)
    order = Case(When(named, then=Value(1)), default=Value(0), output_field=IntegerField())
    return rows.select_related("charge").annotate(named=order).order_by("-named", "-id")[:_AT_MOST]


def strays_taken_back(line: StatementLine) -> QuerySet[StrayMoney]:
    """Sums of the line's account and amount that wait on the cashier's list."""
    return StrayMoney.objects.filter(place=line.account.key, amount=-line.amount, closed_at=None).order_by("-id")[
        :_AT_MOST
    ]


def reverse_payment(
    payment: Payment, *, amount: int, place: str, why: str, at: datetime, by: str, held: Account = Account.BANK
) -> Charge:
    """The bank took `amount` back out of the account `place`: the charge that the payment settled is owed again.

    `held`: CLEARING when the money went before it came to a bank account. Must run in the transaction that settles
    the bank's line or takes note of the provider's report. Raises Refused when money of it has moved on since.
    """
    charge = settlement.lock_charge(payment.charge_id)
    paid = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    _require_reversible(charge, paid, amount)
    owed = -sum(paid.ledger_lines.filter(account=Account.OWED).values_list("amount", flat=True))
    rest = _rest_of(paid, paid.amount - owed)
    receipt = numbering.receipt_of(charge)
    paid.state = Payment.State.REVERSED
    paid.save(update_fields=["state"])
    charge.settled_at = None
    charge.save(update_fields=["settled_at"])
    legs = [
        Leg(held, -amount, place, payment=paid),
        Leg(Account.OWED, owed, charge=charge, payment=paid),
        *([Leg(Account.STRAY, rest.amount, rest.place, stray=rest)] if rest else []),
        *_no_longer_applied(charge, paid),
    ]
    enter_transaction(
        Kind.REVERSED, f"reversed:{paid.pk}", legs, agency_code=charge.agency_code, at=at, by=by, note=why
    )
    if rest:
        close_when_empty(rest, at=at)
    adjusting = numbering.number_receipt(
        agency_code=charge.agency_code,
        amount=-(charge.amount if receipt.amount is None else receipt.amount),
        at=at,
        kind=Receipt.Kind.ADJUSTMENT,
        adjusts=receipt,
        ground=f"Ngân hàng đảo giao dịch: {why}",
    )
    outbox.record_message("payments.receipt", {"receipt": adjusting.pk}, key=f"payments.receipt:{adjusting.pk}")
    audit_log.record_entry(
        "payment_reversed",
        subject_of(charge),
        by=by[:200],
        owner=charge.owner,
        amount=amount,
        reference=paid.reference,
        receipt=adjusting.number,
    )
    charge_reopened.send(sender=Charge, charge=charge, payment=paid, at=at, why=why)
    return charge


def reverse_stray(stray: StrayMoney, *, amount: int, place: str, key: str, why: str, at: datetime, by: str) -> None:
    """The bank took back money from the cashier's list, what was settled out of it included.

    Raises Refused when some of it went another way meanwhile.
    """
    settled = list(
        Payment.objects.filter(
            state=Payment.State.CONFIRMED,
            ledger_lines__stray=stray,
            ledger_lines__account=Account.STRAY,
            ledger_lines__amount__gt=0,
        ).distinct()
    )
    for payment in settled:  # charges are locked before stray money, as everywhere
        settlement.lock_charge(payment.charge_id)
    held = StrayMoney.objects.select_for_update().get(pk=stray.pk)
    left, waiting = left_of(held), held.refunds.exclude(state__in=_NOT_GIVEN).exists()
    if left + sum(payment.amount for payment in settled) != amount or held.place != place or waiting:
        raise Refused("worked_off", _("Khoản tiền này đã được xử lý một phần. Hãy chọn lý do khác."), field="payment")
    for payment in settled:
        reverse_payment(payment, amount=payment.amount, place=place, why=why, at=at, by=by)
    if left:
        legs = [Leg(Account.STRAY, left, place, stray=held), Leg(Account.BANK, -left, place)]
        enter_transaction(Kind.REVERSED, key, legs, agency_code=held.agency_code, at=at, by=by, note=why)
        close_when_empty(held, at=at)
    audit_log.record_entry("stray_reversed", f"stray:{held.pk}", by=by[:200], amount=amount)


def _require_reversible(charge: Charge, payment: Payment, amount: int) -> None:
    if payment.state != Payment.State.CONFIRMED:
        raise Refused("not_confirmed", _("Khoản nộp này chưa được ghi nhận, hoặc đã đảo rồi."), field="payment")
    if amount != payment.amount:
        raise Refused(
            "other_amount",
            _("Khoản đã nộp là %s, khác với dòng sao kê. Hãy chọn khoản khác, hoặc lý do khác.")
            % format_money(payment.amount),
            field="payment",
        )
    if charge.refunds.exclude(state__in=_NOT_GIVEN).exists():
        raise Refused(
            "refunded",
            _("Khoản này đã hoàn hoặc đang chờ hoàn. Hãy từ chối đề nghị hoàn trước, hoặc chọn lý do khác."),
            field="payment",
        )
    if open_charges(charge.owner).filter(reason=charge.reason).exists():
        raise Refused(
            "other_open",
            _("Hồ sơ đang có một khoản cùng loại chưa nộp. Hãy thu khoản ấy trước, rồi giải thích dòng này."),
            field="payment",
        )


def _no_longer_applied(charge: Charge, payment: Payment) -> list[Leg]:
    """Stray money from which the charge was paid does not count for it any more; it is gone and not on the list."""
    sources = payment.ledger_lines.filter(account=Account.STRAY, charge=charge, amount__gt=0).select_related("stray")
    return [
        leg
        for line in sources
        for leg in (
            Leg(Account.STRAY, -line.amount, line.place, charge=charge, payment=payment, stray=line.stray),
            Leg(Account.STRAY, line.amount, line.place, stray=line.stray),
        )
    ]


def _rest_of(payment: Payment, amount: int) -> StrayMoney | None:
    """What of the payment was more than owed and waits on the list; None when it was all owed."""
    if amount == 0:
        return None
    rest = StrayMoney.objects.select_for_update().filter(payment=payment, transaction=f"{payment.reference}+").first()
    if rest is None or left_of(rest) != amount or rest.refunds.exclude(state__in=_NOT_GIVEN).exists():
        raise Refused("worked_off", _("Khoản tiền này đã được xử lý một phần. Hãy chọn lý do khác."), field="payment")
    return rest
