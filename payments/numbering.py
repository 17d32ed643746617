"""Numbers of receipts: seven digits without gap in the agency's series, or in its own numbers of the year."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from journal import series
from payments.models import Charge, Payment, Receipt

SERIES = """
    SELECT form_symbol, serial FROM payments_receiptseries
    WHERE agency_code = %(agency)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
"""

# In the order of the columns below. Without a model: one is written for each call of a bank that confirms.
_ISSUE = (
    "INSERT INTO payments_receipt (payment_id, kind, adjusts_id, form_symbol, serial, number, amount, ground, "
    "agency_code, paper_code, issued_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"
)


def series_for(agency_code: str, *, at: datetime) -> tuple[str, str] | None:
    """Form symbol and serial with which the agency numbers receipts at `at`; None where it has no series."""
    with connection.cursor() as cursor:
        cursor.execute(SERIES, {"agency": agency_code, "day": timezone.localdate(at)})
        return cursor.fetchone()


def receipt_of(charge: Charge) -> Receipt:
    """The receipt of the payment that settles the charge now; raises DoesNotExist while it is open."""
    return Receipt.objects.get(payment__charge=charge, payment__state=Payment.State.CONFIRMED)


def number_receipt(
    *,
    agency_code: str,
    amount: int,
    at: datetime,
    kind: Receipt.Kind,
    payment: Payment | None = None,
    adjusts: Receipt | None = None,
    ground: str = "",
    held: tuple[str, str] | None = None,
) -> Receipt:
    """Write a receipt with the next number; within the transaction of its cause, whose rollback gives it back.

    `held`: form symbol and serial of `at`, both empty where the agency has none, when they are known already.
    """
    form_symbol, serial = held or series_for(agency_code, at=at) or ("", "")
    if not form_symbol:
        year = timezone.localtime(at).year
        number = f"{series.next_number(f'receipt:{agency_code}:{year}'):07d}/{year}"
    else:
        number = f"{series.next_number(f'receipt:{agency_code}:{form_symbol}:{serial}'):07d}"
    facts: dict[str, Any] = {
        "payment_id": payment and payment.pk,
        "kind": str(kind),
        "adjusts_id": adjusts and adjusts.pk,
        "form_symbol": form_symbol,
        "serial": serial,
        "number": number,
        "amount": amount,
        "ground": ground[:300],
        "agency_code": agency_code,
        "paper_code": "",
        "issued_at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ISSUE, list(facts.values()))
        facts = {"id": cursor.fetchone()[0], **facts}
    receipt = Receipt.from_db(connection.alias, list(facts), list(facts.values()))
    if payment is not None:
        receipt.payment = payment
    if adjusts is not None:
        receipt.adjusts = adjusts
    return receipt
