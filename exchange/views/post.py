"""At a counter: what the public post fetches or brings for a dossier, where it is, and who signed for it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import StaffPost
from accounts.permissions import may, open_to, visible
from core.refusals import Refused
from dossiers.access.openings import record_dossier_look
from dossiers.models import Dossier
from dossiers.search import dossier_by_code
from exchange.connectors.post import orders, transport
from exchange.models import OPEN_ORDERS, PostOrder
from journal.outgoing_calls import CallFailed
from vietnam.working_time import VIETNAM

FIELDS = ("name", "phone", "address")


@open_to(StaffPost.Role.COUNTER)
@require_http_methods(["GET", "HEAD", "POST"])
def dossier_post(request: HttpRequest, code: str) -> HttpResponse:
    """The orders of a dossier with their journey; a new one, or one taken back."""
    dossier = dossier_by_code(visible(request.actor, Dossier.objects.sent()), code)
    if dossier is None:
        raise Http404
    if not may(request.actor, "view_internal", dossier):
        raise PermissionDenied
    refused: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            _do(request, dossier)
            return redirect("dossier-post", dossier.code)
        except Refused as refusal:
            refused = [{"text": str(refusal), "target": refusal.field or ""}]
        except CallFailed:
            refused = [{"text": _("Bưu chính chưa trả lời. Hãy thử lại sau."), "target": ""}]
    record_dossier_look(dossier, by=request.actor, at=timezone.now())
    found = list(dossier.post_orders.all()[:20])
    context = {
        "dossier": dossier,
        "rows": [{"order": order, "journey": _journey(order)} for order in found],
        "kinds": [(kind, PostOrder.Kind(kind).label) for kind in orders.kinds_for(dossier)],
        "open": {order.kind for order in found if order.state in OPEN_ORDERS},
        "configured": transport.is_configured(),
        "typed": {name: request.POST.get(name, "") for name in FIELDS} if refused else _known(dossier),
        "refused": refused,
    }
    return render(request, "exchange/dossier_post.html", context, status=422 if refused else 200)


def _known(dossier: Dossier) -> dict[str, str]:
    address = dossier.return_address or dossier.contact_address
    return {"name": dossier.owner_name, "phone": dossier.contact_phone, "address": address}


def _do(request: HttpRequest, dossier: Dossier) -> None:
    """Raises Refused, CallFailed."""
    now = timezone.now()
    if request.POST.get("do") == "cancel":
        number = request.POST.get("order", "")
        pk = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
        orders.cancel_order(get_object_or_404(dossier.post_orders, pk=pk), by=request.actor, at=now)
        messages.success(request, _("Đã hủy đơn bưu chính."))
        return
    said = {name: request.POST.get(name, "").replace("\x00", "") for name in FIELDS}
    orders.ask_order(dossier, request.POST.get("kind", ""), **said, by=request.actor, at=now)
    messages.success(request, _("Đã đặt bưu chính. Mã bưu gửi hiện ở đây khi bưu chính nhận đơn."))


def _journey(order: PostOrder) -> list[dict[str, Any]]:
    """The post's own lines, newest first; a moment that cannot be read is left out."""
    return [
        {**row, "at": _moment(row.get("at", "")), "text": _state_in_words(row.get("state", ""))}
        for row in reversed(order.journey)
    ]


def _state_in_words(state: str) -> str:
    """Of the journey: ours by its label; one that the mapping did not know by the post's code, said to be that."""
    if not state or state in PostOrder.State.values:
        return str(PostOrder.State(state).label) if state else ""
    learnt = transport.present_mapping()["states"].get(state)
    return str(PostOrder.State(learnt).label) if learnt else _("bưu chính báo “%(state)s”") % {"state": state}


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        return None
