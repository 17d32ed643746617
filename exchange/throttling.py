"""How often one may call: a connected system by its own name, everybody else by account or address."""

from abc import ABC, abstractmethod
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.middleware import address_of
from accounts.throttling import Event, TooMany, count_events, line
from dossiers.access.tracking import lookups_of
from exchange.authentication import actor_of
from exchange.models import ConnectedSystem


class _Throttle(BaseThrottle, ABC):
    limit = ""  # its name in the setting LIMITS
    seconds = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        who = self.who(request)
        if who is None:
            return True
        try:
            count_events(Event(self.limit, who))
        except TooMany as too_many:
            self.seconds = too_many.seconds
            return False
        return True

    def wait(self) -> float:
        """Seconds until it may be tried again."""
        return float(self.seconds)

    @abstractmethod
    def who(self, request: Request) -> str | None:
        """Whose requests are counted together; None when this limit does not count the request."""


class SystemRateThrottle(_Throttle):
    limit = "api-system"

    def who(self, request: Request) -> str | None:
        return str(request.auth.pk) if isinstance(request.auth, ConnectedSystem) else None


class TrackingThrottle(BaseThrottle):
    """Looking up codes of dossiers counts like doing it on the page."""

    seconds = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            count_events(*lookups_of(actor_of(request)))
        except TooMany as too_many:
            self.seconds = too_many.seconds
            return False
        return True

    def wait(self) -> float:
        return float(self.seconds)


class PublicRateThrottle(_Throttle):
    limit = "api-public"

    def who(self, request: Request) -> str | None:
        if isinstance(request.auth, ConnectedSystem):
            return None
        if request.user and request.user.is_authenticated:
            return f"account:{request.user.pk}"
        return line(address_of(request._request))
