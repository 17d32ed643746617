"""Cash at the counter."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import open_to
from payments import charges, permissions, settlement
from payments.forms import CashForm
from payments.views.payer import charge_for


@require_http_methods(["GET", "POST"])
@open_to("counter")
def cash(request: HttpRequest, uid: UUID) -> HttpResponse:
    charge = charge_for(request, uid)
    if not permissions.may_collect(request.actor, charge.owner):
        raise Http404
    form = CashForm(request.POST if request.method == "POST" else None, amount=charge.amount)
    try:
        charges.require_open(charge)
        if request.method == "POST" and form.is_valid():
            settlement.take_cash(charge, by=request.actor.label, cashier=request.actor.account_id, at=timezone.now())
            messages.success(request, _("Đã thu tiền mặt. Hãy in biên lai cho người nộp."))
            return redirect("payment", uid=charge.uid)
    except charges.ChargeClosed as closed:
        messages.info(request, str(closed))
        return redirect("payment", uid=charge.uid)
    facts = permissions.describe_payable(request.actor, charge.owner)
    return render(request, "payments/counter/cash.html", {"charge": charge, "form": form, "facts": facts})
