"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.areas import areas_of
from accounts.locking import lock_minutes
from notices.inbox import unread_count


def portal(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "areas": [
            {"url": url, "label": label, "current": request.path.startswith(url)}
            for url, label in ((reverse(name), label) for name, label in areas_of(actor))
        ]
        if actor is not None
        else [],
        "lock_minutes": lock_minutes(actor) if actor is not None else 0,
        "province_name": _("Tỉnh Bắc Ninh"),
        "unread_notices": _unread(actor),
        "hotline": settings.HOTLINE,
        "contact_email": settings.CONTACT_EMAIL,
        "upload_limit_mb": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024),
        "online_filing_here": settings.ONLINE_FILING == "here",
        "national_portal_url": settings.NATIONAL_PORTAL_URL,
    }


def _unread(actor: Any) -> Any:
    """Counted when a page shows it, so that parts of pages and papers do not ask."""
    if actor is None or actor.account is None:
        return 0
    return SimpleLazyObject(lambda: unread_count(actor.account))
