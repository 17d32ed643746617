"""How often one may call: a connected system by its own name, everybody else by account or address."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from exchange.models import ConnectedSystem


class SystemRateThrottle(SimpleRateThrottle):
    scope = "system"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not isinstance(request.auth, ConnectedSystem):
            return None
        return f"throttle:system:{request.auth.pk}"


class PublicRateThrottle(SimpleRateThrottle):
    scope = "public"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if isinstance(request.auth, ConnectedSystem):
            return None
        who = request.user.pk if request.user and request.user.is_authenticated else self.get_ident(request)
        return f"throttle:public:{who}"
