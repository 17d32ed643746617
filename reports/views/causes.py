"""Causes of delay: which step of which agency used how much working time, and lost how much beyond its plan."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import open_to
from reports.causes import SHOWN, step_losses
from reports.durations import working_times
from reports.forecast import overdue_forecast
from reports.unusual import findings
from reports.views.asking import ROLES, read_request
from reports.views.navigation import pages, period_chips


@open_to(*ROLES)
@require_safe
def causes(request: HttpRequest) -> HttpResponse:
    scope, period, form, asked = read_request(request)
    losses = step_losses(asked, agency=scope.agency)
    context = {
        "scope": scope,
        "period": period,
        "form": form,
        "periods": period_chips(period, scope.query),
        "losses": [loss for loss in losses[:SHOWN] if loss.lost],
        "findings": findings(scope, period, asked, losses),
        "forecast": overdue_forecast(scope.population, asked.at),
        "times": working_times(scope.dossiers, asked),
        "subnav": pages(request),
    }
    return render(request, "reports/causes.html", context, status=422 if form.is_bound and form.errors else 200)
