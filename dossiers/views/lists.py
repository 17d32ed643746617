"""Lists of dossiers for staff: which dossiers each shows, in which order, and what a row says."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from accounts import lookups
from accounts.models import StaffPost
from accounts.permissions import visible
from dossiers import search
from dossiers.access import involvements
from dossiers.access.relations import STAND_INS
from dossiers.models import (
    CLOSED_STATES,
    WAITING_STATES,
    WORK_KINDS,
    AlertKind,
    DeadlineAlert,
    Dossier,
    Involvement,
    State,
)
from dossiers.views import sheet
from dossiers.views.navigation import items as navigation
from dossiers.views.paging import page_of

# A list names few of them: the agency whose calendar says how much time is left, and desks.
_FEW = ("settling_agency__calendar", "help_desk", "return_desk")
_SHOWN = (
    "code", "revision", "state", "substate", "owner_name", "sort_key", "contact_phone", "return_method",
    "return_address", "filed_at", "answer_due_at", "received_at", "due_at", "finished_at", "fee_amount",
    "fee_settled_at", "settling_agency", "receiving_agency", "help_desk", "return_desk", "edition__title",
    "edition__title_en", "holder__account__full_name", "step__key", "step__act", "step__name", "step__name_en",
    "step__role", "step__position", "step__agency", "step__holder", "step__due_at", "destroyed_at",
)  # fmt: skip
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
    """The dossiers of one of `VIEWS`, as this post sees them, with `listed_at` and `listed_id` to order them by."""
    post = request.actor.post
    kinds = (Involvement.Kind.ASKED,) if view == "opinions" else WORK_KINDS
    dossiers = involvements.listed_for(Dossier.objects.all(), post.agency_id, kinds, _which(post, view, "involved__"))
    if view == "apologies":
        same_date = {"dossier": OuterRef("pk"), "due_at": OuterRef("due_at")}
        noticed = DeadlineAlert.objects.filter(kind=AlertKind.APOLOGY, **same_date)
        return dossiers.filter(Exists(noticed), due_at__gt=timezone.now())
    return dossiers


def _which(post: StaffPost, view: str, of: str = "") -> Q:
    """The involvements of the post's agency that a list is made of. `of`: the way to them."""

    def has(**said: Any) -> Q:
        return Q(**{f"{of}{name}": value for name, value in said.items()})

    if view == "opinions":
        return has(kind=Involvement.Kind.ASKED)
    if view == "apologies":
        return has(state=State.PROCESSING)
    if view == "done":
        return has(state__in=(State.DONE, State.RETURNED))
    if view == "paused":
        return has(state__in=WAITING_STATES) | has(state=State.PROCESSING, suspended=True)
    running = has(state__in=(State.PROCESSING, State.WITHDRAWN))
    roles = [post.role, *(role for role, others in STAND_INS.items() if post.role in others)]
    mine = has(holder=post) | has(holder=None, step_role__in=roles)
    if view == "mine":
        return running & mine
    return running if view == "unit" else running & ~mine


def counts(request: HttpRequest) -> dict[str, str]:
    """How many dossiers stand in each of `VIEWS`, in two statements; what is done grows for ever and is not counted."""
    post = request.actor.post
    of_work = ("mine", "unit", "others", "paused")
    open_ones = Involvement.objects.filter(agency=post.agency_id).exclude(state__in=CLOSED_STATES)
    found = open_ones.aggregate(
        opinions=Count("dossier", filter=_which(post, "opinions")),
        **{
            view: Count("dossier", filter=Q(kind__in=WORK_KINDS) & _which(post, view)) for view in of_work
        },
    )  # fmt: skip
    found["apologies"] = listed(request, "apologies").order_by()[: COUNTED_AT_MOST + 1].count()
    said = {view: str(n) if n <= COUNTED_AT_MOST else f"{COUNTED_AT_MOST}+" for view, n in found.items()}
    return {view: said.get(view, "") for view in VIEWS}


def waiting_for_return(request: HttpRequest) -> Any:
    post = request.actor.post
    waiting = Q(involved__state=State.DONE)
    return involvements.listed_for(Dossier.objects.all(), post.agency_id, (Involvement.Kind.COUNTER,), waiting)


def in_order(dossiers: Any, view: str) -> Any:
    """As the list shows them."""
    return dossiers.order_by("-listed_id") if view == "done" else dossiers.order_by("listed_at", "listed_id")


def rows_read(dossiers: Any) -> Any:
    """With what a row of a list shows and what the actions for many ask, and nothing more: the route, the answers and
    the words to search by are most of a dossier."""
    return dossiers.select_related("step", "edition", "holder__account").only(*_SHOWN).prefetch_related(*_FEW)


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
    page = page_of(request, rows_read(dossiers), key="id", newest_first=True)
    at = timezone.now()
    context = {
        "rows": [row_of(dossier, at=at) for dossier in page.rows],
        "page": page,
        "words": words,
        "address": address,
        "subnav": navigation(request),
    }
    return render(request, "dossiers/officer/search.html", context)
