"""The internal route of an edition and the time each step may take.

A route of the edition itself goes before the standard route of the level; a limit of at most one day takes the
level's short route. Steps that are shares of the limit are rounded so that their minutes sum exactly to the limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procedures.models import Channel, Edition, Route, RouteStep
from procedures.terms import period_of, term_for
from vietnam.working_time import MINUTES_OF_WORKING_DAY, Period, Unit

SHORT = "short"


@dataclass(frozen=True)
class PlannedStep:
    """`minutes` of working time; None while the procedure's limit is unknown."""

    key: str
    name: str
    name_en: str
    role: str
    minutes: int | None


def route_for(
    edition: Edition,
    case: str = "",
    level: str = "province",
    *,
    channel: str = Channel.COUNTER,
    limit: Period | None = None,
) -> list[PlannedStep]:
    """The steps of a dossier filed under `edition` by a channel in a case and settled at a level, with their time.

    `limit` is the one the dossier was received with, where the receiver entered it; else the edition's own.
    Empty only where no standard route was loaded.
    """
    period = limit or period_of(term_for(edition, channel, case) or next(iter(edition.terms.all()), None))
    minutes = working_minutes(period) if period else None
    route = _own_route(edition, case) or _standard_route(level, minutes)
    return plan(route.steps.all(), minutes) if route else []


def plan(steps: Iterable[RouteStep], minutes: int | None) -> list[PlannedStep]:
    """Give each step its time: its own days, or its share of `minutes`. The shares' minutes sum to the whole."""
    given = 0
    share_so_far = Fraction(0)
    planned = []
    for step in steps:
        if step.days is not None:
            own: int | None = int(step.days * MINUTES_OF_WORKING_DAY)
        elif minutes is None:
            own = None
        else:
            share_so_far += Fraction(step.share or Decimal(0))
            until = round(share_so_far * minutes)
            own, given = until - given, until
        planned.append(PlannedStep(step.key, step.name, step.name_en, step.role, own))
    return planned


def working_minutes(period: Period) -> int:
    """A limit as an amount of working minutes, to be shared among steps.

    Working days and hours are exact. Calendar time is taken at five working days a week, months at thirty days:
    only steps are planned by it, the due date itself is counted on the calendar.
    """
    if period.unit is Unit.AT_ONCE:
        return MINUTES_OF_WORKING_DAY
    amount = Fraction(period.amount)
    if period.unit is Unit.WORKING_DAY:
        return int(amount * MINUTES_OF_WORKING_DAY)
    if period.unit is Unit.WORKING_HOUR:
        return int(amount * 60)
    days = {Unit.CALENDAR_DAY: amount, Unit.CALENDAR_HOUR: amount / 24, Unit.MONTH: amount * 30}[period.unit]
    return max(round(days * 5 / 7 * MINUTES_OF_WORKING_DAY), 60)


def _own_route(edition: Edition, case: str) -> Route | None:
    found = [route for route in edition.routes.prefetch_related("steps") if route.case in (case, "")]
    return min(found, key=lambda route: route.case != case, default=None)


def _standard_route(level: str, minutes: int | None) -> Route | None:
    short = minutes is not None and minutes <= MINUTES_OF_WORKING_DAY
    wanted = [SHORT, ""] if short else [""]
    found = {
        route.case: route
        for route in Route.objects.filter(edition=None, level=level, case__in=wanted).prefetch_related("steps")
    }
    return next((found[case] for case in wanted if case in found), None)
