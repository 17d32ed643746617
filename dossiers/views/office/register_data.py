"""For who works on a dossier: data of national registers in place of papers, asked for with a recorded purpose."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import RegistryLookup, StaffPost
from accounts.permissions import may, open_to
from core.refusals import Refused
from dossiers.filing import register_data
from dossiers.models import Dossier
from dossiers.views.office.dossier import found, subnav_of

Role = StaffPost.Role
Outcome = RegistryLookup.Outcome


@open_to(Role.COUNTER, Role.OFFICER, Role.UNIT_HEAD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dossier_registers(request: HttpRequest, code: str) -> HttpResponse:
    """Each paper that data stand for, with what its register said; asked by a press, or gone on with the paper."""
    dossier = found(request, code)
    if not may(request.actor, "view_internal", dossier):
        raise PermissionDenied
    refused = ""
    if request.method == "POST":
        try:
            _do(request, dossier)
            return redirect("dossier-registers", dossier.code)
        except Refused as refusal:
            refused = str(refusal)
    context = {
        "dossier": dossier,
        "rows": register_data.replaced_papers(dossier),
        "refused": [{"text": refused, "target": ""}] if refused else [],
        "subnav": subnav_of(request),
    }
    return render(request, "dossiers/officer/registers.html", context, status=422 if refused else 200)


def _do(request: HttpRequest, dossier: Dossier) -> None:
    """Raises Refused."""
    key, now = request.POST.get("paper", "").replace("\x00", ""), timezone.now()
    if request.POST.get("do") == "paper":
        register_data.use_paper(dossier, key, by=request.actor, at=now)
        messages.success(request, _("Đã ghi: dùng bản giấy vì chưa có dữ liệu."))
        return
    lookup = register_data.look_up_for(
        dossier,
        key,
        request.POST.get("number", ""),
        by=request.actor,
        at=now,
    )
    if lookup.outcome == Outcome.FOUND:
        messages.success(request, _("Đã có dữ liệu; không phải nộp bản giấy."))
    elif lookup.outcome == Outcome.NONE:
        messages.warning(request, _("Cơ sở dữ liệu không có dữ liệu của số này. Hãy nhận bản giấy."))
    else:
        messages.warning(request, _("Cơ sở dữ liệu chưa trả lời. Hãy nhận bản giấy và làm tiếp; tra cứu lại được sau."))
