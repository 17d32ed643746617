"""What is owed: raising and taking back a charge, and asking for it to be paid."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Stale
from journal import audit_log, outbox
from payments.ledger import strays
from payments.ledger.posting import Account, Kind, Leg, enter_transaction, owed_of
from payments.models import Charge, CollectionAccount, Payment, StrayMoney
from payments.providers.base import Provider

# Read aloud and typed by people: no 0/O, 1/I/L, 5/S, 8/B, 2/Z.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
# Nor, since then, what an input method for Vietnamese makes other letters of (`papers.codes`).
NEW_ALPHABET = "34679CFGHJKMNPQRTVX"
PREFIX, REFERENCE_LENGTH = "TT", 14
ATTEMPT_LASTS = timedelta(minutes=30)
# A page opened near the end of an attempt gets a fresh code instead of one that dies in the payer's hand.
_USABLE = timedelta(minutes=5)


class ChargeClosed(Stale):
    """The charge is settled or taken back; nothing is owed any more."""


def raise_charge(
    *,
    owner: str,
    title: str,
    payer_name: str,
    agency_code: str,
    agency_name: str,
    lines: list[dict[str, Any]],
    by: str,
    reason: str = "fee",
    category: str = "",
    category_name: str = "",
    at: datetime | None = None,
) -> Charge:
    """Charge `owner` for `lines` (see Charge.lines) and return the charge.

    While a charge of the same owner and reason is open, it is returned unchanged, whoever comes first. Raises
    ValueError when the lines do not add up to a positive amount of whole đồng.
    """
    amount, moment = sum(int(line["amount"]) for line in lines), at or timezone.now()
    if amount <= 0:
        raise ValueError(f"nothing to charge: {amount}")
    if raised := open_charges(owner).filter(reason=reason).first():
        return raised
    try:
        with transaction.atomic():
            charge = Charge.objects.create(
                owner=owner,
                reason=reason,
                title=title[:300],
                category=category[:40],
                category_name=category_name[:300],
                payer_name=payer_name[:250],
                agency_code=agency_code,
                agency_name=agency_name[:200],
                lines=lines,
                amount=amount,
                created_at=moment,
            )
            enter_transaction(
                Kind.CHARGED,
                f"charged:{charge.pk}",
                [Leg(Account.OWED, amount, charge=charge), Leg(Account.INCOME, -amount, charge=charge)],
                agency_code=agency_code,
                at=moment,
                by=by,
            )
            audit_log.record_entry("charge_raised", subject_of(charge), by=by[:200], owner=owner, amount=amount)
            return charge
    except IntegrityError:
        return open_charges(owner).get(reason=reason)


def open_charges(owner: str) -> QuerySet[Charge]:
    """What is owed now."""
    return Charge.objects.filter(owner=owner, settled_at__isnull=True, cancelled_at__isnull=True)


def charges_of(owner: str) -> QuerySet[Charge]:
    """What was or is owed, without what was taken back; oldest first."""
    return Charge.objects.filter(owner=owner, cancelled_at__isnull=True).order_by("id")


def cancel_open(owner: str, *, by: str, at: datetime | None = None, reasons: Iterable[str] | None = None) -> int:
    """Take back what is still unpaid of `owner`, everything or the charges of these reasons; returns how many.

    What was applied to them is stray money again, and what comes later is too.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        still_open = open_charges(owner)
        if reasons is not None:
            still_open = still_open.filter(reason__in=list(reasons))
        found = list(still_open.select_for_update())
        for charge in found:
            charge.cancelled_at = moment
            charge.save(update_fields=["cancelled_at"])
            charge.payments.filter(state=Payment.State.CREATED).update(state=Payment.State.EXPIRED)
            _take_from_ledger(charge, at=moment, by=by)
            audit_log.record_entry(
                "charge_cancelled", subject_of(charge), by=by[:200], owner=owner, amount=charge.amount
            )
    return len(found)


def _take_from_ledger(charge: Charge, *, at: datetime, by: str) -> None:
    applied = (
        charge.ledger_lines.filter(account=Account.STRAY)
        .values("stray")
        .annotate(part=Sum("amount"))
        .filter(part__gt=0)
        .values_list("stray", "part")
    )
    parts = [(StrayMoney.objects.select_for_update().get(pk=pk), part) for pk, part in applied]
    enter_transaction(
        Kind.CANCELLED,
        f"cancelled:{charge.pk}",
        [
            Leg(Account.INCOME, charge.amount, charge=charge),
            Leg(Account.OWED, -owed_of(charge), charge=charge),
            *(Leg(Account.STRAY, -part, stray.place, charge=charge, stray=stray) for stray, part in parts),
        ],
        agency_code=charge.agency_code,
        at=at,
        by=by,
    )
    for stray, _part in parts:
        strays.close_when_empty(stray, at=at)


def request_payment(
    charge: Charge, provider: Provider, account: CollectionAccount, *, at: datetime, renew: bool = False
) -> Payment:
    """The attempt with which the payer pays now through `provider` into `account`: the live one while it is usable,
    else a new one for what is still owed.

    Raises ChargeClosed when nothing is owed any more.
    """
    with transaction.atomic():
        locked = Charge.objects.select_for_update().get(pk=charge.pk)
        require_open(locked)
        owed = owed_of(locked)
        live = live_attempt(locked, at=at, method=provider.method)
        if live is not None and not renew and live.amount == owed and is_live(live, at=at + _USABLE):
            return live
        payment = Payment(
            charge=locked,
            method=provider.method,
            reference=new_reference(),
            amount=owed,
            account=account,
            created_at=at,
            expires_at=at + ATTEMPT_LASTS,
        )
        payment.qr_payload = provider.code_for(payment)
        payment.save()
        outbox.record_message("payments.order", {"payment": payment.pk}, key=f"payments.order:{payment.pk}")
        return payment


def live_attempt(charge: Charge, *, at: datetime, method: str = "") -> Payment | None:
    """The newest attempt a payer may still pay with at `at`, by `method` where one is named."""
    payments = charge.payments.all()
    return next((p for p in payments if method in ("", p.method) and is_live(p, at=at)), None)


def is_live(payment: Payment, *, at: datetime) -> bool:
    return payment.state == Payment.State.CREATED and payment.expires_at is not None and payment.expires_at > at


def require_open(charge: Charge) -> None:
    if charge.settled_at is not None:
        raise ChargeClosed(
            "charge_settled", _("Khoản này đã được nộp. Bạn không phải nộp thêm; hãy mở biên lai để xem.")
        )
    if charge.cancelled_at is not None:
        raise ChargeClosed("charge_cancelled", _("Khoản này đã được hủy. Bạn không phải nộp."))


def subject_of(charge: Charge) -> str:
    return f"charge:{charge.uid}"


def new_reference() -> str:
    """Fourteen letters and digits for a transfer's purpose; there are 19^12, and the column is unique."""
    return PREFIX + "".join(secrets.choice(NEW_ALPHABET) for _place in range(REFERENCE_LENGTH - len(PREFIX)))
