"""Confirming a payment: one transaction for the money, the charge, the receipt's number and whoever waits for it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from journal import audit_log, outbox, series
from payments import permissions
from payments.charges import new_reference, require_open, subject_of
from payments.models import Charge, Payment, Receipt
from payments.signals import charge_settled


def lock_charge(charge_id: int) -> Charge:
    """Lock the payable record, then its charge: the order in which the apps above lock them too."""
    permissions.lock_payable(Charge.objects.values_list("owner", flat=True).get(pk=charge_id))
    return Charge.objects.select_for_update().get(pk=charge_id)


def confirm_payment(charge: Charge, payment: Payment, *, at: datetime, by: str, transaction_id: str = "") -> Receipt:
    """Confirm `payment` of `charge`, both locked and read within the present transaction; the charge must be open.

    Numbers the receipt from the agency's series of the year, tells the apps above by `charge_settled`, and records
    the drawing of the receipt for later. Another live attempt ends: money that still comes through it is a surplus.
    """
    require_open(charge)
    payment.state = Payment.State.CONFIRMED
    payment.confirmed_at = at
    payment.provider_transaction = transaction_id[:80]
    payment.save(update_fields=["state", "confirmed_at", "provider_transaction"])
    charge.settled_at = at
    charge.save(update_fields=["settled_at"])
    charge.payments.filter(state=Payment.State.CREATED).update(state=Payment.State.EXPIRED)
    receipt = Receipt.objects.create(
        payment=payment, number=_next_number(charge.agency_code, at), agency_code=charge.agency_code, issued_at=at
    )
    audit_log.record_entry(
        "payment_confirmed",
        subject_of(charge),
        actor=by[:200],
        owner=charge.owner,
        amount=payment.amount,
        method=payment.method,
        reference=payment.reference,
        receipt=receipt.number,
    )
    charge_settled.send(sender=Charge, charge=charge, payment=payment, receipt=receipt)
    outbox.record_message("payments.receipt", {"receipt": receipt.pk}, key=f"payments.receipt:{receipt.pk}")
    return receipt


def take_cash(charge: Charge, *, by: str, at: datetime) -> Receipt:
    """Cash handed over at a counter; `by` is the cashier. Raises ChargeClosed when nothing is owed any more."""
    with transaction.atomic():
        locked = lock_charge(charge.pk)
        require_open(locked)
        payment = Payment.objects.create(
            charge=locked,
            method=Payment.Method.CASH,
            reference=new_reference(),
            amount=locked.amount,
            created_at=at,
            taken_by=by[:200],
        )
        return confirm_payment(locked, payment, at=at, by=by)


def _next_number(agency_code: str, at: datetime) -> str:
    """0000012/2026: seven digits without gap per agency and year, as receipts of fees are numbered."""
    year = timezone.localtime(at).year
    return f"{series.next_number(f'receipt:{agency_code}:{year}'):07d}/{year}"
