"""How often one may call: a connected system by its own name, everybody else by account or address.

A counter for each minute: its cost does not grow with the number of calls. While Valkey is away each process counts
for itself, and says so in the log: calls are answered, up to the rate in each process.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.middleware import address_of
from core.cache import count
from exchange.models import ConnectedSystem

_KEPT_SECONDS = 120


class _MinuteThrottle(BaseThrottle):
    rate = ""  # name of the rate in the settings, such as "120/min"
    now: datetime

    def allow_request(self, request: Request, view: Any) -> bool:
        who = self.who(request)
        if who is None:
            return True
        self.now = timezone.now()
        key = f"throttle:{self.rate}:{who}:{self.now:%Y%m%d%H%M}"
        return count(key, seconds=_KEPT_SECONDS) <= per_minute(self.rate)

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return 60.0 - self.now.second

    def who(self, request: Request) -> str | None:
        raise NotImplementedError


class SystemRateThrottle(_MinuteThrottle):
    rate = "system"

    def who(self, request: Request) -> str | None:
        return str(request.auth.pk) if isinstance(request.auth, ConnectedSystem) else None


class PublicRateThrottle(_MinuteThrottle):
    rate = "public"

    def who(self, request: Request) -> str | None:
        if isinstance(request.auth, ConnectedSystem):
            return None
        if request.user and request.user.is_authenticated:
            return f"account:{request.user.pk}"
        return address_of(request._request)


def per_minute(rate: str) -> int:
    """Calls a minute of a rate in the settings."""
    rates: Any = settings.REST_FRAMEWORK
    return int(rates["DEFAULT_THROTTLE_RATES"][rate].partition("/")[0])
