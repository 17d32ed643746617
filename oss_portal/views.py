"""Health and error pages; below /api/ the same as problem details."""

import sys
from itertools import groupby

from django.contrib import messages
from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.http import require_http_methods

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import PUBLIC, open_to
from accounts.resume_form_after_login import PARAMETER, address_to_go_on
from core.absence import RETRY_SECONDS, database_is_away
from core.plain_requests import API
from core.valkey import Away, attempt, valkey_client
from exchange.errors import unhandled_problem
from oss_portal import go_live


@open_to(PUBLIC)
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"live": True})


@open_to(PUBLIC)
def ready(request: HttpRequest) -> HttpResponse:
    """200 when pages and API can answer, which needs the database, else 503; and whether the broker answers.

    Without the broker everything is taken and done later: a web server taken out of service for it would make that
    worse. Whoever watches the portal looks at `broker`.
    """
    database, broker = _database_answers(), _broker_answers()
    return JsonResponse({"ready": database, "database": database, "broker": broker}, status=200 if database else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    try:
        with attempt():
            return bool(valkey_client().ping())
    except Away:
        return False


@open_to(StaffPost.Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def go_live_checklist(request: HttpRequest) -> HttpResponse:
    """What must still be set before the province goes live; POST tries the connection to the national portal."""
    require_province(request.actor)
    now = timezone.now()
    if request.method == "POST":
        if fault := go_live.try_national(at=now):
            messages.error(request, fault)
        else:
            messages.success(request, _("Cổng quốc gia đã trả lời."))
        return redirect("manage-go-live")
    found = go_live.points(at=now)
    groups = [{"name": name, "points": list(each)} for name, each in groupby(found, key=lambda point: point.group)]
    must = [point for point in found if point.must and not point.done]
    may = [point for point in found if not point.must and not point.done]
    return render(request, "portal/go_live.html", {"groups": groups, "must": len(must), "may": len(may)})


@open_to(PUBLIC)
def about(request: HttpRequest, page: str) -> HttpResponse:
    """Privacy, accessibility and terms of use: `page` names the template."""
    return render(request, f"portal/{page}.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or somebody signed in elsewhere: a fresh token and the way on, nothing lost."""
    rotate_token(request)
    go_on = address_to_go_on(request)
    return render(request, "403_csrf.html", {"go_on": go_on, "kept": f"{PARAMETER}=" in go_on}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return unhandled_problem(request, 400) if _is_api(request) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return unhandled_problem(request, 403) if _is_api(request) else defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return unhandled_problem(request, 404) if _is_api(request) else defaults.page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed. When it is the database that does not answer, this says so without asking it for anything."""
    if _is_api(request):
        return unhandled_problem(request, 500)
    if database_is_away(sys.exc_info()[1]):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return defaults.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)
