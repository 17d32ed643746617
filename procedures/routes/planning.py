"""The route of a dossier and the time each of its steps may take.

Among the routes in force the most specific one is taken: the edition's own before the procedure's before the standard
of the level; then the agency's own before everybody's; then the case's own. A limit of at most one working day takes
the level's short route. Steps that are shares of the limit are rounded so that their minutes sum exactly to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from agencies.models import Agency
from procedures.editions.time_limits import period_of, term_for
from procedures.models import Channel, Edition, Route
from procedures.routes.steps import DAY, HOUR, Limit, Opening, Step, read_steps
from vietnam.working_time import MINUTES_OF_WORKING_DAY, Period, Unit

SHORT = "short"


@dataclass(frozen=True)
class PlannedOpinion:
    agency_key: str
    role: str
    minutes: int
    question: str


@dataclass(frozen=True)
class PlannedStep:
    """`minutes` of working time with the longest opinion; None while the procedure's limit is unknown."""

    key: str
    name: str
    name_en: str
    role: str
    minutes: int | None
    act: str = ""
    agency_key: str = ""
    product: str = ""
    note: str = ""
    back_to: tuple[str, ...] = ()
    opinions: tuple[PlannedOpinion, ...] = ()
    opens: Opening | None = None

    @property
    def carries(self) -> str:
        return self.act or self.key


@dataclass
class KnownRoutes:
    """The routes in force for some editions, read once to plan many dossiers; what is alike is planned once."""

    routes: list[Route]
    planned: dict[tuple[int, int | None], list[PlannedStep]] = field(default_factory=dict)

    def steps_of(self, route: Route, minutes: int | None) -> list[PlannedStep]:
        if (route.pk, minutes) not in self.planned:
            self.planned[route.pk, minutes] = plan_steps(read_steps(route.steps), minutes)
        return self.planned[route.pk, minutes]


def known_routes(editions: Iterable[Edition]) -> KnownRoutes:
    """All routes that dossiers of these editions can have, in one statement."""
    wanted = {edition.pk: edition.procedure_id for edition in editions}
    return KnownRoutes(list(_in_force(Q(edition__in=wanted) | Q(procedure__in=set(wanted.values())) | ~Q(level=""))))


def _in_force(of: Q) -> QuerySet[Route]:
    return Route.objects.filter(of, status=Route.Status.IN_FORCE).select_related("edition")


def route_for(
    edition: Edition,
    case: str = "",
    level: str = "province",
    *,
    channel: str = Channel.COUNTER,
    limit: Period | None = None,
    agency: Agency | None = None,
    known: KnownRoutes | None = None,
) -> list[PlannedStep]:
    """The steps of a dossier filed under `edition` by a channel in a case and settled by an agency, with their time.

    `limit` is the one the dossier was received with, where the receiver entered it; else the edition's own.
    Empty only where no standard route was loaded.
    """
    period = limit or period_of(term_for(edition, channel, case) or next(iter(edition.terms.all()), None))
    minutes = working_minutes(period) if period else None
    known = known or known_routes([edition])
    route = chosen(edition, case, level, agency=agency, minutes=minutes, known=known)
    return known.steps_of(route, minutes) if route else []


def chosen(
    edition: Edition,
    case: str,
    level: str,
    *,
    agency: Agency | None = None,
    minutes: int | None = None,
    known: KnownRoutes | None = None,
) -> Route | None:
    """The most specific route in force; `minutes` of the limit tell whether the short standard one fits."""
    short = minutes is not None and minutes <= MINUTES_OF_WORKING_DAY
    cases = [*([case] if case else []), *([SHORT] if short else []), ""]
    fitting = [
        route
        for route in (known or known_routes([edition])).routes
        if route.case in cases
        and (route.level == level if route.level else edition.pk == route.edition_id or _is_of(route, edition))
        and _serves(route, agency)
        and (route.case != SHORT or route.level or case == SHORT)
    ]
    return min(
        fitting,
        key=lambda route: (
            route.edition_id is None,
            route.procedure_id is None,
            not route.agency_key,
            not route.territory_code,
            cases.index(route.case),
        ),
        default=None,
    )


