"""Open statistics: what anybody may read about the province's work, without data of any person."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, open_to
from reports.cuts import CUTS
from reports.indicators import MEASURES
from reports.open_statistics import COLUMNS, CUTS_OPEN, SHARE, OpenRow, choices, open_table
from vietnam.numbers import format_number
from vietnam.working_time import VIETNAM


@open_to(PUBLIC)
@require_safe
def open_statistics(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    known = choices(at.astimezone(VIETNAM).date())
    asked, cut = request.GET.get("period", known[0].key), request.GET.get("by", "agency")
    period = next((one for one in known if one.key == asked), None)
    if period is None or cut not in CUTS_OPEN:
        raise Http404
    rows, total = open_table(cut, period)
    context = {
        "period": period,
        "columns": [MEASURES[name] for name in COLUMNS],
        "share": SHARE,
        "cut": CUTS[cut],
        "rows": [_shown(row) for row in rows],
        "total_row": {**_shown(total), "name": _("Cộng")},
        "smallest": settings.STATISTICS_SMALLEST,
        "periods": [
            {"label": one.label, "url": f"?{urlencode({'period': one.key, 'by': cut})}", "current": one is period}
            for one in known
        ],
        "cuts": [
            {
                "label": CUTS[key].label,
                "url": f"?{urlencode({'period': period.key, 'by': key})}",
                "current": key == cut,
            }
            for key in CUTS_OPEN
        ],
    }
    return render(request, "reports/open.html", context)


def _shown(row: OpenRow) -> dict[str, Any]:
    cells = [
        {
            "label": MEASURES[name].label,
            "number": "…" if value is None else format_number(value),
            "said": value is not None,
        }
        for name, value in row.values.items()
    ]
    return {"name": row.name, "cells": cells, "share": row.share}
