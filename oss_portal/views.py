"""Health and error pages."""

import redis
from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render

from accounts.permissions import PUBLIC, open_to
from accounts.resume_form_after_login import PARAMETER, address_to_go_on


@open_to(PUBLIC)
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"live": True})


@open_to(PUBLIC)
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database and broker answer, else 503 with which of them does not."""
    found = {"database": _database_answers(), "broker": _broker_answers()}
    return JsonResponse({"ready": all(found.values()), **found}, status=200 if all(found.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        return False


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or somebody signed in elsewhere: a fresh token and the way on, nothing lost."""
    rotate_token(request)
    go_on = address_to_go_on(request)
    return render(request, "403_csrf.html", {"go_on": go_on, "kept": f"{PARAMETER}=" in go_on}, status=403)
