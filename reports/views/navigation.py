"""The pages of the reports, as their readers go from one to another."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import StaffPost
from reports.periods import LABELS, Period


def pages(request: HttpRequest) -> list[dict[str, Any]]:
    links = [
        ("reports", _("Theo dõi")),
        ("reports-today", _("Hôm nay")),
        ("reports-table", _("Bảng số liệu")),
        ("reports-causes", _("Nguyên nhân chậm")),
        ("reports-service-index", _("Chỉ số phục vụ")),
        ("reports-forms", _("Biểu mẫu")),
        ("reports-definitions", _("Định nghĩa chỉ tiêu")),
    ]
    if request.actor.role in (StaffPost.Role.UNIT_HEAD, StaffPost.Role.LEADER):
        links.insert(4, ("reports-people", _("Người và việc")))
    return [{"label": label, "url": reverse(name), "current": request.path == reverse(name)} for name, label in links]


def period_chips(period: Period, query: dict[str, str]) -> list[dict[str, Any]]:
    """The usual periods, and the one shown where it is none of them; `query` is the rest of the address."""
    labels: dict[str, Any] = dict(LABELS)
    if period.key not in labels and period.key != "custom":
        labels[period.key] = period.label
    return [
        {"label": label, "url": f"?{urlencode({**query, 'period': key})}", "current": key == period.key}
        for key, label in labels.items()
    ]


def page_asked(text: str, count: int, shown: int) -> int:
    """The page that an address names, from 0, of `count` rows of which `shown` stand on a page; beyond it the last."""
    last = max(count - 1, 0) // shown
    return min(int(text) - 1, last) if text.isdecimal() and len(text) < 6 and int(text) else 0
