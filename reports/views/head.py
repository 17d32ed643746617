"""The head's page: how the agency or the province is doing, and the list behind each number."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from dossiers.views.lists import numbers
from reports import charts, figures
from reports.cuts import AGENCY
from reports.indicators import MEASURES
from reports.indicators.kinds import Asked
from reports.links import list_url
from reports.periods import Period
from reports.scope import Scope
from reports.trend import Month, Place, months_until, place_among
from reports.views.agencies import province_table
from reports.views.asking import ROLES, read_request
from reports.views.lists import rows_shown, with_letters
from reports.views.navigation import pages, period_chips
from vietnam.numbers import format_number

Role = StaffPost.Role
URGENT_SHOWN = 5
_IN_PERIOD = ("received", "finished", "early", "on_time", "late")
_NOW = ("open", "in_time", "due_soon", "overdue", "paused", "unanswered")
_FEES = ("fees", "fees_noncash")
# Shown only when there is one; most procedures have a limit and most answers come in time.
_RARE = {
    "finished": ("finished_unlimited",),
    "paused": ("open_unlimited", "links_unopened"),
    "unanswered": ("unanswered_late",),
}
COUNTED = (*_IN_PERIOD, *_NOW, *_FEES, *(rare for names in _RARE.values() for rare in names), "missed")
_HURTING = ("overdue", "due_soon")
_TONES = {
    "late": "overdue",
    "overdue": "overdue",
    "unanswered_late": "overdue",
    "links_unopened": "overdue",
    "due_soon": "due-soon",
}
_ICONS = {
    "early": "double-tick",
    "on_time": "tick",
    "late": "bar",
    "in_time": "tick",
    "due_soon": "hourglass",
    "overdue": "bar",
    "paused": "pause",
    "unanswered": "inbox",
    "unanswered_late": "bar",
    "links_unopened": "bar",
}


@open_to(*ROLES)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    scope, period, form, asked = read_request(request)
    table: dict[str, Any] = {}
    if request.actor.role == Role.SUPERVISOR and scope.agency is None:
        by_agency = figures.figures(scope.population, asked, COUNTED, cut=AGENCY)
        counted = figures.summed(by_agency.values(), COUNTED)
        table = province_table(request, period, by_agency)
    else:
        counted = figures.totals(scope.population, asked, COUNTED)
    # What waits for the reader's own act in the lists of work; a supervisor only looks.
    waiting = numbers(request) if request.actor.role != Role.SUPERVISOR else {}
    context = {
        "scope": scope,
        "waiting": waiting.get("mine"),
        "letters": waiting.get("apologies"),
        "period": period,
        # Nobody asked for it: this month has no figures yet.
        "instead": period.key == "last_month" and "period" not in request.GET,
        "form": form,
        "periods": period_chips(period, scope.query),
        "groups": [
            {"title": title, "cards": _cards(names, counted, scope, period), "name": name}
            for name, title, names in (
                ("period", _("Trong kỳ"), _IN_PERIOD),
                ("now", _("Lúc này"), _NOW),
                ("fees", _("Phí, lệ phí trong kỳ"), _FEES),
            )
        ],
        "hurting": [_counted(name, counted, scope, period) for name in _HURTING if counted[name]],
        "meanings": [MEASURES[name] for name in COUNTED],
        "subnav": pages(request),
        **table,
        **_urgent(request, scope, asked, letters=bool(waiting.get("apologies"))),
        "months": [_month_row(month, scope) for month in months_until(scope.population, asked.at)],
        "trend_query": urlencode(scope.query),
        "place": _place(scope, period, asked, counted),
    }
    return render(request, "reports/reports.html", context, status=422 if form.is_bound and form.errors else 200)


@open_to(*ROLES)
@require_safe
def trend(request: HttpRequest, kind: str) -> HttpResponse:
    """The chart of twelve months as SVG or PNG; `phone` is an SVG for a narrow page."""
    scope, _period, _form, asked = read_request(request)
    whose = scope.agency.local_name if scope.agency else _("Toàn tỉnh")
    title = _("Đã giải quyết trong 12 tháng: %(whose)s") % {"whose": whose}
    months = months_until(scope.population, asked.at)
    if kind in ("svg", "phone"):
        drawing = charts.trend_chart(months, title=title) if kind == "svg" else charts.phone_trend_chart(months)
        return HttpResponse(charts.chart_svg(drawing, title=title), content_type="image/svg+xml")
    if kind == "png":
        return HttpResponse(charts.chart_png(charts.trend_chart(months, title=title)), content_type="image/png")
    raise Http404


def _place(scope: Scope, period: Period, asked: Asked, counted: dict[str, int]) -> Place | None:
    if scope.agency is None:
        return None
    return place_among(scope.agency, period, asked.at, own=figures.shares(counted)["on_time_share"])


def _urgent(request: HttpRequest, scope: Scope, asked: Asked, *, letters: bool) -> dict[str, Any]:
    """The dossiers that hurt most: what is overdue and what is due within the warning time, the oldest date first;
    `letters`: whether there are any that wait for a signature."""
    wanted = Q()
    for name in _HURTING:
        wanted |= MEASURES[name].condition(asked)
    pks = scope.dossiers.filter(wanted).order_by("due_at", "pk").values_list("pk", flat=True)
    rows = rows_shown(request, list(pks[:URGENT_SHOWN]), at=asked.at)
    rows = with_letters(request, rows, at=asked.at, waiting=letters)
    return {"urgent": rows, "here": request.get_full_path()}


def _month_row(month: Month, scope: Scope) -> dict[str, Any]:
    names = (("received", month.received), ("early", month.early), ("on_time", month.on_time), ("late", month.late))
    return {
        "label": f"{month.period.first:%m/%Y}",
        "cells": [
            *(
                {
                    "label": MEASURES[name].label,
                    "number": format_number(number),
                    "url": list_url(name, month.period, scope.query) if number else "",
                }
                for name, number in names
            ),
            {
                "label": _("Đúng hạn trên đã giải quyết"),
                "is_share": True,
                "share": month.share,
                "number": "",
                "url": "",
            },
        ],
    }


def _counted(name: str, counted: dict[str, int], scope: Scope, period: Period) -> dict[str, str]:
    """A number with its list, on one line above the dossiers themselves: on a phone the cards are screens below."""
    url = list_url(name, period, scope.query)
    return {"label": str(MEASURES[name].label), "number": format_number(counted[name]), "url": url}


def _cards(names: tuple[str, ...], counted: dict[str, int], scope: Scope, period: Period) -> list[dict[str, Any]]:
    shown: list[str] = []
    for name in names:
        shown.append(name)
        shown += [rare for rare in _RARE.get(name, ()) if counted[rare]]
    shares = figures.shares(counted)
    parts = {}
    if shares["on_time_share"] is not None:
        late = counted["missed"]
        words = _("sớm hoặc đúng hạn; kể cả %(late)s hồ sơ quá hạn chưa xong") % {"late": format_number(late)}
        parts["finished"] = (shares["on_time_share"], words if late else _("sớm hoặc đúng hạn"))
    if shares["noncash"] is not None:
        words = _("số lượt nộp, mục tiêu %(target)s") % {"target": format_number(settings.NONCASH_TARGET) + " %"}
        parts["fees_noncash"] = (shares["noncash"], words)
    return [
        {
            "label": MEASURES[name].label,
            "number": counted[name],
            "url": list_url(name, period, scope.query),
            "tone": _tone(name, counted, shares),
            "icon": _ICONS.get(name, ""),
            "part": parts.get(name),
        }
        for name in shown
    ]


def _tone(name: str, counted: dict[str, int], shares: dict[str, float | None]) -> str:
    if name == "fees_noncash" and (share := shares["noncash"]) is not None:
        return "" if share * 100 >= settings.NONCASH_TARGET else "due-soon"
    return _TONES.get(name, "") if counted[name] else ""
