"""What a cashier does with money that settled nothing: apply it to a charge, or ask the payer what it is for.

Giving it back is a refund (`payments.refunds`).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from journal import audit_log
from payments import settlement
from payments.charges import new_reference, subject_of
from payments.ledger.posting import Account, Kind, Leg, enter_transaction, left_of, owed_of
from payments.ledger.strays import close_when_empty
from payments.models import Charge, LedgerTransaction, Payment, Receipt, Refund, StrayMoney

_NOT_GIVEN = (Refund.State.DECLINED, Refund.State.FAILED)


def free_of(stray: StrayMoney) -> int:
    """What of it is neither applied nor asked to be given back, đồng."""
    waiting = sum(r.amount for r in stray.refunds.filter(state=Refund.State.ASKED))
    return left_of(stray) - waiting


def apply_stray(stray: StrayMoney, charge: Charge, *, by: Actor, at: datetime) -> Receipt | None:
    """Let the money count for the charge: settle it when it suffices, else reduce what is still owed.

    Returns the receipt when the charge is settled by it. What is more than is owed stays on the list. Raises
    ChargeClosed, and Refused when nothing is left of it.
    """
    with transaction.atomic():
        locked = settlement.lock_charge(charge.pk)
        settlement.require_open(locked)
        held = StrayMoney.objects.select_for_update().get(pk=stray.pk)
        free, owed = free_of(held), owed_of(locked)
        if free <= 0:
            raise Refused("nothing_left", _("Khoản tiền này đã được xử lý hết."))
        audit_log.record_entry("stray_applied", subject_of(locked), by=by, owner=locked.owner, stray=held.pk)
        if free >= owed:
            return _settle(held, locked, owed, by=by, at=at)
        _reduce(held, locked, free, by=by, at=at)
        return None


def _reduce(stray: StrayMoney, charge: Charge, amount: int, *, by: Actor, at: datetime) -> None:
    number = LedgerTransaction.objects.filter(key__startswith=f"applied:{stray.pk}:").count()
    enter_transaction(
        Kind.APPLIED,
        f"applied:{stray.pk}:{number + 1}",
        [
            Leg(Account.STRAY, amount, stray.place, charge=charge, stray=stray),
            Leg(Account.OWED, -amount, charge=charge, payment=stray.payment),
        ],
        agency_code=charge.agency_code,
        at=at,
        by=by.label,
    )
    close_when_empty(stray, at=at)


def _settle(stray: StrayMoney, charge: Charge, owed: int, *, by: Actor, at: datetime) -> Receipt:
    method = stray.payment.method if stray.payment else Payment.Method.VIETQR
    payment = Payment.objects.create(
        charge=charge,
        method=method,
        reference=new_reference(),
        amount=owed,
        account=stray.payment.account if stray.payment else None,
        created_at=at,
        taken_by=by.label[:200],
        taken_by_account=by.account_id,
    )
    receipt = settlement.confirm_payment(charge, payment, at=at, by=by.label, source=stray)
    close_when_empty(stray, at=at)
    return receipt


def ask_payer(stray: StrayMoney, note: str, *, by: Actor, at: datetime) -> None:
    """Note that the payer was asked, and what about; the money stays on the list."""
    with transaction.atomic():
        held = StrayMoney.objects.select_for_update().get(pk=stray.pk)
        held.asked_at, held.note = at, note[:500]
        held.save(update_fields=["asked_at", "note"])
        audit_log.record_entry("stray_asked", f"stray:{held.pk}", by=by, note=note[:500])
