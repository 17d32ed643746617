"""What each counter took in today, and the communes on a map."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import open_to
from reports.indicators import MEASURES
from reports.links import list_url
from reports.today import Spot, commune_map, intake_today
from reports.views.asking import ROLES, read_request
from reports.views.navigation import page_asked, pages

ROWS_SHOWN = 50
NAMED = 5  # communes beside the map: on a telephone nothing hovers


@open_to(*ROLES)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    scope, period, _form, asked = read_request(request)
    rows = intake_today(scope.dossiers, asked.at)
    page = page_asked(request.GET.get("page", ""), len(rows), ROWS_SHOWN)
    drawn = commune_map(scope.population, asked) if scope.agency is None else None

    def linked(spot: Spot, measure: str) -> str:
        return list_url(measure, period, {"by": "commune", "of": str(spot.territory.pk)})

    context = {
        "scope": scope,
        "at": asked.at,
        "rows": rows[page * ROWS_SHOWN : (page + 1) * ROWS_SHOWN],
        "received": sum(row.received for row in rows),
        "online": sum(row.online for row in rows),
        "waiting": sum(row.waiting for row in rows),
        "map": drawn,
        "spots": [
            {"spot": spot, "open_url": linked(spot, "open"), "overdue_url": linked(spot, "overdue")}
            for spot in (drawn.spots if drawn else [])
        ],
        "worst": [
            {"spot": spot, "overdue_url": linked(spot, "overdue")}
            for spot in sorted(drawn.spots if drawn else [], key=lambda spot: -spot.overdue)[:NAMED]
            if spot.overdue
        ],
        "measures": [MEASURES["open"], MEASURES["overdue"]],
        "table_url": f"{reverse('reports-table')}?{urlencode({'set': 'now', 'by': 'commune', 'sort': '-overdue'})}",
        "previous_url": f"?{urlencode({**scope.query, 'page': page})}" if page else "",
        "next_url": f"?{urlencode({**scope.query, 'page': page + 2})}" if (page + 1) * ROWS_SHOWN < len(rows) else "",
        "subnav": pages(request),
    }
    return render(request, "reports/today.html", context)
