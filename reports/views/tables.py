"""Tables of figures that supervisors and heads choose: by what, which indicators, which period."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, open_to
from reports import workbooks
from reports.cuts import CUTS
from reports.indicators import INDICATORS, Measure, formula_of
from reports.indicators.kinds import Unit
from reports.links import list_url
from reports.saved_views import views_for
from reports.tables import DEFAULT_SET, SETS, Row, Table, table_of
from reports.views.asking import ROLES, read_request
from reports.views.navigation import page_asked, pages, period_chips
from vietnam.dates import format_date
from vietnam.numbers import format_number
from vietnam.text import within_sentence

ROWS_SHOWN = 50
_BAD = ("late", "late_original", "overdue", "unanswered_late")


class Choice:
    """What an address asks for, with the table computed for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.scope, self.period, self.form, asked = read_request(request)
        self.set = request.GET.get("set", DEFAULT_SET)
        self.cut = self.scope.cut_asked(request.GET.get("by", "agency")) or CUTS["agency"]
        if self.set not in SETS:
            raise Http404
        self.of_today = request.GET.get("org") == "today"
        self.table: Table = table_of(
            self.scope.population,
            asked,
            SETS[self.set][1],
            self.cut,
            agency=self.scope.agency.pk if self.scope.agency else None,
            of_today=self.of_today,
        )
        sort = request.GET.get("sort", "")
        self.sort = sort if sort.removeprefix("-") in ("name", *self.table.total.values) else ""
        self.table = replace(self.table, rows=self.table.sorted_by(self.sort))

    @property
    def query(self) -> dict[str, str]:
        found = {**self.period.query, **self.scope.query, "set": self.set, "by": self.cut.key}
        if self.of_today:
            found["org"] = "today"
        return {**found, "sort": self.sort} if self.sort else found

    @property
    def address(self) -> str:
        """The part of an address after the question mark."""
        return urlencode(self.query)

    @property
    def title(self) -> str:
        whose = self.scope.agency.local_name if self.scope.agency else _("Toàn tỉnh")
        return f"{SETS[self.set][0]}, {within_sentence(str(self.cut.label))}: {whose}"

    @property
    def days(self) -> str:
        first, last = format_date(self.period.first), format_date(self.period.last)
        return f"{self.period.label}: {first} – {last}"


@open_to(*ROLES)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    chosen = Choice(request)
    rows = chosen.table.rows
    page = page_asked(request.GET.get("page", ""), len(rows), ROWS_SHOWN)
    query = chosen.query

    def without(name: str) -> dict[str, str]:
        return {key: value for key, value in query.items() if key not in (name, "sort")}

    context = {
        "scope": chosen.scope,
        "period": chosen.period,
        "form": chosen.form,
        "kept": {key: value for key, value in query.items() if key not in ("period", "first", "last")},
        "title": chosen.title,
        "days": chosen.days,
        "cut": chosen.cut,
        "columns": chosen.table.columns,
        "rows": [_shown(chosen, row) for row in rows[page * ROWS_SHOWN : (page + 1) * ROWS_SHOWN]],
        "total_row": _shown(chosen, chosen.table.total),
        "periods": period_chips(chosen.period, without("period")),
        "sets": [
            {"label": label, "url": f"?{urlencode({**without('set'), 'set': key})}", "current": key == chosen.set}
            for key, (label, _names) in SETS.items()
        ],
        "cuts": [
            {"label": one.label, "url": f"?{urlencode({**without('by'), 'by': key})}", "current": one is chosen.cut}
            for key, one in chosen.scope.cuts.items()
        ],
        "of_today": chosen.of_today,
        "then_url": f"?{urlencode(without('org'))}",
        "today_url": f"?{urlencode({**without('org'), 'org': 'today'})}",
        "export_url": f"{reverse('reports-table-xlsx')}?{chosen.address}",
        "previous_url": f"?{urlencode({**query, 'page': page})}" if page else "",
        "next_url": f"?{urlencode({**query, 'page': page + 2})}" if (page + 1) * ROWS_SHOWN < len(rows) else "",
        "subnav": pages(request),
        "save_url": f"{reverse('reports-save')}?{chosen.address}",
        "saved": views_for(request.actor).select_related("post__account"),
        "post": request.actor.post,
    }
    return render(request, "reports/table.html", context, status=422 if chosen.form.errors else 200)


@open_to(*ROLES)
@require_safe
def table_xlsx(request: HttpRequest) -> HttpResponse:
    chosen = Choice(request)
    content = workbooks.table_workbook(chosen.table, title=chosen.title, notes=[chosen.days])
    name = f"{chosen.set}-{chosen.cut.key}-{chosen.period.first:%Y%m%d}-{chosen.period.last:%Y%m%d}.xlsx"
    answer = HttpResponse(content, content_type=workbooks.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@open_to(PUBLIC)
@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    rows = [{"indicator": one, "formula": formula_of(one)} for one in INDICATORS.values()]
    # Beside staff also the public reads it: it is what the open statistics mean.
    staff = request.actor.role in ROLES
    return render(request, "reports/definitions.html", {"rows": rows, "subnav": pages(request) if staff else []})


def _shown(chosen: Choice, row: Row) -> dict[str, Any]:
    total = row is chosen.table.total
    cells = []
    for column in chosen.table.columns:
        value = row.values[column.name]
        url = ""
        if isinstance(column, Measure) and value:
            narrowed = {} if total else {"by": chosen.cut.key, "of": ",".join(str(key or "") for key in row.keys)}
            url = list_url(column.name, chosen.period, {**chosen.scope.query, **narrowed})
        cells.append(
            {
                "label": column.label,
                "share": value if column.unit is Unit.SHARE else None,
                "is_share": column.unit is Unit.SHARE,
                "number": "–" if value is None else format_number(value),
                "url": url,
                "heat": chosen.table.heat_of(row, column),
                "bad": bool(value) and column.name in _BAD,
            }
        )
    return {"name": row.name, "cells": cells}
