"""Papers that data replaces: what a table brought, and the rows that a person decides."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from procedures.display import fact_text, value_text
from procedures.models import Procedure, Replacement
from procedures.review import replacements

CONTROLLER = StaffPost.Role.CONTROLLER
LARGEST = 10 * 1024 * 1024


@open_to(CONTROLLER)
@require_safe
def replacement_list(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", Replacement.Status.DOUBTFUL)
    status = status if status in Replacement.Status.values else Replacement.Status.DOUBTFUL
    counts = replacements.counts()
    page = page_of(Replacement.objects.filter(status=status), request, by=("id",), size=25)
    codes = {row.code for row in page.items}
    procedures = {
        p.code: p for p in Procedure.objects.filter(code__in=codes, current__isnull=False).select_related("current")
    }
    return render(
        request,
        "procedures/manage/replacements.html",
        {
            "page": page,
            "rows": [_row(row, procedures.get(row.code)) for row in page.items],
            "chosen": Replacement.Status(status).label,
            "open": status in (Replacement.Status.DOUBTFUL, Replacement.Status.NO_PAPER),
            "status": status,
            "chips": [
                {"label": label, "url": f"?status={key}", "current": key == status, "count": counts.get(key, 0)}
                for key, label in Replacement.Status.choices
            ],
            "total": sum(counts.values()),
        },
    )


def _row(row: Replacement, procedure: Procedure | None) -> dict[str, Any]:
    papers = procedure.in_force.facts["documents"] if procedure else []
    likely = replacements.alike(row.paper, papers)
    others = [paper for paper in papers if paper not in likely]
    return {
        "row": row,
        "title": value_text(procedure.in_force.title, procedure.in_force.title_en) if procedure else row.procedure_name,
        "known": procedure is not None,
        "choices": [(paper["key"], fact_text(paper)) for paper in [*likely, *others][:60]],
        "likely": likely[0]["key"] if likely else "",
        "paper": next((fact_text(paper) for paper in papers if paper["key"] == row.document_key), row.document_key),
    }


@open_to(CONTROLLER)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which paper a row means, or that it means none."""
    row = get_object_or_404(Replacement, pk=pk)
    back = redirect(f"{reverse('manage-replacements')}?status={row.status}")
    key = request.POST.get("paper", "") if request.POST.get("decision") == "apply" else ""
    if request.POST.get("decision") not in ("apply", "dismiss") or (request.POST["decision"] == "apply" and not key):
        messages.warning(request, _("Hãy chọn giấy tờ, hoặc bấm “Không áp dụng”."))
        return back
    try:
        made = replacements.decide_row(row, key, request.actor.label, timezone.now())
    except replacements.StaleReplacement:
        messages.warning(request, _("Dòng này vừa được quyết định, hoặc thủ tục đã đổi. Hãy xem lại."))
        return back
    if made:
        messages.success(request, _("Đã công bố bản %(number)s.") % {"number": made.number})
    else:
        messages.success(request, _("Đã ghi quyết định."))
    return back


@open_to(CONTROLLER)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """A table sent from the page, or a second look at what waits when none was sent."""
    upload = request.FILES.get("table")
    if upload is None:
        made = replacements.match_rows(request.actor.label, timezone.now())
        messages.success(request, _made(made))
        return redirect("manage-replacements")
    if (upload.size or 0) > LARGEST:
        messages.warning(request, _("Tệp lớn hơn 10 MB. Hãy gửi bảng CSV nhỏ hơn."))
        return redirect("manage-replacements")
    try:
        result = replacements.import_rows(upload.name or "", upload.read(), request.actor.label, timezone.now())
    except replacements.UnreadableTable:
        columns = ", ".join(replacements.COLUMNS)
        messages.warning(
            request, _("Không đọc được bảng. Hãy gửi tệp CSV có các cột: %(columns)s.") % {"columns": columns}
        )
        return redirect("manage-replacements")
    text = _("Đã đọc %(read)s dòng, %(known)s dòng có từ trước.") % {"read": result.read, "known": result.known}
    messages.success(request, f"{text} {_made(result.editions)}")
    return redirect("manage-replacements")


def _made(number: int) -> str:
    text = ngettext("Đã công bố %(n)s bản mới.", "Đã công bố %(n)s bản mới.", number)
    return text % {"n": number} if number else _("Không có bản mới.")
