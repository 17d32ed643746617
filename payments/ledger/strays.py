"""Taking in money that settles nothing, and taking it out again."""

from datetime import datetime

from journal import audit_log
from payments.ledger.posting import Account, Kind, Leg, enter_transaction, left_of
from payments.models import Charge, Payment, Refund, StrayMoney

_NOT_GIVEN = (Refund.State.DECLINED, Refund.State.FAILED)


def take_in(
    kind: StrayMoney.Kind,
    *,
    agency_code: str,
    place: str,
    provider: str,
    transaction: str,
    amount: int,
    at: datetime,
    by: str,
    charge: Charge | None = None,
    payment: Payment | None = None,
    purpose: str = "",
    payer: str = "",
    against: Account = Account.CLEARING,
) -> StrayMoney | None:
    """Put a sum on the cashier's list, once a provider's transaction: None when it is there already."""
    stray, is_new = StrayMoney.objects.get_or_create(
        provider=provider,
        transaction=transaction[:80],
        defaults={
            "kind": kind,
            "agency_code": agency_code,
            "place": place,
            "amount": amount,
            "charge": charge,
            "payment": payment,
            "purpose": purpose[:500],
            "payer": payer[:200],
            "arrived_at": at,
        },
    )
    if not is_new:
        return None
    enter_transaction(
        Kind.STRAY,
        f"stray:{stray.pk}",
        [Leg(against, amount, place, payment=payment), Leg(Account.STRAY, -amount, place, stray=stray)],
        agency_code=agency_code,
        at=at,
        by=by,
    )
    audit_log.record_entry(
        "stray_money", f"stray:{stray.pk}", by=by[:200], kind=kind, amount=amount, transaction=transaction[:80]
    )
    return stray


def take_back(provider: str, transaction: str, *, at: datetime, by: str) -> bool:
    """The provider put its report right: what was put on the list for that transaction never came so.

    False when somebody has worked off a part of it already; then it stays.
    """
    stray = StrayMoney.objects.select_for_update().filter(provider=provider, transaction=transaction[:80]).first()
    if stray is None:
        return True
    left = left_of(stray)
    if left != stray.amount or stray.refunds.exclude(state__in=_NOT_GIVEN).exists():
        return False
    enter_transaction(
        Kind.CORRECTED,
        f"stray-corrected:{stray.pk}",
        [Leg(Account.STRAY, left, stray.place, stray=stray), Leg(Account.CLEARING, -left, stray.place)],
        agency_code=stray.agency_code,
        at=at,
        by=by,
    )
    close_when_empty(stray, at=at)
    return True


def close_when_empty(stray: StrayMoney, *, at: datetime) -> None:
    """Take it from the list when nothing is left of it; put it back when something is again."""
    closed = at if left_of(stray) == 0 else None
    if (closed is None) != (stray.closed_at is None):
        stray.closed_at = closed
        stray.save(update_fields=["closed_at"])
