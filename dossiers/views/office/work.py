"""The officer's work list: overdue steps first, narrowed and sorted as asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import StaffPost
from accounts.permissions import open_to
from dossiers.correspondence import messages
from dossiers.models import Dossier
from dossiers.views import sheet
from dossiers.views.lists import COUNTED_AT_MOST, EMPTY, VIEWS, listed, row_of, search_page
from dossiers.views.navigation import items as navigation
from dossiers.views.office import bulk, work_filters
from dossiers.views.paging import Page, page_in_order

Role = StaffPost.Role
_ROLES = (Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK)


@open_to(*_ROLES)
def work(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "mine")
    view = view if view in VIEWS else "mine"
    at = timezone.now()
    whole = listed(request, view)
    page = _page(request, view, work_filters.narrowed(whole, request.GET.dict()))
    asked = messages.asked_of_staff(page.rows)
    rows = [{**row_of(dossier, at=at), "asked": asked.get(dossier.pk)} for dossier in page.rows]
    context = {
        "rows": rows,
        "bulk": bulk.bar(request.actor, rows, view, more=bool(page.next_url or page.previous_url)),
        "page": page,
        "view": view,
        "heads": work_filters.heads(request, view),
        "filters": work_filters.filters(request, whole),
        "sort": request.GET.get("sort", ""),
        "kept": work_filters.kept_query(request),
        "narrowed": work_filters.is_narrowed(request),
        "views": [
            {
                "label": label,
                "url": f"{reverse('work')}?view={name}",
                "current": name == view,
                "count": _count(request, name),
            }
            for name, label in (
                ("mine", _("Việc của tôi")),
                ("opinions", _("Được hỏi ý kiến")),
                ("apologies", _("Thư xin lỗi chờ ký")),
                ("unit", _("Của đơn vị")),
                ("others", _("Đang ở bước khác")),
                ("paused", _("Đang tạm dừng")),
                ("done", _("Đã xong")),
            )
        ],
        "empty": EMPTY[view],
        "subnav": navigation(request),
    }
    return render(request, "dossiers/officer/work.html", context)


@open_to(*_ROLES)
def work_search(request: HttpRequest) -> HttpResponse:
    return search_page(request, reverse("work-search"))


def _page(request: HttpRequest, view: str, dossiers: Any) -> Page:
    page = page_in_order(request, dossiers.select_related("step", "edition"), work_filters.order_of(request, view))
    rows = {d.pk: d for d in sheet.prefetched(Dossier.objects.filter(pk__in=[d.pk for d in page.rows]))}
    page.rows = [rows[d.pk] for d in page.rows]
    return page


def _count(request: HttpRequest, view: str) -> str:
    if view == "done":
        return ""
    n = listed(request, view).order_by()[: COUNTED_AT_MOST + 1].count()
    return str(n) if n <= COUNTED_AT_MOST else f"{COUNTED_AT_MOST}+"
