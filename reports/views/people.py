"""The people of an agency and their work, for its heads."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from reports.people import workloads
from reports.views.asking import read_request
from reports.views.navigation import pages, period_chips

Role = StaffPost.Role


@open_to(Role.UNIT_HEAD, Role.LEADER)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    scope, period, form, asked = read_request(request)
    query = {**period.query, "set": "timeliness"}
    table = reverse("reports-table")
    context = {
        "by_unit_url": f"{table}?{urlencode({**query, 'by': 'unit'})}",
        "by_person_url": f"{table}?{urlencode({**query, 'by': 'person'})}",
        "scope": scope,
        "period": period,
        "form": form,
        "periods": period_chips(period, scope.query),
        "workloads": workloads(request.actor.post.agency, asked),
        "subnav": pages(request),
    }
    return render(request, "reports/people.html", context, status=422 if form.is_bound and form.errors else 200)
