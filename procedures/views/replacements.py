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

from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from procedures.display import fact_text, value_text
from procedures.models import Procedure, Replacement
from procedures.review import replacements

CONTROLLER, SUPERVISOR = StaffPost.Role.CONTROLLER, StaffPost.Role.SUPERVISOR
Status = Replacement.Status
LARGEST_BATCH = 100
LARGEST = 10 * 1024 * 1024


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def replacement_list(request: HttpRequest) -> HttpResponse:
    usual = Status.DOUBTFUL if request.actor.role == CONTROLLER else Status.PROPOSED
    status = request.GET.get("status", usual)
    status = status if status in Status.values else usual
    counts, last = replacements.counts(), replacements.last_import()
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
            "rows": [_row(row, procedures.get(row.code), request.actor) for row in page.items],
            "chosen": Status(status).label,
            "open": status in (Status.DOUBTFUL, Status.NO_PAPER) and request.actor.role == CONTROLLER,
            "proposed": status == Status.PROPOSED,
            "may_edit": request.actor.role == CONTROLLER,
            "status": status,
            "chips": [
                {"label": label, "url": f"?status={key}", "current": key == status, "count": counts.get(key, 0)}
                for key, label in Status.choices
            ],
            "loaded": sum(counts.values()),
            "last": last,
            "last_words": _read_words(last["read"], last["known"], last["doubled"], last["unusable"]) if last else "",
            "total": counts.get(status, 0),
        },
    )


def _row(row: Replacement, procedure: Procedure | None, actor: Actor) -> dict[str, Any]:
    papers = procedure.in_force.facts["documents"] if procedure else []
    likely = replacements.alike(row.paper, papers)
    others = [paper for paper in papers if paper not in likely]
    return {
        "row": row,
        "mine": not row.has_second_person(actor),
        "title": value_text(procedure.in_force.title, procedure.in_force.title_en) if procedure else row.procedure_name,
        "known": procedure is not None,
        "likely": [(paper["key"], fact_text(paper)) for paper in likely],
        "others": [(paper["key"], fact_text(paper)) for paper in others],
        "chosen": replacements.surely_meant(row.paper, papers),
        "paper": next((fact_text(paper) for paper in papers if paper["key"] == row.document_key), row.document_key),
    }


@open_to(CONTROLLER)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose which paper a row means, or say that it means none."""
    row = get_object_or_404(Replacement, pk=pk)
    back = redirect(f"{reverse('manage-replacements')}?status={row.status}")
    key = request.POST.get("paper", "") if request.POST.get("decision") == "apply" else ""
    if request.POST.get("decision") not in ("apply", "dismiss") or (request.POST["decision"] == "apply" and not key):
        messages.warning(request, _("Hãy chọn giấy tờ, hoặc bấm “Không áp dụng”."))
        return back
    try:
        replacements.decide_row(row, key, request.actor, timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return back
    messages.success(request, _("Đã đề xuất; người thứ hai duyệt thì áp dụng.") if key else _("Đã ghi quyết định."))
    return back


@open_to(CONTROLLER, SUPERVISOR)
@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Apply the chosen proposals, or give them back."""
    back = redirect(f"{reverse('manage-replacements')}?status={Status.PROPOSED}")
    pks = [int(pk) for pk in request.POST.getlist("row") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    try:
        if request.POST.get("decision") == "return":
            number = replacements.return_rows(pks[:LARGEST_BATCH], request.actor)
            messages.success(request, _("Đã trả lại %(n)s dòng.") % {"n": number})
            return back
        made, gone = replacements.approve_rows(pks[:LARGEST_BATCH], request.actor, timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal) if pks else _("Hãy chọn ít nhất một dòng."))
        return back
    messages.success(request, _made(len(made)))
    if gone:
        messages.warning(request, _("%(n)s dòng không còn giấy tờ đó trong thủ tục, đã trả lại để chọn.") % {"n": gone})
    return back


@open_to(CONTROLLER)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """A table sent from the page, or a second look at what waits when none was sent."""
    upload = request.FILES.get("table")
    if upload is None:
        number = replacements.match_rows(request.actor, timezone.now())
        messages.success(request, _proposed_words(number))
        return redirect("manage-replacements")
    if (upload.size or 0) > LARGEST:
        messages.warning(request, _("Tệp lớn hơn 10 MB. Hãy gửi bảng CSV nhỏ hơn."))
        return redirect("manage-replacements")
    try:
        result = replacements.import_rows(upload.name or "", upload.read(), request.actor, timezone.now())
    except replacements.UnreadableTable:
        columns = ", ".join(replacements.COLUMNS)
        messages.warning(
            request, _("Không đọc được bảng. Hãy gửi tệp CSV có các cột: %(columns)s.") % {"columns": columns}
        )
        return redirect("manage-replacements")
    read = _read_words(result.read, result.known, result.doubled, result.unusable)
    messages.success(request, f"{read} {_proposed_words(result.proposed)}")
    return redirect("manage-replacements")


def _read_words(read: int, known: int, doubled: int, unusable: int) -> str:
    said = [
        _("Đã đọc %(read)s dòng, %(known)s dòng có từ trước.") % {"read": read, "known": known},
        _("%(n)s dòng lặp lại trong tệp, chỉ tính một lần.") % {"n": doubled} if doubled else "",
        _("%(n)s dòng thiếu mã, giấy tờ hoặc cơ sở dữ liệu nên bỏ qua.") % {"n": unusable} if unusable else "",
    ]
    return " ".join(filter(None, said))


def _made(number: int) -> str:
    text = ngettext("Đã công bố %(n)s bản mới.", "Đã công bố %(n)s bản mới.", number)
    return text % {"n": number} if number else _("Không có bản mới.")


def _proposed_words(number: int) -> str:
    text = ngettext("%(n)s dòng được đề xuất.", "%(n)s dòng được đề xuất.", number)
    return text % {"n": number} if number else _("Không có dòng mới được đề xuất.")
