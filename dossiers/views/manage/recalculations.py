"""How often calendars changed, and which dates moved with them: all of them, or those of a head's own agency."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.administration import administered_agencies, administers_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from dossiers.models import DeadlineRecalculation, MovedDate
from dossiers.views.navigation import items as navigation
from dossiers.views.paging import page_of

Role = StaffPost.Role
HEADS = (Role.UNIT_HEAD, Role.LEADER)
_READERS = (Role.CONTROLLER, Role.ADMINISTRATOR, Role.SUPERVISOR, *HEADS)


@open_to(*_READERS)
def recalculation_list(request: HttpRequest) -> HttpResponse:
    runs = DeadlineRecalculation.objects.all()
    if not _sees_all(request):
        runs = runs.filter(Exists(_own(request, MovedDate.objects.filter(recalculation=OuterRef("pk")))))
    page = page_of(request, runs, key="id", newest_first=True)
    context = {"runs": page.rows, "page": page, "whole": _sees_all(request), "subnav": navigation(request)}
    return render(request, "dossiers/manage/recalculations.html", context)


@open_to(*_READERS)
def recalculation(request: HttpRequest, pk: int) -> HttpResponse:
    """The dates that one counting anew moved, kind by kind."""
    run = get_object_or_404(DeadlineRecalculation, pk=pk)
    moves = _seen_by(request, run)
    kinds = dict(moves.order_by("kind").values_list("kind").annotate(number=Count("pk")))
    chosen = request.GET.get("kind", "")
    if chosen in kinds:
        moves = moves.filter(kind=chosen)
    rows = moves.select_related("dossier__settling_agency", "feedback__dossier", "agency")
    page = page_of(request, rows.defer("dossier__search_vector", "dossier__answers"), key="id")
    address = reverse("recalculation", args=[run.pk])
    context = {
        "run": run,
        "page": page,
        "rows": [_row(request, move) for move in page.rows],
        "chips": [
            {
                "label": f"{kind.label} ({kinds[kind]})",
                "url": f"{address}?kind={kind}",
                "current": kind == chosen,
            }
            for kind in MovedDate.Kind
            if kind in kinds
        ],
        "whole": _sees_all(request),
        "all_url": address if chosen in kinds else "",
        "subnav": navigation(request),
    }
    return render(request, "dossiers/manage/recalculation.html", context)


def _seen_by(request: HttpRequest, run: DeadlineRecalculation) -> QuerySet[MovedDate]:
    moves = MovedDate.objects.filter(recalculation=run)
    return moves if _sees_all(request) else _own(request, moves)


def _sees_all(request: HttpRequest) -> bool:
    return request.actor.role in (Role.CONTROLLER, Role.SUPERVISOR) or administers_province(request.actor)


def _own(request: HttpRequest, moves: QuerySet[MovedDate]) -> QuerySet[MovedDate]:
    if request.actor.role == Role.ADMINISTRATOR:
        return moves.filter(agency__in=administered_agencies(request.actor).values("pk"))
    return moves.filter(agency=request.actor.post.agency_id)


def _row(request: HttpRequest, move: MovedDate) -> dict[str, Any]:
    dossier = move.dossier or (move.feedback.dossier if move.feedback else None)
    opens = request.actor.role in (*HEADS, Role.SUPERVISOR)
    return {
        "move": move,
        "code": dossier.code if dossier else "",
        "url": reverse("dossier", args=[dossier.code]) if opens and dossier and dossier.code else "",
    }
