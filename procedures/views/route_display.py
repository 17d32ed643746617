"""What pages of internal routes say of a route: its steps, scope and limits, in the reader's words."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from procedures.display import value_text
from procedures.models import Edition, Procedure, Route
from procedures.routes import checking, drawing, versions
from procedures.routes import context as route_facts
from procedures.routes.amounts import limit_words, period_words, words
from procedures.routes.planning import working_minutes
from procedures.routes.steps import Step, read_steps
from procedures.routes.words import act_name, role_name, step_name


def shown_route(found: Route, steps: tuple[Step, ...], problems: list[checking.Problem]) -> dict[str, Any]:
    edition = route_facts.edition_of(found)
    names = route_facts.agency_names()
    title = value_text(found.name, found.name_en)
    return {
        "route": found,
        "procedure": found.procedure,
        "edition": edition,
        "scope": scope_words(found, names),
        "problems": problems,
        "limits": [
            (published.case, period_words(published.period))
            for published in (route_facts.published(found, edition) if edition else ())
        ],
        "sum": words(checking.total(steps)),
        "drawing": drawing.draw_route(steps, names, title=title, wrong={problem.step for problem in problems}),
        "steps": step_rows(steps, names),
    }


def step_rows(steps: tuple[Step, ...], names: dict[str, str] | None = None) -> list[dict[str, Any]]:
    known = names or {}
    places = {step.key: n for n, step in enumerate(steps, start=1)}
    return [
        {
            "n": n,
            "name": step_name(step),
            "act": act_name(step.carries),
            "who": role_name(step.role),
            "agency": known.get(step.agency_key, step.agency_key),
            "limit": limit_words(step.limit) if step.limit else "",
            "share": f"{float(step.share * 100):g} %" if step.share else "",
            "product": step.product,
            "note": step.note,
            "back_to": [places[key] for key in step.back_to if key in places],
            "opinions": [
                {
                    "agency": known.get(o.agency_key, o.agency_key) or _("Cơ quan do người thụ lý chọn"),
                    "who": role_name(o.role),
                    "limit": limit_words(o.limit) if o.limit else "",
                    "question": o.question,
                }
                for o in step.opinions
            ],
            "opens": step.opens,
            "opens_agency": known.get(step.opens.agency_key, step.opens.agency_key) if step.opens else "",
        }
        for n, step in enumerate(steps, start=1)
    ]


def listed_route(found: Route, edition: Edition, names: dict[str, str]) -> dict[str, Any]:
    steps = read_steps(found.steps)
    in_force = found.status == Route.Status.IN_FORCE
    found.procedure = edition.procedure
    return {
        # A later edition may publish another limit than the one the route was made for.
        "problems": checking.route_problems(steps, route_facts.around(found, steps)) if in_force else [],
        "route": found,
        "name": value_text(found.name, found.name_en),
        "scope": scope_words(found, names),
        "steps": len(steps),
        "sum": words(checking.total(steps)),
        "open_queries": versions.open_queries(found),
        "url": reverse("manage-route", args=[edition.procedure.code, found.pk]),
    }


def scope_words(found: Route, names: dict[str, str]) -> str:
    """Where the route holds, in words."""
    edition = route_facts.edition_of(found)
    cases = dict(route_facts.case_names(edition)) if edition else {}
    parts = [cases.get(found.case, found.case) if found.case else _("Mọi trường hợp")]
    if found.agency_key:
        agency = names.get(found.agency_key, found.agency_key)
        parts.append(f"{agency} {found.territory_code}".strip())
    else:
        parts.append(_("Mọi cơ quan"))
    return " · ".join(parts)


def published_minutes(draft: Route) -> int | None:
    edition = route_facts.edition_of(draft)
    limits = route_facts.published(draft, edition) if edition else ()
    return working_minutes(limits[0].period) if limits else None


def owner_of(found: Route) -> Procedure | None:
    return found.procedure or (found.edition.procedure if found.edition else None)


def procedure_by_code(code: str) -> Procedure:
    if not code.isprintable():
        raise Http404
    return get_object_or_404(
        Procedure.objects.filter(current__isnull=False).select_related("current", "current__field"), code=code
    )


def route_by_key(code: str, pk: int) -> Route:
    found = Route.objects.filter(procedure=procedure_by_code(code)).select_related("procedure__current", "edited_by")
    return get_object_or_404(found, pk=pk)
