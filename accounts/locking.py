"""A session at a shared counter: locked by hand or after a while, opened again by a PIN; at its end signed out.

A PIN opens only the session of its owner in that one browser, five tries at most; it never signs anybody in.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Account, StaffPost
from core.refusals import Refused
from journal import audit_log

TRIES = 5
PIN_DIGITS = 6
_LOCKED, _TRIES, _BEGAN = "locked", "unlock_tries", "began_at"


def lock_session(request: HttpRequest) -> None:
    request.session[_LOCKED] = True


def unlock_session(request: HttpRequest, typed: str) -> bool:
    """Whether the PIN (or the password) was the owner's; counts the tries."""
    account: Account = request.actor.account
    right = any(check_password(typed, kept) for kept in (account.pin, account.password) if kept)
    if right:
        request.session.pop(_LOCKED, None)
        request.session.pop(_TRIES, None)
    else:
        request.session[_TRIES] = tries_used(request) + 1
    return right


def tries_used(request: HttpRequest) -> int:
    return int(request.session.get(_TRIES, 0))


def is_locked(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the session was locked, or has been left alone for as long as its role may leave it."""
    if request.session.get(_LOCKED):
        return True
    minutes = lock_minutes(request.actor)
    seen = request.session.get("seen_at")
    if not minutes or not seen or at - datetime.fromisoformat(seen) <= timedelta(minutes=minutes):
        return False
    lock_session(request)
    return True


def lock_minutes(actor: Actor) -> int:
    """After how many minutes without a sign of life a session locks; 0 for never."""
    if not actor.is_staff:
        return 0
    return settings.DESK_LOCK_MINUTES if actor.role == StaffPost.Role.COUNTER else settings.STAFF_LOCK_MINUTES


def is_over(request: HttpRequest, *, at: datetime) -> bool:
    """Whether a session of staff has lasted its longest, however much it was used."""
    actor = request.actor
    if not actor.is_staff:
        return False
    began = request.session.setdefault(_BEGAN, at.isoformat())
    hours = settings.DESK_SESSION_HOURS if actor.role == StaffPost.Role.COUNTER else settings.STAFF_SESSION_HOURS
    return bool(hours) and at - datetime.fromisoformat(began) > timedelta(hours=hours)


_DIGITS = _("Mã PIN gồm đúng 6 chữ số.")
_EASY = _("Mã PIN này quá dễ đoán. Hãy chọn dãy số khác, không lặp và không liên tiếp.")


def pin_fault(pin: str) -> str | Promise | None:
    """Why a PIN is none; None when it is good."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        return _DIGITS
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    return _EASY if len(steps) == 1 or len(set(pin)) < 3 else None


def set_pin(account: Account, pin: str, *, by: Actor) -> None:
    """Raises Refused."""
    if fault := pin_fault(pin):
        raise Refused("bad_pin", fault, field="pin")
    account.pin = make_password(pin)
    account.save(update_fields=["pin"])
    audit_log.record_entry(
        "pin_set",
        f"account:{account.pk}",
        by=by,
    )
