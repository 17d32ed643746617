"""The officer's work list: overdue steps first, narrowed and sorted as asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import StaffPost
from accounts.permissions import open_to
from dossiers.correspondence import messages
from dossiers.views import lists
from dossiers.views.lists import EMPTY, VIEWS, listed, page_in_order, row_of, search_page
from dossiers.views.navigation import items as navigation
from dossiers.views.office import bulk, work_filters

Role = StaffPost.Role
_ROLES = (Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK)


@open_to(*_ROLES)
def work(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "mine")
    view = view if view in VIEWS else "mine"
    at = timezone.now()
    whole = listed(request, view)
    shown = work_filters.narrowed(whole, request.GET.dict())
    page = page_in_order(request, shown, work_filters.order_of(request, view))
    counts = lists.counts(request)
    asked = messages.asked_of_staff(page.rows)
    rows = [{**row_of(dossier, at=at), "asked": asked.get(dossier.pk)} for dossier in page.rows]
    context = {
        "rows": rows,
        "bulk": bulk.bar(request.actor, rows, view, more=bool(page.next_url or page.previous_url)),
        "page": page,
        "view": view,
        "heads": work_filters.heads(request, view),
        "filters": work_filters.filters(request, view, whole),
        "sort": request.GET.get("sort", ""),
        "kept": work_filters.kept_query(request),
        "narrowed": work_filters.is_narrowed(request),
        "views": [
            {
                "label": label,
                "url": f"{reverse('work')}?view={name}",
                "current": name == view,
                "count": counts[name],
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
