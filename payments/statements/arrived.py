"""Payments whose money is in the bank's statement although nobody called about it: a statement is a fact too."""

import logging
from collections.abc import Iterable
from datetime import datetime

from payments.models import LineMatch, ProviderCall
from payments.providers.base import Report, Status
from payments.verification import FROM_STATEMENT, STATEMENT, verify_report

log = logging.getLogger(__name__)


def confirm_arrived(payments: Iterable[int], *, at: datetime) -> None:
    """Confirm each by its line, in a transaction of its own; done again it changes nothing."""
    found = LineMatch.objects.filter(payment__in=list(payments)).select_related("payment", "line")
    for match in found.exclude(payment__state__in=("confirmed", "reversed")):
        number = f"{FROM_STATEMENT}{match.line_id}:{match.payment_id}"
        fields = {"line": str(match.line_id), "amount": str(match.amount), "bank_reference": match.line.bank_reference}
        report = Report(match.payment.reference, Status.PAID, match.amount, number, fields)
        try:
            verify_report(report, provider=STATEMENT, kind=ProviderCall.Kind.STATEMENT, at=at)
        except Exception:  # one that cannot be settled must not keep the others waiting
            log.exception("a payment could not be confirmed by its statement", extra={"payment": match.payment_id})
