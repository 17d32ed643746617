"""What waits at a counter: online filings for an answer, results for whoever collects them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import open_to, visible
from agencies.calendars import calendar_of
from dossiers.models import ENDED_STATES, Dossier, State
from dossiers.search import dossier_by_code
from dossiers.views import sheet
from dossiers.views.lists import page_in_order, page_of_dossiers, row_of, search_page, waiting_for_return
from dossiers.views.navigation import items as navigation
from dossiers.views.office import bulk
from vietnam import working_time


def fee_is_open(dossier: Dossier) -> bool:
    return bool(dossier.fee_amount and dossier.fee_settled_at is None and dossier.state not in ENDED_STATES)


def unanswered_filings(request: HttpRequest) -> Any:
    """Online filings that the counter of the actor's agency has to answer."""
    return Dossier.objects.filter(receiving_agency=request.actor.post.agency_id, state=State.FILED, channel="online")


@open_to("counter")
def inbox(request: HttpRequest) -> HttpResponse:
    """Online filings waiting for an answer, the oldest legal limit first."""
    page = page_of_dossiers(request, unanswered_filings(request), ("answer_due_at", "id"))
    at = timezone.now()
    context = {
        "rows": [_inbox_row(dossier, at) for dossier in page.rows],
        "page": page,
        "subnav": navigation(request),
    }
    return render(request, "dossiers/counter/inbox.html", context)


def _inbox_row(dossier: Dossier, at: Any) -> dict[str, Any]:
    left = None
    if dossier.answer_due_at:
        left = working_time.minutes_between(calendar_of(dossier.settler), at, dossier.answer_due_at)
    standing = "overdue" if left is not None and left < 0 else "due_soon"
    return {"dossier": dossier, "title": sheet.title_of(dossier), "left": left, "standing": standing}


@open_to("counter")
def returns(request: HttpRequest) -> HttpResponse:
    """Results waiting to be collected; scan a slip to find one."""
    code = " ".join(request.GET.get("code", "").replace("\x00", "").split())
    waiting = waiting_for_return(request)
    if code:
        dossier = dossier_by_code(visible(request.actor, Dossier.objects.sent()), code)
        if dossier is not None and fee_is_open(dossier):
            messages.warning(request, _("Hồ sơ còn khoản phí, lệ phí chưa nộp. Hãy thu trước khi trả kết quả."))
            return redirect("dossier", dossier.code)
        if dossier is not None and dossier.state == State.DONE:
            return redirect("dossier-act", dossier.code, "return_result")
        if dossier is not None:
            return redirect("dossier", dossier.code)
        messages.error(request, _("Không tìm thấy hồ sơ mang mã này ở quầy của bạn."))
    page = page_in_order(request, waiting, ("listed_at", "dossier_id"))
    at = timezone.now()
    rows = [_waiting_result(dossier, at) for dossier in page.rows]
    context = {
        "rows": rows,
        "bulk": bulk.bar(request.actor, rows, "returns", more=bool(page.next_url or page.previous_url)),
        "page": page,
        "code": code[:60],
        "subnav": navigation(request),
    }
    return render(request, "dossiers/counter/returns.html", context)


def _waiting_result(dossier: Dossier, at: Any) -> dict[str, Any]:
    """Red only where the result itself came late: it is here now, and nobody is late any more."""
    row = row_of(dossier, at=at)
    late = bool(row["standing"] and row["standing"]["standing"] == "overdue")
    return {**row, "late": late, "fee_open": fee_is_open(dossier)}


@open_to("counter")
def search(request: HttpRequest) -> HttpResponse:
    return search_page(request, reverse("desk-search"))
