"""Token access of connected systems, and who may call at all."""

import hashlib
import secrets
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.middleware import address_of
from accounts.models import Person, StaffPost
from exchange.models import ConnectedSystem

SCOPES = ("catalogue", "dossiers:read", "dossiers:file", "dossiers:act")


def new_token() -> tuple[str, str]:
    """(token to hand over once, its SHA-256 to keep)."""
    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


class SystemTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>`` of a connected system."""

    def authenticate(self, request: Request) -> tuple[Any, ConnectedSystem] | None:
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        digest = hashlib.sha256(header[1] if len(header) == 2 else b"").hexdigest()
        try:
            system = ConnectedSystem.objects.get(token_sha256=digest, active=True)
        except ConnectedSystem.DoesNotExist:
            raise AuthenticationFailed(_("Mã truy cập không đúng hoặc đã bị thu hồi.")) from None
        if system.post_id is not None:
            system.post = StaffPost.objects.select_related("account", "agency", "desk").get(pk=system.post_id)
        now = timezone.now()
        if system.last_used_at is None or (now - system.last_used_at).total_seconds() > 60:
            ConnectedSystem.objects.filter(pk=system.pk).update(last_used_at=now)
        return SystemUser(system), system

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SystemUser:
    """What DRF calls the user when a system calls."""

    is_authenticated = True
    is_active = True

    def __init__(self, system: ConnectedSystem) -> None:
        self.pk = f"system-{system.pk}"


class IsKnown(BasePermission):
    """Anybody where the view is `public`; else a connected system with the view's scope, or somebody signed in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if getattr(view, "public", False):
            return True
        if isinstance(request.auth, ConnectedSystem):
            return view.scope in request.auth.scopes
        # A password that somebody else knows opens nothing until its holder has chosen another one.
        return bool(request.user and request.user.is_authenticated and not request.user.password_is_initial)


def actor_of(request: Request, *, represents: Person | None = None) -> Actor:
    """The actor of an API call: the system acting as its post (or for a person), or the one signed in."""
    if isinstance(request.auth, ConnectedSystem):
        post: StaffPost | None = request.auth.post
        return Actor(
            post=None if represents else post,
            posts=(post,) if post else (),
            system=request.auth.name,
            scopes=frozenset(request.auth.scopes),
            channel="api",
            address=address_of(request._request),
            represents=represents,
        )
    return request._request.actor
