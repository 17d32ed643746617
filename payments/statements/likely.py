"""Which charge a transfer may be meant for whose reference somebody typed wrong: proposed to a person, never taken."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Right, Substr

from payments.charges import PREFIX, REFERENCE_LENGTH
from payments.models import Charge, Payment
from payments.statements.references import compact_purpose

_HALF = (REFERENCE_LENGTH - len(PREFIX)) // 2  # one slip leaves one of the halves behind the prefix whole
_MOST_READ, _MOST_SHOWN = 200, 5


def charges_meant(purpose: str, amount: int, charges: QuerySet[Charge]) -> list[Charge]:
    """Those of `charges` that are open and were to be paid with exactly this amount under a reference that stands in
    the purpose but for one letter: lost, too many or another one; at most five."""
    text = compact_purpose(purpose)
    pieces = {text[place : place + _HALF] for place in range(len(text) - _HALF + 1)}
    if not pieces:
        return []
    attempts = Payment.objects.filter(amount=amount, charge__settled_at=None, charge__cancelled_at=None)
    attempts = attempts.exclude(method__in=(Payment.Method.CASH, Payment.Method.POS))
    attempts = attempts.annotate(first=Substr("reference", len(PREFIX) + 1, _HALF), last=Right("reference", _HALF))
    near = attempts.filter(Q(first__in=pieces) | Q(last__in=pieces)).values_list("charge_id", "reference")
    meant = {charge for charge, reference in near[:_MOST_READ] if _stands_nearly(reference, text)}
    return list(charges.filter(pk__in=meant).order_by("pk")[:_MOST_SHOWN]) if meant else []


def _stands_nearly(reference: str, text: str) -> bool:
    lengths = (len(reference) - 1, len(reference), len(reference) + 1)
    return any(
        _one_slip(reference, text[place : place + length])
        for place in range(len(text) - lengths[0] + 1)
        for length in lengths
    )


def _one_slip(one: str, other: str) -> bool:
    """Whether the two differ by at most one letter."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if len(longer) - len(shorter) > 1:
        return False
    place = next((n for n, letter in enumerate(shorter) if letter != longer[n]), len(shorter))
    return longer[place + 1 :] == shorter[place + (len(longer) == len(shorter)) :]
