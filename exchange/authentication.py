"""Token access of connected systems, and who may call at all."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.gates import closed_gate
from accounts.middleware import address_of
from accounts.models import Person
from accounts.permissions import may
from core.refusals import Refused
from dossiers.models import Dossier
from exchange.models import ConnectedSystem
from exchange.systems import actor_of_system, system_of_token


class SystemTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>`` of a connected system."""

    def authenticate(self, request: Request) -> tuple[Any, ConnectedSystem] | None:
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        now = timezone.now()
        try:
            system = system_of_token(header[1] if len(header) == 2 else b"", at=now)
        except Refused as refused:
            raise AuthenticationFailed(str(refused.sentence)) from None
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
            self.message = _(
                "Mã truy cập không có phạm vi “%(scope)s” mà việc này cần. Hãy đổi mã với phạm vi ấy, hoặc nhờ quản "
                "trị viên cấp thêm."
            ) % {"scope": view.scope}
            return view.scope in request.auth.scopes
        return bool(request.user and request.user.is_authenticated and closed_gate(request._request) is None)


def actor_of(request: Request, *, represents: Person | None = None) -> Actor:
    """The actor of an API call: the system, in its post's place or for a person, or the one signed in."""
    if isinstance(request.auth, ConnectedSystem):
        return actor_of_system(request.auth, represents=represents, address=address_of(request._request))
    return request._request.actor


def actor_in(request: Request, dossier: Dossier) -> Actor:
    """Who acts in one dossier that the caller may see: a system without a post acts for the person for whom it filed
    it."""
    actor = actor_of(request)
    if actor.connected_system and actor.post is None and may(actor, "view", dossier):
        return actor_of(request, represents=dossier.filer)
    return actor
