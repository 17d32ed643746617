"""Where an account is signed in: kept at sign-in, listed for its holder, ended at any time."""

import logging
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account, AccountSession, Identity

log = logging.getLogger("portal.sign_in")
SEEN_EVERY = timedelta(minutes=1)  # how exactly it is kept when a session was last used


@receiver(user_logged_in)
def keep_session(sender: Any, request: HttpRequest, user: Account, **_kw: Any) -> None:
    """Every way of signing in leads here; signing in again in the same browser renews the row."""
    if not request.session.session_key:
        request.session.save()
    now = timezone.now()
    AccountSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "account": user,
            "started_at": now,
            "last_seen_at": now,
            "address": request.META.get("REMOTE_ADDR", "")[:45],
            "device": request.META.get("HTTP_USER_AGENT", "")[:200],
            "method": AccountSession.Method.PASSWORD,
            "identity": None,
            "provider_sid": "",
        },
    )

    end_sessions_beyond(user)
    log.info("signed_in", extra={"account": user.pk})


@receiver(user_login_failed)
def note_failure(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_kw: Any) -> None:
    """A line for every try, without the name that was typed: it may be a number, or the password in the wrong field."""
    log.warning("sign_in_failed")


def end_sessions_beyond(account: Account) -> int:
    """End the sessions of an account above SESSIONS_AT_MOST, those unused for longest first; returns how many."""
    kept = account.sessions.order_by("-last_seen_at", "-pk").values("pk")[: settings.SESSIONS_AT_MOST]
    return end_sessions(account.sessions.exclude(pk__in=kept)) if settings.SESSIONS_AT_MOST else 0


@receiver(user_logged_out)
def forget_session(sender: Any, request: HttpRequest, user: Account | None, **_kw: Any) -> None:
    if request.session.session_key:
        AccountSession.objects.filter(session_key=request.session.session_key).delete()


def note_method(request: HttpRequest, method: str, *, identity: Identity | None = None, provider_sid: str = "") -> None:
    """How the present session was begun."""
    AccountSession.objects.filter(session_key=request.session.session_key).update(
        method=method, identity=identity, provider_sid=provider_sid[:255]
    )


def note_seen(request: HttpRequest, *, at: datetime) -> None:
    """Keep that the session is in use, at most every `SEEN_EVERY`; one statement then, none otherwise.

    A page that renews a part of itself is no sign of life.
    """
    if request.method == "GET" and request.headers.get("HX-Request"):
        return
    seen = request.session.get("seen_at")
    if seen and at - datetime.fromisoformat(seen) < SEEN_EVERY:
        return
    request.session["seen_at"] = at.isoformat()
    AccountSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=at)


def sessions_of(account: Account) -> list[AccountSession]:
    """Those that still open something, newest first; rows of ended ones are cleared away."""
    live, ended = [], []
    for row in account.sessions.all()[:100]:
        (live if _opens_something(row) else ended).append(row)
    if ended:
        AccountSession.objects.filter(pk__in=[row.pk for row in ended]).delete()
    return live


def _opens_something(row: AccountSession) -> bool:
    """Whether Django would still know its account: not expired, and no other password since."""
    request = HttpRequest()
    request.session = _store(row.session_key)
    return get_user(request).pk == row.account_id


def end_sessions(rows: QuerySet[AccountSession]) -> int:
    """Sign out in these places; returns how many."""
    keys = list(rows.values_list("session_key", flat=True))
    for key in keys:
        _store(key).delete()
    AccountSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _store(key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)
