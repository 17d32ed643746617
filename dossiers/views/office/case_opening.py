"""A dossier as a supervisor sees it before opening the case: its course and figures, nobody's data."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.refusals import Refused
from dossiers.access.openings import countable, is_open_for, is_supervisor, open_case
from dossiers.models import Dossier
from dossiers.search import dossier_by_code
from dossiers.views import navigation, sheet
from vietnam.dates import format_date


def closed_dossier(request: HttpRequest, code: str) -> Dossier | None:
    """The dossier of the code when this supervisor has not opened its case."""
    if not is_supervisor(request.actor):
        return None
    found = dossier_by_code(sheet.prefetched(countable(request.actor, Dossier.objects.sent())), code)
    return None if found is None or is_open_for(request.actor, found) else found


def closed_page(request: HttpRequest, dossier: Dossier, refusal: Refused | None = None) -> HttpResponse:
    at = timezone.now()
    context = {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "standing": sheet.standing(dossier, at=at),
        "steps": sheet.steps_bar(dossier),
        "unopened": dossier.links_to_open,
        "explanation": sheet.explanation(dossier),
        "refusal": refusal,
        "typed": request.POST.get("reason", "").replace("\x00", ""),
        "subnav": navigation.items(request),
    }
    return render(request, "dossiers/officer/closed.html", context, status=refusal.status if refusal else 200)


@open_to(StaffPost.Role.SUPERVISOR)
@require_POST
def open_closed(request: HttpRequest, code: str) -> HttpResponse:
    """Open the case with a reason."""
    dossier = closed_dossier(request, code)
    if dossier is None:
        if dossier_by_code(countable(request.actor, Dossier.objects.sent()), code) is None:
            raise Http404
        return redirect("dossier", code)
    try:
        opening = open_case(
            dossier, reason=request.POST.get("reason", "").replace("\x00", ""), by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        return closed_page(request, dossier, refusal)
    messages.success(
        request,
        _("Đã mở hồ sơ đến hết ngày %(day)s. Người nộp thấy việc này cùng lý do.")
        % {"day": format_date(timezone.localdate(opening.until))},
    )
    return redirect("dossier", dossier.code)
