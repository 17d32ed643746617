"""Confirming a payment: one transaction for the money, the charge, the receipt's number and whoever waits for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from journal import audit_log, outbox
from payments import numbering, permissions
from payments.charges import new_reference, require_open, subject_of
from payments.ledger.posting import Account, Kind, Leg, cashier_place, enter_transaction, owed_of
from payments.models import Charge, CollectionAccount, Payment, Receipt, StrayMoney
from payments.signals import charge_settled


@dataclass(frozen=True)
class Standing:
    """What is still owed of a charge, đồng, whether it may have other attempts that are live, and the series (form
    symbol, serial; both empty where there is none) in which its receipt is numbered, where it was read with them."""

    owed: int
    has_others: bool
    series: tuple[str, str] | None = None


def lock_charge(charge_id: int) -> Charge:
    """Lock the payable record, then its charge: the order in which the apps above lock them too."""
    permissions.lock_payable(Charge.objects.values_list("owner", flat=True).get(pk=charge_id))
    return Charge.objects.select_for_update().get(pk=charge_id)


def lock_known_charge(charge: Charge) -> None:
    """Lock as `lock_charge` does a charge that was read without a lock, and read again what may have changed of it."""
    permissions.lock_payable(charge.owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT settled_at, cancelled_at FROM payments_charge WHERE id = %s FOR UPDATE", [charge.pk])
        charge.settled_at, charge.cancelled_at = cursor.fetchone()


# Both rows are locked and known; as models they would cost as much again as the statements themselves.
_CONFIRM = """
    WITH confirmed AS (
        UPDATE payments_payment SET "state" = %s, "confirmed_at" = %s, "provider_transaction" = %s WHERE "id" = %s
        RETURNING charge_id, confirmed_at
    )
    UPDATE payments_charge c SET settled_at = confirmed.confirmed_at FROM confirmed WHERE c.id = confirmed.charge_id
"""


def confirm_payment(
    charge: Charge,
    payment: Payment,
    *,
    at: datetime,
    by: str,
    transaction_id: str = "",
    source: StrayMoney | None = None,
    standing: Standing | None = None,
) -> Receipt:
    """Confirm `payment` of `charge`, both locked and read within the present transaction; the charge must be open.

    Enters the money in the ledger, numbers the receipt, tells the apps above by `charge_settled`, and records the
    drawing of the receipt for later. Other live attempts end: money that still comes through them is stray. The
    payment covers what is owed; when part of it was paid otherwise since it was asked for, the rest is stray. `source`:
    stray money it is paid from, instead of money that comes now. `standing`: how the charge stands, where it was read
    under its lock.
    """
    require_open(charge)
    standing = standing or Standing(owed_of(charge), True)
    owed = standing.owed
    if payment.amount < owed:
        raise ValueError(f"a payment of {payment.amount} does not settle {owed}")
    payment.state = Payment.State.CONFIRMED
    payment.confirmed_at = at
    payment.provider_transaction = transaction_id[:80]
    charge.settled_at = at
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, [str(payment.state), at, payment.provider_transaction, payment.pk])
    if standing.has_others:
        charge.payments.filter(state=Payment.State.CREATED).update(state=Payment.State.EXPIRED)
    _enter(charge, payment, owed, source, at=at, by=by)
    receipt = numbering.number_receipt(
        agency_code=charge.agency_code,
        amount=charge.amount,
        at=at,
        payment=payment,
        kind=Receipt.Kind.ORIGINAL,
        held=standing.series,
    )
    audit_log.record_entry(
        "payment_confirmed",
        subject_of(charge),
        by=by[:200],
        owner=charge.owner,
        amount=payment.amount,
        method=payment.method,
        reference=payment.reference,
        receipt=receipt.number,
    )
    charge_settled.send(sender=Charge, charge=charge, payment=payment, receipt=receipt)
    outbox.record_message("payments.receipt", {"receipt": receipt.pk}, key=f"payments.receipt:{receipt.pk}")
    return receipt


def _enter(charge: Charge, payment: Payment, owed: int, source: StrayMoney | None, *, at: datetime, by: str) -> None:
    held = Account.CASH if payment.method == Payment.Method.CASH else Account.CLEARING
    place, rest = place_of(payment), payment.amount - owed
    if source is not None:
        held, place = Account.STRAY, source.place
    legs = [
        Leg(held, payment.amount, place, charge=charge, payment=payment, stray=source),
        Leg(Account.OWED, -owed, charge=charge, payment=payment),
    ]
    if rest:
        stray = StrayMoney.objects.create(
            kind=StrayMoney.Kind.OVER,
            agency_code=charge.agency_code,
            place=place,
            provider=payment.method,
            transaction=f"{payment.reference}+",
            amount=rest,
            charge=charge,
            payment=payment,
            payer=charge.payer_name[:200],
            arrived_at=at,
        )
        legs.append(Leg(Account.STRAY, -rest, place, stray=stray))
    enter_transaction(Kind.PAID, f"paid:{payment.pk}", legs, agency_code=charge.agency_code, at=at, by=by)


def place_of(payment: Payment) -> str:
    """Where the money of a payment is, in the ledger."""
    if payment.method == Payment.Method.CASH:
        return cashier_place(payment.taken_by_account)
    return payment.account.key if payment.account else payment.method


def take_cash(charge: Charge, *, by: str, at: datetime, cashier: int | None = None) -> Receipt:
    """Cash handed over at a counter; `by` is the cashier, `cashier` their account. Raises ChargeClosed when nothing is
    owed any more."""
    with transaction.atomic():
        locked = lock_charge(charge.pk)
        require_open(locked)
        payment = _taken(locked, Payment.Method.CASH, by=by, cashier=cashier, at=at)
        return confirm_payment(locked, payment, at=at, by=by)


def take_card(
    charge: Charge, account: CollectionAccount, approval: str, *, by: str, at: datetime, cashier: int | None = None
) -> Receipt:
    """A card at the terminal of `account`, which printed the approval code. Raises ChargeClosed as `take_cash`, and
    IntegrityError when that approval was entered before."""
    with transaction.atomic():
        locked = lock_charge(charge.pk)
        require_open(locked)
        payment = _taken(locked, Payment.Method.POS, by=by, cashier=cashier, at=at, account=account)
        said = f"{account.key}:{timezone.localdate(at):%y%m%d}:{approval}"
        return confirm_payment(locked, payment, at=at, by=by, transaction_id=said)


def _taken(charge: Charge, method: str, *, by: str, cashier: int | None, at: datetime, **more: Any) -> Payment:
    return Payment.objects.create(
        charge=charge,
        method=method,
        reference=new_reference(),
        amount=owed_of(charge),
        created_at=at,
        taken_by=by[:200],
        taken_by_account=cashier,
        **more,
    )
