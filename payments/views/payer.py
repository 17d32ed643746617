"""The page of one charge: what it is made of, how to pay it, and whether the money came.

The same page serves the payer and the counter that turns its screen round; the app above says who may do what.
"""

from io import BytesIO
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import SIGNED_IN, open_to
from payments import charges, inquiry, panels, permissions
from payments.models import Charge, Payment
from payments.providers import registry

_STOP_POLLING = 286  # htmx's own


def charge_for(request: HttpRequest, uid: UUID) -> Charge:
    """The charge, for those who may see its owner; to all others there is none."""
    charge = Charge.objects.filter(uid=uid).first()
    if charge is None or not permissions.may_see_payable(request.actor, charge.owner):
        raise Http404
    return charge


@require_GET
@never_cache
@open_to(SIGNED_IN)
def page(request: HttpRequest, uid: UUID) -> HttpResponse:
    charge = charge_for(request, uid)
    return render(
        request,
        "payments/payment.html",
        {
            "frame": "base/staff.html" if request.actor.is_staff else "base/citizen.html",
            "facts": permissions.describe_payable(request.actor, charge.owner),
            "panel": panels.charge_panel(request.actor, charge, at=timezone.now()),
        },
    )


@require_POST
@open_to(SIGNED_IN)
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin to pay: with a QR code on this page, or on the provider's own page."""
    charge = charge_for(request, uid)
    if not permissions.may_pay(request.actor, charge.owner):
        raise Http404
    at = timezone.now()
    offered = registry.offered_providers(charge.agency_code, at=at)
    wanted = request.POST.get("way", "")
    chosen = next((offer for offer in offered if offer[0].name == wanted), offered[0] if offered else None)
    if chosen is None:
        messages.warning(request, _("Hiện chưa nộp trực tuyến được. Bạn hãy nộp tại quầy một cửa."))
        return _back(charge)
    provider, account = chosen
    try:
        attempt = charges.request_payment(charge, provider, account, at=at)
    except charges.ChargeClosed as closed:
        messages.info(request, str(closed))
        return _back(charge)
    page = provider.pay_page(attempt, address=request.actor.address, language=get_language() or "vi")
    return HttpResponseRedirect(page) if page else _back(charge)


@require_POST
@open_to(SIGNED_IN)
def check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The payer, or an officer for them, says the money was sent: ask the bank now."""
    charge = charge_for(request, uid)
    answered = inquiry.ask_about(charge, at=timezone.now())
    charge.refresh_from_db()
    if charge.settled_at is not None:
        messages.success(request, _("Đã nhận được tiền. Biên lai của bạn đã sẵn sàng."))
    elif not answered:
        messages.warning(
            request,
            _(
                "Ngân hàng chưa trả lời. Nếu tài khoản của bạn đã bị trừ tiền, bạn không phải nộp lại: "
                "hệ thống sẽ tự hỏi lại ngân hàng mỗi phút."
            ),
        )
    else:
        messages.info(
            request,
            _(
                "Ngân hàng chưa ghi nhận khoản tiền này. Việc chuyển tiền thường mất dưới một phút; "
                "bạn hãy chờ rồi kiểm tra lại, đừng chuyển tiền hai lần."
            ),
        )
    return _back(charge)


@require_GET
@never_cache
@open_to(SIGNED_IN)
def state(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Asked by the open page every few seconds: nothing new, or draw the page again."""
    charge = charge_for(request, uid)
    if charges.live_attempt(charge, at=timezone.now()) is not None:
        return HttpResponse(status=204)
    return HttpResponse(status=_STOP_POLLING, headers={"HX-Refresh": "true"})


@require_GET
@never_cache
@open_to(SIGNED_IN)
def qr(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The code as a picture to keep: a phone cannot scan its own screen, but its bank's app opens pictures."""
    charge = charge_for(request, uid)
    attempt = charges.live_attempt(charge, at=timezone.now(), method=Payment.Method.VIETQR)
    if attempt is None:
        messages.info(request, _("Mã QR này đã hết hạn. Bạn hãy lấy mã mới."))
        return _back(charge)
    picture = BytesIO()
    segno.make(attempt.qr_payload, error="m", micro=False).save(picture, kind="png", scale=10, border=4)
    return HttpResponse(
        picture.getvalue(),
        content_type="image/png",
        headers={"Content-Disposition": f'attachment; filename="{attempt.reference}.png"'},
    )


def _back(charge: Charge) -> HttpResponseRedirect:
    return redirect("payment", uid=charge.uid)
