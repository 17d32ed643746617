"""Pages of the catalogue controller: editions with their history, imports and competences."""

import json
from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from agencies.models import Territory
from core.pagination import page_of
from procedures import display
from procedures.competence import table
from procedures.display import value_text
from procedures.editions.diff import compare_documents
from procedures.models import Competence, Edition, Field, ImportRun, Procedure
from procedures.public import presentation
from procedures.public.listing import Narrowing
from procedures.review.queries import KINDS, kind_label, undecided_queries
from procedures.search.query import search_procedures
from procedures.views.competence import described_changes

CONTROLLER = StaffPost.Role.CONTROLLER
FOUND = 50


@open_to(CONTROLLER)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    asked = Narrowing.read(request.GET.dict())
    found = Procedure.objects.filter(current__isnull=False)
    if asked.kind in Procedure.Kind.values:
        found = found.filter(kind=asked.kind)
    if asked.field:
        found = found.filter(current__field__key=asked.field)
    shown = found.select_related("current", "current__field").defer("current__facts", "search_text", "search_vector")
    if asked.q:
        matches = list(search_procedures(asked.q, shown)[:FOUND])
        context: dict[str, Any] = {"rows": [_catalogue_row(found) for found in matches], "page": None}
    else:
        page = page_of(shown, request, by=("code",))
        context = {"rows": [_catalogue_row(found) for found in page.items], "page": page}
    fields = Field.objects.filter(editions__status="published").distinct()[:400]
    return render(
        request,
        "procedures/manage/catalogue.html",
        {
            **context,
            "asked": asked,
            "total": found.count(),
            "fields": [(f.key, display.short_text(value_text(f.name, f.name_en))) for f in fields],
            "kinds": Procedure.Kind.choices,
        },
    )


def _catalogue_row(procedure: Procedure) -> dict[str, Any]:
    edition = procedure.in_force
    return {
        "code": procedure.code,
        "title": value_text(edition.title, edition.title_en),
        "field": value_text(edition.field.name, edition.field.name_en),
        "kind": procedure.get_kind_display(),
        "origin": edition.get_origin_display(),
        "number": edition.number,
    }


@open_to(CONTROLLER)
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    found = _procedure(code)
    editions = found.editions.order_by("-number").defer("facts")[:100]
    waiting = undecided_queries().filter(procedure=found)[:100]
    return render(
        request,
        "procedures/manage/procedure.html",
        {
            "procedure": found,
            "edition": found.current,
            "editions": editions,
            "open_queries": [
                {"open_query": open_query, "label": kind_label(open_query.kind)} for open_query in waiting
            ],
            "settled_by": presentation.settled_by(found.in_force, timezone.localdate()),
            "online": presentation.online_words(found.in_force),
        },
    )


def _procedure(code: str) -> Procedure:
    if not code.isprintable():
        raise Http404
    return get_object_or_404(
        Procedure.objects.filter(current__isnull=False).select_related("current", "current__field"), code=code
    )


@open_to(CONTROLLER)
@require_safe
def edition(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One edition: what it says, and what it changed against the one before."""
    found = get_object_or_404(
        Edition.objects.select_related("procedure", "field"), procedure=_procedure(code), number=number
    )
    before = Edition.objects.filter(procedure=found.procedure, number__lt=number).order_by("-number").first()
    case = ""
    return render(
        request,
        "procedures/manage/edition.html",
        {
            "procedure": found.procedure,
            "edition": found,
            "before": before,
            "differences": compare_documents(before.facts, found.facts) if before else [],
            "limits": presentation.limit_rows(found, case),
            "fees": presentation.fee_rows(found, case, timezone.localdate()),
            "cases": presentation.case_names(found),
            "documents": presentation.documents(found, case, show_only=False)
            + presentation.documents(found, case, show_only=True),
            "levels": [str(display.LEVELS[level]) for level in found.levels],
            "whole": json.dumps(found.facts, ensure_ascii=False, indent=1, sort_keys=True),
        },
    )


@open_to(CONTROLLER)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    runs = ImportRun.objects.order_by("-pk")[:50]
    rows = [
        {
            "run": run,
            "rows": run.counts.get("rows", {}),
            "receivable": run.counts.get("receivable", {}),
            "changes": run.counts.get("changes", {}),
            "report_url": reverse("manage-import", args=[run.pk]) if run.report else "",
        }
        for run in runs
    ]
    return render(request, "procedures/manage/imports.html", {"rows": rows})


@open_to(CONTROLLER)
@require_safe
def import_report(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=pk)
    if not run.report or not default_storage.exists(run.report):
        raise Http404
    with default_storage.open(run.report) as report:
        return HttpResponse(report.read(), content_type="text/html; charset=utf-8")


@open_to(CONTROLLER)
@require_safe
def competence(request: HttpRequest) -> HttpResponse:
    """Field × level → who settles, with its gaps: fields in force whose level nobody has spoken for."""
    rows: dict[int, dict[str, Any]] = {}
    for field in Field.objects.filter(editions__status="published").distinct()[:400]:
        rows[field.pk] = {
            "field": value_text(field.name, field.name_en),
            "province": "",
            "commune": "",
            "key": field.key,
        }
    keys = Competence.objects.values_list("agency_key", flat=True).distinct()
    names = presentation.agency_names(keys, timezone.localdate())
    everywhere = Competence.objects.filter(field__in=rows, case="", territory_code="")
    for field_id, level, key in everywhere.values_list("field_id", "level", "agency_key"):
        rows[field_id or 0][level] = names.get(key, key)
    served: dict[int, set[str]] = {}
    published = Edition.objects.filter(status="published").values_list("field_id", "levels")
    for field_id, levels in published.iterator():
        served.setdefault(field_id, set()).update(levels)
    for pk, row_ in rows.items():
        row_["gaps"] = [level for level in ("province", "commune") if level in served.get(pk, ()) and not row_[level]]
    own = (
        Competence.objects.exclude(procedure=None, case="", territory_code="")
        .select_related("procedure__current", "field")
        .order_by("procedure__code")
    )
    written = request.GET.get("rows") == "written"
    if written:
        own = own.filter(source=table.CONTROLLER)
    page = page_of(own.order_by("id"), request, by=("id",))
    codes = {row.territory_code for row in page.items} - {""}
    places = dict(Territory.objects.valid().filter(code__in=codes).values_list("code", "name"))
    return render(
        request,
        "procedures/manage/competence.html",
        {
            "rows": sorted(rows.values(), key=lambda row: not row["gaps"]),
            "gaps": sum(bool(row["gaps"]) for row in rows.values()),
            "page": page,
            "chips": [
                {"label": _("Tất cả"), "url": "?", "current": not written},
                {"label": _("Do người ghi"), "url": "?rows=written", "current": written},
            ],
            "own": [_own(row, names, places) for row in page.items],
            "waiting": described_changes(table.waiting_changes()),
            "kinds": KINDS,
        },
    )


def _own(row: Competence, names: dict[str, str], places: dict[str, str]) -> dict[str, Any]:
    edition = row.procedure.current if row.procedure else None
    cases = {case["key"]: case["name"] for case in presentation.case_names(edition)} if edition else {}
    return {
        "row": row,
        "level": display.LEVELS[row.level],
        "agency": names.get(row.agency_key, row.agency_key),
        "case": cases.get(row.case, row.case),
        "place": places.get(row.territory_code, row.territory_code),
        "title": value_text(edition.title, edition.title_en) if edition else "",
    }
