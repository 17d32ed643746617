"""Work that the outbox brings: announcing an attempt to the bank, drawing and signing a receipt."""

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.refusals import Refused
from journal import outbox
from payments import inquiry, receipt_signatures, receipts, refund_papers, refunds
from payments.models import Payment, Receipt, Refund
from payments.statements import arrived

log = logging.getLogger(__name__)
_REFUND_TRIES = 8
_SIGNATURE_TRIES = 8


@outbox.handler("payments.order")
def announce(payload: dict[str, Any]) -> None:
    """A bank that is away is tried again by the outbox; the payer's QR code works meanwhile."""
    payment = Payment.objects.select_related("charge").get(pk=payload["payment"])
    if payment.state == Payment.State.CREATED:
        inquiry.announce_payment(payment, at=timezone.now())


@outbox.handler("payments.refund")
def order_refund(payload: dict[str, Any]) -> None:
    """A provider that is silent is asked again a few times, under the refund's own number; then somebody looks."""
    at, tries = timezone.now(), payload.get("tries", 0)
    if not refunds.order_refund(Refund.objects.get(pk=payload["refund"]), at=at) and tries < _REFUND_TRIES:
        later = at + timedelta(minutes=2**tries)
        outbox.record_message("payments.refund", {**payload, "tries": tries + 1}, available_at=later)


@outbox.handler("payments.refund_paper")
def draw_refund_paper(payload: dict[str, Any]) -> None:
    refund_papers.draw_refund(Refund.objects.get(pk=payload["refund"]))


@outbox.handler("payments.confirm_arrived")
def confirm_arrived(payload: dict[str, Any]) -> None:
    """Payments whose money a statement showed before their provider told of it."""
    arrived.confirm_arrived(payload["payments"], at=timezone.now())


@outbox.handler("payments.receipt")
def draw_receipt(payload: dict[str, Any]) -> None:
    receipts.draw_receipt(Receipt.objects.get(pk=payload["receipt"]))
    sign_receipt(payload)


@outbox.handler("payments.receipt_signature")
def sign_receipt(payload: dict[str, Any]) -> None:
    """A device that is away is tried again a few times; then an operator signs what is left over."""
    receipt, tries, at = Receipt.objects.get(pk=payload["receipt"]), payload.get("tries", 0), timezone.now()
    if not receipt_signatures.has_certificate(receipt):
        return
    try:
        receipt_signatures.sign_receipt(receipt, at=at)
    except Refused as refusal:
        log.warning("a receipt was not signed", extra={"receipt": receipt.pk, "code": refusal.code, "tries": tries})
        if tries < _SIGNATURE_TRIES:
            later = at + timedelta(minutes=2**tries)
            message = {"receipt": receipt.pk, "tries": tries + 1}
            outbox.record_message("payments.receipt_signature", message, available_at=later)