def _is_of(route: Route, edition: Edition) -> bool:
    return route.procedure_id is not None and route.procedure_id == edition.procedure_id


def _serves(route: Route, agency: Agency | None) -> bool:
    if not route.agency_key:
        return True
    if agency is None or agency.key != route.agency_key:
        return False
    return not route.territory_code or agency.territory.code == route.territory_code


def plan_steps(steps: Sequence[Step], minutes: int | None) -> list[PlannedStep]:
    """Give each step its time: its own limit, or its share of `minutes`. The shares' minutes sum to the whole."""
    given = 0
    share_so_far = Fraction(0)
    planned = []
    for step in steps:
        if step.share is None:
            own: int | None = round(step.exact)
        elif minutes is None:
            own = None
        else:
            share_so_far += step.share
            until = round(share_so_far * minutes)
            own, given = until - given, until
        planned.append(_planned(step, own))
    return planned


def with_limits(steps: Sequence[Step], minutes: int) -> tuple[Step, ...]:
    """Shares turned into limits of their own that sum to `minutes`: quarter days, of a short limit quarter hours.

    A limit in calendar time, which the steps may not exceed, comes to odd minutes: those are left out.
    """
    minutes -= minutes % 15
    grain = 120 if minutes >= 5 * MINUTES_OF_WORKING_DAY else 15
    given, share_so_far, found = 0, Fraction(0), []
    for step in steps:
        share_so_far += step.share or Fraction(0)
        until = minutes if share_so_far == 1 else round(share_so_far * minutes / grain) * grain
        own, given = until - given, until
        limit = Limit(Decimal(own) / 480, DAY) if own % 120 == 0 else Limit(Decimal(own) / 60, HOUR)
        found.append(replace(step, share=None, limit=limit) if step.share is not None else step)
    return tuple(found)


def _planned(step: Step, minutes: int | None) -> PlannedStep:
    opinions = tuple(
        PlannedOpinion(o.agency_key, o.role, o.limit.minutes if o.limit else 0, o.question) for o in step.opinions
    )
    return PlannedStep(
        step.key,
        step.name,
        step.name_en,
        step.role,
        minutes,
        act=step.act if step.act != step.key else "",
        agency_key=step.agency_key,
        product=step.product,
        note=step.note,
        back_to=step.back_to,
        opinions=opinions,
        opens=step.opens,
    )


def frozen_steps(planned: Sequence[PlannedStep]) -> list[dict[str, Any]]:
    """The plain list that a dossier keeps; its keys are described in `procedures.routes`."""
    return [_frozen_step(step) for step in planned]


def _frozen_step(step: PlannedStep) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "key": step.key,
        "name": step.name,
        "name_en": step.name_en,
        "role": step.role,
        "minutes": step.minutes,
    }
    further = {
        "act": step.act,
        "agency_key": step.agency_key,
        "product": step.product,
        "note": step.note,
        "back_to": list(step.back_to),
        "opinions": [vars(opinion).copy() for opinion in step.opinions],
        "opens": vars(step.opens).copy() if step.opens else None,
    }
    return kept | {key: value for key, value in further.items() if value}


def working_minutes(period: Period) -> int:
    """A limit as an amount of working minutes, to be shared among steps.

    Working days and hours are exact. Calendar time is taken at five working days a week, months at thirty days:
    only steps are planned by it, the due date itself is counted on the calendar.
    """
    if period.unit is Unit.AT_ONCE:
        return MINUTES_OF_WORKING_DAY
    if period.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR):
        return period.working_minutes
    amount = Fraction(period.amount)
    days = {Unit.CALENDAR_DAY: amount, Unit.CALENDAR_HOUR: amount / 24, Unit.MONTH: amount * 30}[period.unit]
    return max(round(days * 5 / 7 * MINUTES_OF_WORKING_DAY), 60)
