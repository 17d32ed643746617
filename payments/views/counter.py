"""Cash and cards at the counter."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import open_to
from payments import charges, permissions, settlement
from payments.accounts import own_accounts
from payments.forms import CardForm, CashForm
from payments.ledger.posting import owed_of
from payments.models import Charge, CollectionAccount
from payments.views.payer import charge_for


@require_http_methods(["GET", "POST"])
@open_to("counter")
def cash(request: HttpRequest, uid: UUID) -> HttpResponse:
    charge = _charge(request, uid)
    owed = owed_of(charge)
    form = CashForm(request.POST if request.method == "POST" else None, amount=owed)
    try:
        charges.require_open(charge)
        if request.method == "POST" and form.is_valid():
            settlement.take_cash(charge, by=request.actor.label, cashier=request.actor.account_id, at=timezone.now())
            messages.success(request, _("Đã thu tiền mặt. Hãy in biên lai cho người nộp."))
            return redirect("payment", uid=charge.uid)
    except charges.ChargeClosed as closed:
        messages.info(request, str(closed))
        return redirect("payment", uid=charge.uid)
    context = {
        "charge": charge,
        "owed": owed,
        "form": form,
        "facts": permissions.describe_payable(request.actor, charge.owner),
    }
    return render(request, "payments/counter/cash.html", context)


@require_http_methods(["GET", "POST"])
@open_to("counter")
def card(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A card at the terminal: the terminal took the money, the cashier enters what it printed."""
    charge = _charge(request, uid)
    terminal = terminal_of(charge)
    if terminal is None:
        raise Http404
    form = CardForm(request.POST or None)
    try:
        charges.require_open(charge)
        if request.method == "POST" and form.is_valid():
            approval = form.cleaned_data["approval"].upper()
            by, cashier = request.actor.label, request.actor.account_id
            settlement.take_card(charge, terminal, approval, by=by, cashier=cashier, at=timezone.now())
            messages.success(request, _("Đã ghi nhận thẻ. Hãy in biên lai cho người nộp."))
            return redirect("payment", uid=charge.uid)
    except charges.ChargeClosed as closed:
        messages.info(request, str(closed))
        return redirect("payment", uid=charge.uid)
    except IntegrityError:
        form.add_error("approval", _("Mã chuẩn chi này đã được ghi hôm nay. Hãy xem lại giấy của máy thẻ."))
    facts = permissions.describe_payable(request.actor, charge.owner)
    context = {"charge": charge, "owed": owed_of(charge), "form": form, "facts": facts, "is_card": True}
    return render(request, "payments/counter/cash.html", context, status=422 if form.errors else 200)


def terminal_of(charge: Charge) -> CollectionAccount | None:
    """The card terminal of the agency that collects, if it has one now."""
    return own_accounts(charge.agency_code, at=timezone.now()).get("pos")


def _charge(request: HttpRequest, uid: UUID) -> Charge:
    charge = charge_for(request, uid)
    if not permissions.may_collect(request.actor, charge.owner):
        raise Http404
    return charge
