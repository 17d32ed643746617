"""Numbers of receipts: seven digits without gap in the agency's series, or in its own numbers of the year."""

from datetime import datetime

from django.utils import timezone

from journal import series
from payments.models import Charge, Payment, Receipt, ReceiptSeries


def series_for(agency_code: str, *, at: datetime) -> ReceiptSeries | None:
    """The series in which the agency numbers receipts at `at`; None where it has none."""
    return ReceiptSeries.objects.valid(on=timezone.localdate(at)).filter(agency_code=agency_code).first()


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
) -> Receipt:
    """Write a receipt with the next number; within the transaction of its cause, whose rollback gives it back."""
    held = series_for(agency_code, at=at)
    if held is None:
        year = timezone.localtime(at).year
        number = f"{series.next_number(f'receipt:{agency_code}:{year}'):07d}/{year}"
    else:
        number = f"{series.next_number(f'receipt:{agency_code}:{held.form_symbol}:{held.serial}'):07d}"
    return Receipt.objects.create(
        payment=payment,
        kind=kind,
        adjusts=adjusts,
        form_symbol=held.form_symbol if held else "",
        serial=held.serial if held else "",
        number=number,
        amount=amount,
        ground=ground[:300],
        agency_code=agency_code,
        issued_at=at,
    )
