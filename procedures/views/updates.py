"""National updates to judge: the list with like cases, and one procedure part by part."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from procedures.display import value_text
from procedures.editions import source_updates
from procedures.editions.diff import LABELS, compare_documents
from procedures.editions.document import InvalidFacts
from procedures.editions.lifecycle.drafts import under_way
from procedures.models import OpenQuery, Procedure
from procedures.review import queries, updates
from procedures.views.open_queries import like_cases, sent_words

CONTROLLER = StaffPost.Role.CONTROLLER


@open_to(CONTROLLER)
@require_safe
def update_list(request: HttpRequest) -> HttpResponse:
    page = page_of(updates.procedures_waiting(), request, by=("code",))
    parts = updates.counts(page.items)
    return render(
        request,
        "procedures/manage/updates.html",
        {
            "page": page,
            "rows": [
                {
                    "code": procedure.code,
                    "title": value_text(procedure.in_force.title, procedure.in_force.title_en),
                    "origin": procedure.in_force.get_origin_display(),
                    "parts": parts.get(procedure.pk, 0),
                }
                for procedure in page.items
            ],
            "total": updates.updates_waiting().count(),
            "groups": like_cases(updates.updates_waiting(), ""),
        },
    )


@open_to(CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def update(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure's update: every part with the present and the offered wording, and three choices."""
    if not code.isprintable():
        raise Http404
    procedure = get_object_or_404(Procedure.objects.select_related("current").filter(current__isnull=False), code=code)
    waiting = list(updates.updates_waiting().filter(procedure=procedure).order_by("id"))
    if request.method == "POST":
        choices = {open_query: request.POST.get(f"part-{open_query.pk}", "") for open_query in waiting}
        chosen = {d: c for d, c in choices.items() if c in (updates.ACCEPT, updates.ADAPT, updates.REFUSE)}
        if chosen:
            return _judged(request, procedure, chosen)
        messages.warning(request, _("Hãy chọn cách xử lý cho ít nhất một điều."))
    return render(
        request,
        "procedures/manage/update.html",
        {
            "procedure": procedure,
            "edition": procedure.in_force,
            "draft": under_way(procedure),
            "parts": [_part(procedure, open_query) for open_query in waiting],
        },
    )


def _part(procedure: Procedure, open_query: OpenQuery) -> dict[str, Any]:
    part, facts = source_updates.part_of(open_query), procedure.in_force.facts
    found = [
        d
        for d in compare_documents(facts, source_updates.with_part(facts, open_query.proposal or {}))
        if d.part == part
    ]
    return {"open_query": open_query, "label": LABELS.get(part, part), "differences": found, "raw": open_query.raw}


def _judged(request: HttpRequest, procedure: Procedure, chosen: dict[OpenQuery, str]) -> HttpResponse:
    try:
        judged = updates.decide_update(procedure, chosen, request.actor, timezone.now())
    except queries.StaleQuery:
        messages.warning(request, _("Người khác vừa quyết định, hoặc thủ tục đã có bản mới. Hãy xem lại."))
    except InvalidFacts:
        messages.warning(
            request, _("Điều được nhận không khớp với phần còn lại. Hãy chọn “Điều chỉnh” để sửa trong dự thảo.")
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        if judged.proposed:
            messages.success(request, sent_words(judged.proposed, judged.proposed.items.count()))
        if judged.draft:
            messages.success(request, _("Đã lập dự thảo để điều chỉnh."))
            return redirect("manage-edition-life", pk=judged.draft.pk)
        if not judged.proposed:
            messages.success(request, _("Đã ghi quyết định; bản đang áp dụng giữ nguyên."))
        return redirect("manage-updates")
    return redirect("manage-update", code=procedure.code)
