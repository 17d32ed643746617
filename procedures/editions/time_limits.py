"""The time limit of an edition by channel and case."""

from decimal import Decimal

from procedures.models import Edition, FactState, Term
from vietnam.working_time import InvalidPeriod, Period, Unit


def term_for(edition: Edition, channel: str, case: str = "") -> Term | None:
    """The limit that holds for a channel and case: the case's own, else the one for every case, else None."""
    found = [term for term in edition.terms.all() if term.channel == channel and term.case in (case, "")]
    return min(found, key=lambda term: term.case != case, default=None)


def period_of(term: Term | None) -> Period | None:
    """The limit as a period; None while its amount or unit is unknown.

    A limit still to be confirmed gives its period too: whoever shows a date counted from it says so (`is_unverified`).
    """
    if term is None or not term.unit:
        return None
    unit = Unit(term.unit)
    if unit is Unit.AT_ONCE:
        return Period(Decimal(0), unit)
    if term.amount is None:
        return None
    try:
        return Period(term.amount, unit)
    except InvalidPeriod:
        return None


def is_unverified(term: Term | None) -> bool:
    """Whether the limit is missing or waits for a controller's confirmation."""
    return term is None or term.state != FactState.CONFIRMED or period_of(term) is None
