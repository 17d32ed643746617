"""The customer's window: a second window at the counter that shows the code to be scanned, and that the money came.

The counter sends a charge there by one key; the window asks every second or two what it shall show. What it shows is
kept for the post, in the cache: nothing is lost when it goes, the key is pressed again.
"""

from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import open_to
from payments import charges, panels, permissions
from payments.access import CASHIERS
from payments.models import Charge
from payments.providers import registry
from payments.views.payer import charge_for

_KEPT = 15 * 60  # seconds; then the window is empty again


def _key(request: HttpRequest) -> str:
    return f"customer-window:{request.actor.post_id}"


@open_to(*CASHIERS)
@require_POST
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put the charge on the customer's window, with a code to pay it."""
    charge = charge_for(request, uid)
    if not permissions.may_collect(request.actor, charge.owner):
        raise Http404
    at = timezone.now()
    try:
        offer = next((o for o in registry.offered_providers(charge.agency_code, at=at) if o[0].name == "bank"), None)
        if offer is None:
            messages.warning(request, _("Hiện chưa nộp trực tuyến được. Bạn hãy nộp tại quầy một cửa."))
            return redirect("payment", uid=uid)
        charges.request_payment(charge, *offer, at=at)
    except charges.ChargeClosed as closed:
        messages.info(request, str(closed))
    cache.set(_key(request), str(charge.uid), _KEPT)
    return redirect("payment", uid=uid)


@open_to(*CASHIERS)
@require_safe
@never_cache
def window(request: HttpRequest) -> HttpResponse:
    """The window itself; htmx puts what is to be shown into it."""
    return render(request, "payments/money/window.html", _shown(request))


@open_to(*CASHIERS)
@require_safe
@never_cache
def window_state(request: HttpRequest) -> HttpResponse:
    """What the window shows now; 204 while nothing has changed."""
    shown = _shown(request)
    if request.GET.get("seen") == shown["seen"]:
        return HttpResponse(status=204)
    return render(request, "payments/money/window_part.html", shown)


def _shown(request: HttpRequest) -> dict[str, object]:
    uid = cache.get(_key(request))
    charge = Charge.objects.filter(uid=uid).first() if uid else None
    if charge is None or not permissions.may_see_payable(request.actor, charge.owner):
        return {"panel": None, "seen": "empty", "agency": request.actor.post.agency}
    panel = panels.charge_panel(request.actor, charge, at=timezone.now())
    attempt = panel.attempt.reference if panel.attempt else ""
    paid = charge.settled_at is not None
    return {
        "panel": panel,
        "paid": paid,
        "seen": f"{charge.uid}-{paid:d}-{attempt}",
        "agency": request.actor.post.agency,
    }
