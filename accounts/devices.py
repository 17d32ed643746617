"""Browsers on which somebody has signed in before ("device cookies", OWASP): a stranger who types wrong passwords
elsewhere does not lock such a browser out of its own account.

The cookie holds, signed, a number of its own and for each account a stamp that ends with the account's password.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import Account

COOKIE = f"{settings.COOKIE_PREFIX}device"
_SALT = "accounts.devices"
_KEPT = timedelta(days=365)
_MOST_ACCOUNTS = 40  # a counter's computer is shared by many


@dataclass(frozen=True)
class Device:
    uid: str = ""
    stamps: dict[str, str] = field(default_factory=dict)

    def knows(self, account: Account | None) -> bool:
        """Whether this account has signed in here with the password it has now."""
        if account is None:
            return False
        return hmac.compare_digest(self.stamps.get(str(account.pk), ""), _stamp(account))

    @property
    def is_known(self) -> bool:
        return bool(self.uid)


def device_of(request: HttpRequest) -> Device:
    """What the browser's cookie says; an empty one where it has none, or one that is not ours."""
    try:
        read = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_KEPT)
        return Device(str(read["uid"]), dict(read["stamps"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return Device()


def remember_device(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """From now on this browser is one of the account's own."""
    known = device_of(request)
    others = {pk: stamp for pk, stamp in known.stamps.items() if pk != str(account.pk)}
    stamps = dict(list(others.items())[1 - _MOST_ACCOUNTS :]) | {str(account.pk): _stamp(account)}
    made = {"uid": known.uid or secrets.token_urlsafe(12), "stamps": stamps}
    response.set_cookie(
        COOKIE,
        signing.dumps(made, salt=_SALT, compress=True),
        max_age=_KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _stamp(account: Account) -> str:
    secret = f"{settings.SECRET_KEY}:{_SALT}".encode()
    return hmac.new(secret, f"{account.pk}:{account.password}".encode(), hashlib.sha256).hexdigest()[:16]
