"""What a route is checked against, as the catalogue and the agencies stand: limits, agencies, procedures."""

from collections.abc import Iterable

from django.utils import timezone

from agencies.models import Agency
from procedures.competence.lookup import COMMUNE_KEYS
from procedures.display import fact_text
from procedures.editions.time_limits import period_of, term_for
from procedures.models import Edition, Procedure, Route
from procedures.public import presentation
from procedures.routes.checking import Published, RouteContext
from procedures.routes.steps import Step, read_steps


def route_context(route: Route) -> tuple[tuple[Step, ...], RouteContext]:
    """The steps of a route and their context: the arguments of `checking.route_problems`."""
    steps = read_steps(route.steps)
    return steps, around(route, steps)


def around(route: Route, steps: Iterable[Step]) -> RouteContext:
    """`steps` may be others than those stored, as while somebody edits."""
    edition = edition_of(route)
    asked = [step for step in steps]
    codes = {step.opens.procedure for step in asked if step.opens}
    keys = {step.agency_key for step in asked}
    keys |= {opinion.agency_key for step in asked for opinion in step.opinions}
    keys |= {step.opens.agency_key for step in asked if step.opens}
    return RouteContext(
        limits=published(route, edition) if edition else (),
        agencies=frozenset(Agency.objects.valid().filter(key__in=keys).values_list("key", flat=True).distinct()),
        procedures=frozenset(
            Procedure.objects.filter(code__in=codes, current__isnull=False).values_list("code", flat=True)
        ),
        code=edition.procedure.code if edition else "",
    )


def edition_of(route: Route) -> Edition | None:
    """The edition whose limits the route must keep; None for a standard route."""
    return route.edition or (route.procedure.current if route.procedure else None)


def published(route: Route, edition: Edition) -> tuple[Published, ...]:
    """The limits that the route serves: its case's, else each case's that has no route of its own.

    Of a case, the limit at the counter stands for the others; one that is unknown is left out.
    """
    names = dict(case_names(edition))
    if route.case:
        cases = [route.case]
    elif names:
        own = Route.objects.filter(
            status=Route.Status.IN_FORCE, procedure=route.procedure, edition=route.edition, agency_key=route.agency_key
        ).exclude(case="")
        with_route = set(own.values_list("case", flat=True))
        cases = [key for key in names if key not in with_route]
    else:
        cases = [""]
    found = []
    for case in cases:
        terms = edition.terms.all()
        term = term_for(edition, "counter", case) or next((t for t in terms if t.case in (case, "")), None)
        period = period_of(term)
        if period:
            found.append(Published(period, names.get(case, "")))
    if len({published_.period for published_ in found}) == 1 and not route.case:
        return (Published(found[0].period),)
    return tuple(found)


def agency_names() -> dict[str, str]:
    """Every agency that a step or an opinion can name, by key; those of each commune once."""
    kinds = (Agency.Kind.PROVINCIAL_PC, Agency.Kind.DEPARTMENT, Agency.Kind.VERTICAL)
    keys = Agency.objects.valid().filter(kind__in=kinds).exclude(key__in=COMMUNE_KEYS).values_list("key", flat=True)
    return presentation.agency_names([*dict.fromkeys(keys[:300])], timezone.localdate())


def case_names(edition: Edition) -> list[tuple[str, str]]:
    return [(case["key"], fact_text(case)) for case in edition.facts.get("cases", [])]
