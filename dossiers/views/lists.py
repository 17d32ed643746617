"""Lists of dossiers for staff: which dossiers each shows, in which order, and what a row says."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from accounts import lookups
from accounts.permissions import visible
from dossiers import search
from dossiers.access.relations import STAND_INS
from dossiers.models import AlertKind, DeadlineAlert, Dossier, Opinion, State
from dossiers.views import sheet
from dossiers.views.navigation import items as navigation
from dossiers.views.paging import page_of

VIEWS = ("mine", "opinions", "apologies", "unit", "others", "paused", "done")
COUNTED_AT_MOST = 999


EMPTY: dict[str, tuple[str | Promise, str | Promise]] = {
    "mine": (_lazy("Bạn không có việc nào chờ"), _lazy("Việc mới hiện ra ở đây khi hồ sơ được chuyển đến bạn.")),
    "opinions": (
        _lazy("Không có ý kiến nào chờ trả lời"),
        _lazy("Hồ sơ của cơ quan khác hiện ra ở đây khi họ lấy ý kiến cơ quan bạn."),
    ),
    "apologies": (
        _lazy("Không có thư xin lỗi nào chờ ký"),
        _lazy("Thư được soạn sẵn khi hồ sơ sắp hết thời gian xin gia hạn."),
    ),
    "unit": (_lazy("Đơn vị không có hồ sơ đang xử lý"), _lazy("Hồ sơ hiện ra ở đây khi bộ phận một cửa tiếp nhận.")),
    "others": (_lazy("Không có hồ sơ ở bước của người khác"), ""),
    "paused": (_lazy("Không có hồ sơ tạm dừng"), _lazy("Hồ sơ chờ bổ sung hoặc chờ nộp tiền hiện ra ở đây.")),
    "done": (_lazy("Chưa có hồ sơ xong"), ""),
}


def listed(request: HttpRequest, view: str) -> Any:
    """The dossiers of one of `VIEWS`, as this post sees them."""
    post = request.actor.post
    dossiers = visible(request.actor, Dossier.objects.all())
    if view == "opinions":
        asked = Opinion.objects.filter(dossier=OuterRef("pk"), agency=post.agency_id, ended_at=None)
        return dossiers.filter(Exists(asked))
    dossiers = dossiers.filter(Q(settling_agency=post.agency_id) | Q(step__agency=post.agency_id))
    if view == "apologies":
        same_date = {"dossier": OuterRef("pk"), "due_at": OuterRef("due_at")}
        noticed = DeadlineAlert.objects.filter(kind=AlertKind.APOLOGY, **same_date)
        return dossiers.filter(Exists(noticed), state=State.PROCESSING, due_at__gt=timezone.now())
    if view == "done":
        return dossiers.filter(state__in=(State.DONE, State.RETURNED))
    if view == "paused":
        return dossiers.paused()
    running = dossiers.filter(state__in=(State.PROCESSING, State.WITHDRAWN))
    roles = [post.role, *(role for role, others in STAND_INS.items() if post.role in others)]
    mine = Q(holder=post) | Q(holder__isnull=True, step__role__in=roles, step__agency=post.agency_id)
    if view == "mine":
        return running.filter(mine)
    return running if view == "unit" else running.exclude(mine)


def waiting_for_return(request: HttpRequest) -> Any:
    return visible(request.actor, Dossier.objects.filter(state=State.DONE))


def in_order(dossiers: Any, view: str) -> Any:
    """As the list shows them."""
    return (
        dossiers.order_by("-id") if view == "done" else dossiers.order_by(F("step__due_at").asc(nulls_last=True), "id")
    )


def row_of(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "standing": sheet.standing(dossier, at=at),
        "step_late": bool(dossier.step and dossier.step.due_at and dossier.step.due_at < at),
        "url": reverse("dossier", args=[dossier.code]),
    }


def search_page(request: HttpRequest, address: str) -> HttpResponse:
    """Finding a dossier among those the post may see, by words, number or code."""
    if request.method == "POST":
        return lookups.answer_lookup(request, name="q")
    words = lookups.lookup_text(request)[:200]
    dossiers = visible(request.actor, Dossier.objects.sent())
    dossiers = search.dossiers_matching(dossiers, words) if words else dossiers.none()
    page = page_of(request, dossiers, key="id", newest_first=True)
    at = timezone.now()
    page.rows = list(sheet.prefetched(Dossier.objects.filter(pk__in=[d.pk for d in page.rows])).order_by("-id"))
    context = {
        "rows": [row_of(dossier, at=at) for dossier in page.rows],
        "page": page,
        "words": words,
        "address": address,
        "subnav": navigation(request),
    }
    return render(request, "dossiers/officer/search.html", context)
