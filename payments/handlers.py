"""Work that the outbox brings: announcing an attempt to the bank, drawing a receipt."""

from typing import Any

from django.utils import timezone

from journal import outbox
from payments import inquiry, receipts
from payments.models import Payment, Receipt


@outbox.handler("payments.order")
def announce(payload: dict[str, Any]) -> None:
    """A bank that is away is tried again by the outbox; the payer's QR code works meanwhile."""
    payment = Payment.objects.select_related("charge").get(pk=payload["payment"])
    if payment.state == Payment.State.CREATED:
        inquiry.announce_payment(payment, at=timezone.now())


@outbox.handler("payments.receipt")
def draw_receipt(payload: dict[str, Any]) -> None:
    receipts.draw_receipt(Receipt.objects.get(pk=payload["receipt"]))
